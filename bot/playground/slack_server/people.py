"""What people do: write, react, come and go, run commands, press buttons."""

import re

from . import interactions
from .changes import Changes
from .delivery import Attempt, Delivery
from .errors import ApiError, Json
from .responses import Reach, Responses
from .story import Story
from .triggers import Triggers
from .world import Ephemeral, View, World

_Seen = tuple[str, list[Json], Json | Ephemeral]
_NAME = re.compile(r"(?<![\w<@#])([@#])([\w.\-]*\w)")


class People:
    """The verbs. Messages, reactions and memberships return at once, their events travel in the background
    (`SlackServer.settled` waits for them); commands, clicks and submissions wait for the app to acknowledge,
    as the person does. Channels are named by id or `#name`, people by id. What Slack would refuse raises
    ApiError."""

    def __init__(
        self,
        world: World,
        story: Story,
        delivery: Delivery,
        responses: Responses,
        triggers: Triggers,
        changes: Changes,
    ) -> None:
        self.world = world
        self.story = story
        self._delivery = delivery
        self._responses = responses
        self._triggers = triggers
        self._changes = changes

    # -- messages

    async def say(
        self, user: str, channel: str, text: str, thread_ts: str | None = None, *, broadcast: bool = False
    ) -> Json:
        """Write in a channel or, with `thread_ts`, in a thread; `text` as Slack stores it (see `compose`).
        Returns a copy of the message. Naming the app sends app_mention as well."""
        where = self._joined(user, channel)
        more = {"subtype": "thread_broadcast"} if broadcast and thread_ts else {}
        client_id = self.world.ticker.id("client-")
        message = self.story.post(where, user, text, thread_ts, client_msg_id=client_id, **more)
        if f"<@{self.world.me.bot_user}" in text and self.world.kind(where) != "im":
            self.story.mention(where, message)
        self._changes.notify()
        return message

    async def reply(self, user: str, channel: str, thread_ts: str, text: str) -> Json:
        """Write in a thread."""
        return await self.say(user, channel, text, thread_ts)

    async def mention(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Json:
        """Write to the app, which gets app_mention beside the message."""
        return await self.say(user, channel, f"<@{self.world.me.bot_user}> {text}", thread_ts)

    async def edit(self, user: str, channel: str, ts: str, text: str) -> Json:
        """Change an own message; returns a copy as it is now."""
        where = self._joined(user, channel)
        if self.world.message(where, ts)["user"] != user:
            raise ApiError("cant_update_message")
        message = self.story.edit(where, ts, user, {"text": text})
        self._changes.notify()
        return message

    async def delete(self, user: str, channel: str, ts: str) -> None:
        """Delete a message, also somebody else's as a moderator. A root with replies leaves a tombstone."""
        self.story.remove(self._joined(user, channel), ts)
        self._changes.notify()

    async def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """`name` without colons; `thumbsup::skin-tone-2` stands beside other tones of the same person."""
        self.story.react(self._joined(user, channel), ts, user, name)
        self._changes.notify()

    async def unreact(self, user: str, channel: str, ts: str, name: str) -> None:
        self.story.unreact(self._joined(user, channel), ts, user, name)
        self._changes.notify()

    # -- coming and going

    async def join(self, user: str, channel: str, inviter: str | None = None) -> None:
        self.story.join(self.world.place(channel)["id"], user, inviter)
        self._changes.notify()

    async def leave(self, user: str, channel: str) -> None:
        self.story.leave(self.world.place(channel)["id"], user)
        self._changes.notify()

    async def join_huddle(self, user: str, call: str, channel: str | None = None) -> None:
        """Enter a huddle, which is made by the first who comes: in a channel, which then has a message of Slack's own,
        or (without one) in a conversation that the app does not see."""
        self.story.join_huddle(user, call, None if channel is None else self.world.place(channel)["id"])
        self._changes.notify()

    async def leave_huddle(self, user: str) -> None:
        self.story.leave_huddle(user)
        self._changes.notify()

    async def team_join(self, user: str, name: str) -> None:
        """Somebody new in the workspace; in no channel yet."""
        self.world.add_user(user, name)
        self.story.team_join(user)
        self._changes.notify()

    async def open_home(self, user: str) -> None:
        """Open the app's Home tab; `homes[user]` shows what the app published."""
        self.story.open_home(user)
        self._changes.notify()

    # -- commands, buttons, forms

    async def slash(self, user: str, channel: str, command: str, text: str = "") -> Attempt:
        """Run a slash command (`/name`). What the acknowledgement says becomes an ephemeral message."""
        where: str = self._place(user, channel)
        url = self._responses.url(where, user)
        payload = interactions.command(self.world, user, where, command, text)
        payload |= {"response_url": url, "trigger_id": self._triggers.make(user)}
        attempt = await self._delivery.interact("slash_commands", payload)
        self._answered(attempt, Reach(where, user, self.world.ticker.seconds()))
        return attempt

    def _answered(self, attempt: Attempt, reach: Reach) -> None:
        answer = {"text": attempt.answer} if isinstance(attempt.answer, str) else attempt.answer
        if attempt.ok and answer and (answer.get("text") or answer.get("blocks")):
            self._responses.respond(reach, answer)
            self._changes.notify()

    async def shortcut(self, user: str, callback_id: str, channel: str, ts: str) -> Attempt:
        """Choose one of the app's entries from the menu of a message."""
        where = self._joined(user, channel)
        payload = interactions.shortcut(self.world, user, where, callback_id, self.world.message(where, ts))
        url = self._responses.url(where, user)
        payload |= {"response_url": url, "trigger_id": self._triggers.make(user)}
        return await self._delivery.interact("interactive", payload)

    async def click(
        self,
        user: str,
        action_id: str,
        channel: str | None = None,
        ts: str | None = None,
        *,
        value: str | None = None,
    ) -> Attempt:
        """Press a button, or choose `value` from a menu. With `channel`: of the message or ephemeral `ts`,
        else of the latest one there that has it; without: of the open modal or the Home tab."""
        if channel is None:
            return await self._click_view(user, action_id, value)
        where = self._place(user, channel)
        shown, control = self._shown(user, where, action_id, ts, value)
        payload = interactions.action(self.world, user, control, value)
        payload |= {"trigger_id": self._triggers.make(user), **self._context(user, where, shown)}
        return await self._delivery.interact("interactive", payload)

    def _shown(
        self, user: str, channel: str, action_id: str, ts: str | None, value: str | None
    ) -> tuple[Json | Ephemeral, interactions.Control]:
        """The latest thing in the channel that `user` sees and that has the control."""
        whispers: list[_Seen] = [(e.ts, e.blocks, e) for e in self.ephemerals_for(user) if e.channel == channel]
        messages: list[_Seen] = [(m["ts"], m.get("blocks") or [], m) for m in self.world.messages[channel]]
        for at, blocks, thing in sorted([*whispers, *messages], key=lambda seen: seen[0], reverse=True):
            control = interactions.find(blocks, action_id, value)
            if control is not None and ts in (None, at):
                return thing, control
        raise ApiError("no_such_button")

    def _context(self, user: str, channel: str, shown: Json | Ephemeral) -> Json:
        if isinstance(shown, Ephemeral):
            thread = shown.thread_ts
            url = self._responses.url(channel, user, original=shown.ts, ephemeral=True, thread_ts=thread)
            return {**interactions.on_ephemeral(self.world, channel, shown.ts, thread), "response_url": url}
        url = self._responses.url(channel, user, original=shown["ts"], thread_ts=shown.get("thread_ts"))
        return {**interactions.on_message(self.world, channel, shown), "response_url": url}

    async def _click_view(self, user: str, action_id: str, value: str | None) -> Attempt:
        home = self.world.homes.get(user)
        for view in [*reversed(self.world.modals.get(user, [])), *([home] if home else [])]:
            control = interactions.find(view.body["blocks"], action_id, value)
            if control is not None:
                payload = interactions.action(self.world, user, control, value) | interactions.on_view(view)
                payload["trigger_id"] = self._triggers.make(user)
                return await self._delivery.interact("interactive", payload)
        raise ApiError("no_such_button")

    async def submit(self, user: str, values: Json) -> Attempt:
        """Send the open modal with `{block_id: {action_id: value}}`. It closes unless the app answers with
        errors, which are in the attempt's answer."""
        view = self._modal(user)
        payload = interactions.submission(self.world, view, values)
        payload["trigger_id"] = self._triggers.make(user)
        attempt = await self._delivery.interact("interactive", payload)
        if attempt.ok:
            self._after_submit(view, attempt.answer or {})
        return attempt

    def _after_submit(self, view: View, answer: Json) -> None:
        stack = self.world.modals[view.user]
        match answer.get("response_action"):
            case "errors":
                return
            case "update":
                view.body |= answer["view"]
            case "push":
                stack.append(View(view.user, {**view.body, **answer["view"], "id": self.world.ticker.id("V")}))
            case "clear":
                stack.clear()
            case _:
                stack.remove(view)
        self._changes.notify()

    async def close_modal(self, user: str) -> Attempt | None:
        """Cancel the open modal; the app hears of it when it asked to."""
        view = self._modal(user)
        self.world.modals[user].remove(view)
        self._changes.notify()
        if not view.body.get("notify_on_close"):
            return None
        return await self._delivery.interact("interactive", interactions.closing(self.world, view))

    # -- reading

    def ephemerals_for(self, user: str) -> list[Ephemeral]:
        """What only `user` sees, oldest first."""
        return [e for e in self.world.ephemerals if e.user == user]

    def compose(self, typed: str) -> str:
        """What a person typed, as Slack stores it: `&`, `<`, `>` escaped, @names and #channels linked."""
        text = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return _NAME.sub(self._link, text)

    def _link(self, found: re.Match[str]) -> str:
        sign, name = found.groups()
        things = self.world.users if sign == "@" else self.world.channels
        for which, thing in things.items():
            if thing["name"] == name:
                return f"<{sign}{which}|{name}>" if sign == "#" else f"<@{which}>"
        return found.group()

    def _modal(self, user: str) -> View:
        stack = self.world.modals.get(user)
        if not stack:
            raise ApiError("no_open_modal")
        return stack[-1]

    def _place(self, user: str, channel: str) -> str:
        """The channel meant; the app's own id is the conversation with it."""
        if channel == self.world.me.bot_user:
            return self.world.direct(user)
        where: str = self.world.place(channel)["id"]
        return where

    def _joined(self, user: str, channel: str) -> str:
        where = self._place(user, channel)
        if user not in self.world.members[where]:
            raise ApiError("not_in_channel")
        return where
