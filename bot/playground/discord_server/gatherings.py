"""Voice channels, scheduled events and polls: what people do there, and what the bot may ask about it."""

from __future__ import annotations

import datetime as dt

from bot.playground.discord_server import shapes
from bot.playground.discord_server.call import Call, Route
from bot.playground.discord_server.chat import Chat
from bot.playground.discord_server.posts import Post
from bot.playground.discord_server.rights import Rights
from bot.playground.discord_server.wire import Answer, ChannelType, Json, invalid_form, unknown
from bot.playground.discord_server.world import World

SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4  # states of an event
_MOST = 100


class Gatherings:
    """More verbs of people, beside those of People. Ids are strings."""

    world: World
    chat: Chat

    # -- voice --------------------------------------------------------------------------------------------

    async def join_voice(self, channel: str, user: str, *, deaf: bool = False) -> None:
        """Enters a voice or stage channel, or moves there; `deaf`: hears nobody."""
        guild = self.world.channel(channel)["guild_id"]
        state = shapes.voice_state(channel, user, f"voice-{user}", deaf=deaf)
        self._set_voice(guild, user, state)

    async def leave_voice(self, guild: str, user: str) -> None:
        """Hangs up."""
        self._set_voice(guild, user, {**self._voice(guild, user), "channel_id": None})

    async def set_deaf(self, guild: str, user: str, *, deaf: bool) -> None:
        """Switches the own headphones off or on."""
        self._set_voice(guild, user, {**self._voice(guild, user), "self_deaf": deaf})

    def _set_voice(self, guild: str, user: str, state: Json) -> None:
        states: list[Json] = self.world.guild(guild)["voice_states"]
        states[:] = [s for s in states if s["user_id"] != user]
        if state["channel_id"] is not None:
            states.append(state)
        told = {**state, "guild_id": guild, "member": self.world.member(guild, user)}
        self.world.emit("VOICE_STATE_UPDATE", told)

    def _voice(self, guild: str, user: str) -> Json:
        found = next((s for s in self.world.guild(guild)["voice_states"] if s["user_id"] == user), None)
        if found is None:
            raise LookupError(f"{self.world.users[user]['username']} is in no voice channel")
        return dict(found)

    # -- scheduled events ---------------------------------------------------------------------------------

    async def plan_event(self, channel: str, user: str, name: str, starts: float | None = None) -> str:
        """Plans an event in a voice or stage channel, for Unix second `starts` (else now); returns its id."""
        place, ids = self.world.channel(channel), self.world.ids
        at = dt.datetime.fromtimestamp(ids.clock() if starts is None else starts, dt.UTC).isoformat()
        kind = shapes.STAGE_EVENT if place["type"] == ChannelType.STAGE else shapes.VOICE_EVENT
        event = shapes.scheduled_event(ids.next(), place["guild_id"], name, kind, creator=user, starts=at)
        event["channel_id"] = channel
        return self._plan(event)

    async def plan_elsewhere(self, guild: str, user: str, name: str, where: str) -> str:
        """Plans an event outside of Discord; returns its id."""
        at = self.world.ids.now()
        kind = shapes.EXTERNAL_EVENT
        event = shapes.scheduled_event(self.world.ids.next(), guild, name, kind, creator=user, starts=at)
        return self._plan({**event, "scheduled_end_time": at, "entity_metadata": {"location": where}})

    def _plan(self, event: Json) -> str:
        self.world.guild(event["guild_id"])["guild_scheduled_events"].append(event)
        self.world.emit("GUILD_SCHEDULED_EVENT_CREATE", event)
        return str(event["id"])

    async def start_event(self, guild: str, event: str) -> None:
        """Starts it."""
        self._set_status(guild, event, ACTIVE)

    async def end_event(self, guild: str, event: str) -> None:
        """Ends it."""
        self._set_status(guild, event, COMPLETED)

    async def delete_event(self, guild: str, event: str) -> None:
        """Takes it out of the list."""
        found = self._event(guild, event)
        self.world.guild(guild)["guild_scheduled_events"].remove(found)
        self.world.emit("GUILD_SCHEDULED_EVENT_DELETE", found)

    def _set_status(self, guild: str, event: str, status: int) -> None:
        found = self._event(guild, event)
        found["status"] = status
        self.world.emit("GUILD_SCHEDULED_EVENT_UPDATE", dict(found))

    def _event(self, guild: str, event: str) -> Json:
        found = next((e for e in self.world.guild(guild)["guild_scheduled_events"] if e["id"] == event), None)
        if found is None:
            raise LookupError(f"there is no event {event}")
        event_found: Json = found
        return event_found

    # -- polls --------------------------------------------------------------------------------------------

    async def ask(self, channel: str, user: str, question: str, *answers: str, multiple: bool = False) -> str:
        """Posts a poll that is open for a day; returns the message's id. Answers are numbered from 1."""
        ends = dt.datetime.fromtimestamp(self.world.ids.clock() + 86_400, dt.UTC).isoformat()
        poll = shapes.poll(question, answers, ends, multiple=multiple)
        return self.chat.post(channel, user, "", poll=poll).id

    async def vote(self, channel: str, user: str, message: str, answer: int) -> None:
        """Chooses an answer; where only one is allowed, the other goes."""
        post = self.chat.find(channel, message)
        if not post.body["poll"]["allow_multiselect"]:
            for other in [n for n, users in post.voters.items() if user in users and n != answer]:
                await self.unvote(channel, user, message, other)
        if user not in post.voters.setdefault(answer, []):
            post.voters[answer].append(user)
            self._voted("MESSAGE_POLL_VOTE_ADD", channel, user, post, answer)

    async def unvote(self, channel: str, user: str, message: str, answer: int) -> None:
        """Takes an answer back."""
        post = self.chat.find(channel, message)
        post.voters[answer].remove(user)
        self._voted("MESSAGE_POLL_VOTE_REMOVE", channel, user, post, answer)

    def _voted(self, event: str, channel: str, user: str, post: Post, answer: int) -> None:
        counts = [{"id": n, "count": len(users), "me_voted": False} for n, users in sorted(post.voters.items())]
        post.body["poll"]["results"]["answer_counts"] = counts
        said = {"user_id": user, "channel_id": channel, "message_id": post.id, "answer_id": answer}
        self.world.emit(event, {**said, "guild_id": self.world.guild_of(channel)})


class GatheringRoutes(Rights):
    """What the bot may ask."""

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("GET", "/channels/{channel_id}/polls/{message_id}/answers/{answer_id}", self.voters),
            Route("GET", "/guilds/{guild_id}/voice-states/{user_id}", self.voice_state),
        ]

    def voters(self, call: Call) -> Answer:
        """Who chose one answer of a poll, by ascending id."""
        post, answer = self._post(call), int(call.params["answer_id"])
        known = [a["answer_id"] for a in post.body.get("poll", {}).get("answers", [])]
        if answer not in known:
            raise invalid_form("answer_id", "POLL_ANSWER_UNKNOWN", "Unknown answer")
        after = int(call.query.get("after", 0))
        users = sorted((u for u in post.voters.get(answer, []) if int(u) > after), key=int)
        return {"users": [self.world.users[u] for u in users[: call.number("limit", 25, most=_MOST)]]}

    def voice_state(self, call: Call) -> Answer:
        """Where somebody is; 404 for who is in no voice channel."""
        guild, user = call.params["guild_id"], call.params["user_id"]
        for state in self.world.guild(guild)["voice_states"]:
            if state["user_id"] == user:
                return {**state, "guild_id": guild, "member": self.world.member(guild, user)}
        raise unknown("Voice State")
