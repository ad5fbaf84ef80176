"""The state of the workspace: people, channels, messages, groups, views. No network, no events."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from . import shapes
from .clock import Ticker
from .errors import ApiError, Json
from .identity import SLACKBOT, Identity
from .uploads import Uploads


@dataclass(slots=True)
class Ephemeral:
    """A message only one person sees; gone for them after a reload of the real Slack."""

    user: str
    channel: str
    ts: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None


@dataclass(slots=True)
class View:
    """A modal or Home tab and the person it is shown to."""

    user: str
    body: Json


class World:
    """Everything that exists in the workspace. All of it may be read; the verbs and the API change it."""

    def __init__(self, me: Identity, clock: Callable[[], float]) -> None:
        self.me = me
        self.ticker = Ticker(clock)
        self.users: dict[str, Json] = {}
        self.channels: dict[str, Json] = {}
        self.members: dict[str, list[str]] = {}
        self.messages: dict[str, list[Json]] = {}
        self.ephemerals: list[Ephemeral] = []
        self.homes: dict[str, View] = {}
        self.modals: dict[str, list[View]] = {}
        self.usergroups: dict[str, Json] = {}
        self.huddles: dict[str, str] = {}  # who is in which call
        self.files = Uploads()
        self.add_user(me.bot_user, me.bot_name, is_bot=True)

    # -- people and places

    def add_user(self, who: str, name: str, *, is_bot: bool = False, **over: object) -> str:
        self.users[who] = shapes.person(who, name, self.me.team_id, is_bot=is_bot) | over
        return who

    def add_channel(
        self,
        where: str,
        name: str,
        members: Iterable[str],
        *,
        is_private: bool = False,
        with_bot: bool = True,
    ) -> str:
        kind = "group" if is_private else "channel"
        return self._place(where, name, [*([self.me.bot_user] if with_bot else []), *members], kind)

    def _place(self, where: str, name: str, members: list[str], kind: str) -> str:
        created = int(self.ticker.seconds())
        creator = members[0] if members else self.me.bot_user
        self.channels[where] = shapes.channel(where, name, self.me.team_id, creator, created, kind=kind)
        self.members[where] = list(dict.fromkeys(members))
        self.messages[where] = []
        return where

    def add_usergroup(self, handle: str, name: str, *, by: str | None = None) -> str:
        """A new, empty user group; returns its id. Raises when the handle is taken."""
        if any(g["handle"] == handle for g in self.usergroups.values()):
            raise ApiError("handle_already_exists")
        which = self.ticker.id("S")
        at = int(self.ticker.seconds())
        maker = by or self.me.bot_user
        self.usergroups[which] = shapes.group(which, handle, name, self.me.team_id, maker, at)
        return which

    def direct(self, user: str) -> str:
        """The channel id of the conversation between `user` and the bot, made when it is first needed."""
        if user not in self.users:
            raise ApiError("user_not_found")
        where = "D" + user[1:]
        if where not in self.channels:
            self._place(where, "", [self.me.bot_user, user], "im")
            self.channels[where]["user"] = user
        return where

    def place(self, ref: str) -> Json:
        """The channel behind an id, a `#name` or a person's id. Raises `channel_not_found`."""
        if ref in self.users:
            ref = self.direct(ref)
        named = next((c for c in self.channels.values() if ref.startswith("#") and c["name"] == ref[1:]), None)
        found = self.channels.get(ref, named)
        if found is None:
            raise ApiError("channel_not_found")
        return found

    def kind(self, channel: str) -> str:
        """ "channel", "group" or "im", as events call it."""
        about = self.channels[channel]
        if about["is_im"]:
            return "im"
        return "group" if about["is_private"] else "channel"

    def bot_in(self, channel: str) -> bool:
        return self.me.bot_user in self.members[channel]

    # -- messages

    def message(self, channel: str, ts: str) -> Json:
        """The stored message, not a copy. Raises `message_not_found`."""
        for message in reversed(self.messages.get(channel, [])):
            if message["ts"] == ts:
                return message
        raise ApiError("message_not_found")

    def store(self, channel: str, user: str, text: str, thread_ts: str | None = None, **more: object) -> Json:
        """Put a message at the end of the channel, and count it at the root of its thread."""
        message: Json = {"type": "message", "user": user, "text": text, "ts": self.ticker.ts()}
        message |= {"team": self.me.team_id, **more}
        if thread_ts is not None:
            self._thread(channel, message, thread_ts)
        self.messages[channel].append(message)
        return message

    def _thread(self, channel: str, message: Json, thread_ts: str) -> None:
        root = self.message(channel, thread_ts)
        if root.get("thread_ts", root["ts"]) != root["ts"]:
            root = self.message(channel, root["thread_ts"])
        message |= {"thread_ts": root["ts"], "parent_user_id": root["user"]}
        self.count_replies(channel, root, [*self.replies(channel, root["ts"]), message])

    def replies(self, channel: str, root_ts: str) -> list[Json]:
        """The replies below a root, oldest first, without the root."""
        return [m for m in self.messages[channel] if m.get("thread_ts") == root_ts and m["ts"] != root_ts]

    def count_replies(self, channel: str, root: Json, replies: list[Json]) -> None:
        people = list(dict.fromkeys(r["user"] for r in replies))
        latest = replies[-1]["ts"] if replies else "0000000000.000000"
        root |= {"thread_ts": root["ts"], "reply_count": len(replies), "reply_users": people}
        root |= {
            "reply_users_count": len(people),
            "latest_reply": latest,
            "is_locked": False,
            "subscribed": False,
        }

    def edit(self, channel: str, ts: str, user: str, change: Json) -> Json:
        """Change a message in place, mark it as edited, and return how it was."""
        message = self.message(channel, ts)
        before = dict(message)
        message |= {**change, "edited": {"user": user, "ts": self.ticker.ts()}}
        return before

    def remove(self, channel: str, ts: str) -> tuple[Json, Json | None]:
        """Delete a message. Returns how it was and, when replies keep the thread open, the tombstone left in
        its place."""
        message = self.message(channel, ts)
        before = dict(message)
        replies = self.replies(channel, ts)
        if replies and message.get("subtype") != "tombstone":
            self._bury(message)
            return before, message
        self.messages[channel].remove(message)
        if message.get("thread_ts", ts) != ts:
            self._recount(channel, message["thread_ts"])
        return before, None

    def _bury(self, message: Json) -> None:
        kept = {k: message[k] for k in message if k in ("type", "ts", "thread_ts") or k.startswith("reply_")}
        kept |= {"latest_reply": message["latest_reply"], "is_locked": False, "subscribed": False}
        message.clear()
        message |= {
            **kept,
            "subtype": "tombstone",
            "hidden": True,
            "user": SLACKBOT,
            "parent_user_id": SLACKBOT,
        }
        message["text"] = "This message was deleted."

    def _recount(self, channel: str, root_ts: str) -> None:
        for root in self.messages[channel]:
            if root["ts"] == root_ts:
                self.count_replies(channel, root, self.replies(channel, root_ts))

    # -- reactions

    def react(self, channel: str, ts: str, user: str, name: str) -> Json:
        """Add a reaction, each skin tone (`thumbsup::skin-tone-2`) being its own; returns the message."""
        message = self.message(channel, ts)
        reactions = message.setdefault("reactions", [])
        mark = next((r for r in reactions if r["name"] == name), None)
        if mark is None:
            mark = {"name": name, "users": [], "count": 0}
            reactions.append(mark)
        if user in mark["users"]:
            raise ApiError("already_reacted")
        mark["users"].append(user)
        mark["count"] += 1
        return message

    def unreact(self, channel: str, ts: str, user: str, name: str) -> Json:
        message = self.message(channel, ts)
        reactions = message.get("reactions", [])
        mark = next((r for r in reactions if r["name"] == name and user in r["users"]), None)
        if mark is None:
            raise ApiError("no_reaction")
        mark["users"].remove(user)
        mark["count"] -= 1
        if not mark["users"]:
            reactions.remove(mark)
        if not reactions:
            del message["reactions"]
        return message
