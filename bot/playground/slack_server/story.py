"""Things that happen: each changes the world and tells the app, whoever did it, a person or the app."""

from collections.abc import Callable
from copy import deepcopy

from . import events, shapes
from .errors import Json
from .identity import SLACKBOT
from .world import World


class Story:
    """The bot hears only of channels it is in, as on the real Slack."""

    def __init__(self, world: World, emit: Callable[[Json], None]) -> None:
        self._world = world
        self._emit = emit

    def _tell(self, channel: str, event: Json) -> None:
        if self._world.bot_in(channel):
            self._emit(event)

    def post(self, channel: str, user: str, text: str, thread_ts: str | None = None, **more: object) -> Json:
        """A new message; returns a copy of it."""
        message = self._world.store(channel, user, text, thread_ts, **more)
        if message.get("subtype") == "thread_broadcast":
            message["root"] = self._root(channel, message["thread_ts"])
        self._tell(channel, events.posted(self._world, channel, message))
        return deepcopy(message)

    def _root(self, channel: str, ts: str) -> Json:
        return shapes.pick(self._world.message(channel, ts), "type text ts thread_ts reply_count latest_reply")

    def post_as_bot(self, channel: str, text: str, thread_ts: str | None = None, **more: object) -> Json:
        """A message of the app; Slack echoes it back as an event."""
        me = self._world.me
        own = {"bot_id": me.bot_id, "app_id": me.app_id, "bot_profile": shapes.bot_profile(me)}
        return self.post(channel, me.bot_user, text, thread_ts, **own, **more)

    def edit(self, channel: str, ts: str, user: str, change: Json) -> Json:
        before = self._world.edit(channel, ts, user, change)
        message = self._world.message(channel, ts)
        self._tell(channel, events.changed(self._world, channel, message, before))
        return deepcopy(message)

    def remove(self, channel: str, ts: str) -> None:
        """Slack tells a deleted root that has replies as `message_changed` with a tombstone, all else as
        `message_deleted`."""
        before, tombstone = self._world.remove(channel, ts)
        if tombstone is None:
            self._tell(channel, events.deleted(self._world, channel, before))
        else:
            self._tell(channel, events.changed(self._world, channel, tombstone, before))

    def react(self, channel: str, ts: str, user: str, name: str) -> None:
        message = self._world.react(channel, ts, user, name)
        self._tell(channel, events.reaction(self._world, "reaction_added", channel, message, user, name))

    def unreact(self, channel: str, ts: str, user: str, name: str) -> None:
        message = self._world.unreact(channel, ts, user, name)
        self._tell(channel, events.reaction(self._world, "reaction_removed", channel, message, user, name))

    def join(self, channel: str, user: str, inviter: str | None = None) -> None:
        """Nothing when already a member; else Slack also posts a line that says so."""
        members = self._world.members[channel]
        if user in members:
            return
        members.append(user)
        self._tell(channel, events.membership(self._world, "member_joined_channel", channel, user, inviter))
        more = {"inviter": inviter} if inviter else {}
        self.post(channel, user, f"<@{user}> has joined the channel", subtype="channel_join", **more)

    def leave(self, channel: str, user: str) -> None:
        members = self._world.members[channel]
        if user not in members:
            return
        self._tell(channel, events.membership(self._world, "member_left_channel", channel, user))
        members.remove(user)

    def mention(self, channel: str, message: Json) -> None:
        """The second event about a message that names the app."""
        self._tell(channel, events.mention(channel, message))

    # -- the workspace

    def team_join(self, user: str) -> None:
        self._emit({"type": "team_join", "user": deepcopy(self._world.users[user])})

    def join_huddle(self, user: str, call: str, channel: str | None) -> None:
        """Slack tells it twice, as user_change too, and does not name the channel there."""
        is_new = all(call != c for c in self._world.huddles.values())
        self._world.huddles[user] = call
        if is_new and channel is not None:
            room = {"id": call, "channels": [channel], "created_by": user, "is_dm_call": False}
            self.post(channel, SLACKBOT, "", subtype="huddle_thread", room=room)
        self._tell_huddle(user, "in_a_huddle", call)

    def leave_huddle(self, user: str) -> None:
        self._tell_huddle(user, "default_unset", self._world.huddles.pop(user))

    def _tell_huddle(self, user: str, state: str, call: str) -> None:
        self._world.users[user]["profile"] |= {"huddle_state": state, "huddle_state_expiration_ts": 0}
        for event in events.huddle(self._world, user, call):
            self._emit(event)

    def open_home(self, user: str) -> None:
        self._emit(events.home_opened(self._world, user))

    def create_group(self, handle: str, name: str) -> Json:
        group = self._world.usergroups[self._world.add_usergroup(handle, name)]
        self._emit(events.group_changed(self._world, "subteam_created", group))
        return group

    def switch_group(self, group: Json, *, on: bool) -> None:
        now = int(self._world.ticker.seconds())
        group |= {"date_delete": 0 if on else now, "date_update": now}
        self._emit(events.group_changed(self._world, "subteam_updated", group))

    def set_group_members(self, group: Json, users: list[str]) -> None:
        before = group["users"]
        group["users"] = list(dict.fromkeys(users))
        event = events.group_members(self._world, group, before)
        group["date_update"] = event["date_update"]
        self._emit(event)
