"""What people did on Discord, as statements. Pure: rooms, roots and times are arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from adapters.discord.emoji import short_name
from adapters.discord.moments import made_at, micros
from adapters.discord.rooms import Room
from core.bans import ban_id
from core.events import (
    WITHDRAW,
    Account,
    Statement,
    Value,
    membership_id,
    message_id,
    reaction_id,
    thread_id,
)
from core.texts import facts_of
from core.times import write_time

_WRITTEN_BY_PEOPLE = (
    discord.MessageType.default,
    discord.MessageType.reply,
    discord.MessageType.chat_input_command,
    discord.MessageType.context_menu_command,
)


@dataclass(frozen=True, slots=True)
class Origin:
    """The root of a thread or chain of replies: where it is, and whose. `author`: a user id, if known."""

    channel: str
    message: str
    author: str | None = None
    bot: bool = False

    @property
    def id(self) -> str:
        """The root's fact id."""
        return message_id(self.channel, self.message)


@dataclass(frozen=True, slots=True)
class Said:
    """A message and all that is known around it. `to`: the user id of whom it answers by an inline reply.
    `reads_text`: the text may be read for its facts. `missed`: found by catch-up, not heard live."""

    message: discord.Message
    room: Room
    root: Origin | None = None
    to: str | None = None
    reads_text: bool = False
    missed: bool = False


def account_of(source: str, user: object) -> Account:
    """The account of a user id in one server."""
    return f"{source}/{user}"


def is_written(message: discord.Message) -> bool:
    """Whether somebody wrote it: pins, joins and the like are messages on Discord too."""
    return message.type in _WRITTEN_BY_PEOPLE


def is_opening(room: Room, message: int | str) -> bool:
    """Whether this is the first message of a forum post: both have the same id."""
    return room.forum and str(message) == room.id


def message_statements(said: Said, at: int | None = None) -> list[Statement]:
    """What a message says: a post, a reply (and then that its root became a thread), or a forum opening.

    `at`: when it was edited, in UTC microseconds; None for the message as it was first seen.
    """
    moment = at or made_at(said.message.id)
    if is_opening(said.room, said.message.id):
        return [_statement(said, thread_id(said.room.id, said.room.id), "thread.started", moment)]
    own = message_id(said.room.id, str(said.message.id))
    if said.root is None:
        return [_statement(said, own, "message.posted", moment)]
    reply = _statement(said, own, "thread.replied", moment)
    return [reply, *_started(said)] if at is None else [reply]


def _statement(said: Said, id_: str, kind: str, at: int) -> Statement:
    """The message with its people and facts."""
    source, root = said.room.source, said.root
    has_author = root is not None and root.author is not None and not is_opening(said.room, said.message.id)
    return Statement(
        source,
        id_,
        at,
        kind,
        actor=account_of(source, said.message.author.id),
        author=account_of(source, root.author) if has_author and root is not None else None,
        target=account_of(source, said.to) if said.to is not None else None,
        facts=_message_facts(said),
    )


def _message_facts(said: Said) -> dict[str, Value]:
    message, room, root = said.message, said.room, said.root
    facts = room_facts(room)
    facts["message"] = message_id(room.id, str(message.id))
    is_reply = root is not None and not is_opening(room, message.id)
    facts["post_kind"] = "reply" if is_reply else "post"
    if is_opening(room, message.id):
        facts["thread"] = facts["message"]
    elif root is not None:
        facts["thread"] = root.id
        facts["delay"] = _delay(message, root)
    if said.reads_text:
        mentioned = [account_of(room.source, user) for user in message.raw_mentions]
        facts.update(facts_of(message.content, mentioned))
    facts.update(person_facts(message.author, webhook=message.webhook_id is not None))
    return facts | ({"recovered": True} if said.missed else {})


def room_facts(room: Room) -> dict[str, Value]:
    """Channel facts, as every statement from this room carries them."""
    facts: dict[str, Value] = {"channel": room.name, "channel_id": room.channel_id}
    return facts | ({"private": True} if room.private else {})


def person_facts(user: discord.abc.User, *, webhook: bool = False) -> dict[str, Value]:
    """The actor's roles by name, and `bot` for what is no person."""
    facts: dict[str, Value] = {}
    if isinstance(user, discord.Member) and len(user.roles) > 1:
        facts["actor_role"] = tuple(role.name for role in user.roles if not role.is_default())
    return facts | ({"bot": True} if user.bot or webhook else {})


def _delay(message: discord.Message, root: Origin) -> int:
    """Whole seconds since what was answered: the message replied to, else the root."""
    reference = message.reference.message_id if message.reference is not None else None
    return max(0, (made_at(message.id) - made_at(reference or int(root.message))) // 1_000_000)


def _started(said: Said) -> list[Statement]:
    """That the root became a thread. A forum's opening says so itself, and knows more."""
    root, room = said.root, said.room
    if root is None or root.author is None or room.forum:
        return []
    facts = room_facts(room) | {"message": root.id, "thread": root.id, "post_kind": "post"}
    if root.bot:
        facts["bot"] = True
    actor = account_of(room.source, root.author)
    id_, at = thread_id(root.channel, root.message), made_at(int(root.message))
    return [Statement(room.source, id_, at, "thread.started", actor=actor, facts=facts)]


def edit_statements(said: Said) -> list[Statement]:
    """A rewritten message: a later assertion. Nothing for what nobody wrote (a link's preview, a pin)."""
    edited = said.message.edited_at
    return message_statements(said, micros(edited)) if edited is not None else []


def deletion_statements(source: str, channel: int, messages: Sequence[int], at: int) -> list[Statement]:
    """Messages that somebody deleted. A forum's opening is known as a thread, so that is withdrawn too.

    Never before the message was made: `at` is by our clock, which may be behind Discord's.
    """
    gone = [(message_id(str(channel), str(message)), message) for message in messages]
    gone += [(thread_id(str(channel), str(message)), message) for message in messages if message == channel]
    return [Statement(source, id_, max(at, made_at(m) + 1), op=WITHDRAW, reason="deleted") for id_, m in gone]


@dataclass(frozen=True, slots=True)
class Mark:
    """A reaction: who put what on which message. `room`: None for a channel unknown here (an old thread)."""

    source: str
    channel: int
    message: int
    user: int
    emoji: str
    room: Room | None = None
    author: int | None = None
    root: Origin | None = None

    @property
    def id(self) -> str:
        """The fact's id; all skin tones are one fact."""
        return reaction_id(str(self.channel), str(self.message), str(self.user), self.emoji)


def emoji_name(emoji: discord.PartialEmoji | discord.Emoji | str) -> str:
    """Slack's short name of a Unicode emoji, without tone; the name of a server's own one."""
    if isinstance(emoji, str):
        return short_name(emoji)
    is_own = isinstance(emoji, discord.Emoji) or emoji.is_custom_emoji()
    return emoji.name if is_own and emoji.name else short_name(emoji.name or "")


def reaction_statement(mark: Mark, at: int, actor: discord.abc.User | None, *, missed: bool = False) -> Statement:
    """A reaction that is there. Found by catch-up, its time is only the earliest it can have."""
    facts: dict[str, Value] = {
        "emoji": mark.emoji,
        "message": message_id(str(mark.channel), str(mark.message)),
        "object_at": write_time(made_at(mark.message)),
    }
    if mark.room is not None:
        facts |= room_facts(mark.room) | _kind_of(mark, mark.room)
    if actor is not None:
        facts |= person_facts(actor)
    if missed:
        facts |= {"recovered": True, "at_is_approximate": True}
    author = account_of(mark.source, mark.author) if mark.author is not None else None
    actor_account = account_of(mark.source, mark.user)
    return Statement(mark.source, mark.id, at, "reaction.added", actor=actor_account, author=author, facts=facts)


def _kind_of(mark: Mark, room: Room) -> dict[str, Value]:
    """Post or reply, as far as the room tells; in a channel only the message knows; the core asks."""
    own = message_id(str(mark.channel), str(mark.message))
    if is_opening(room, mark.message):
        return {"post_kind": "post", "thread": own}
    if mark.root is not None:
        return {"post_kind": "reply", "thread": mark.root.id}
    return {"post_kind": "reply"} if room.thread else {}


def ban_statement(source: str, user: int, at: int) -> Statement:
    """That somebody was banned. Who did it and why is in the audit log, which the bot does not read."""
    why = "banned from the server"
    return Statement(source, ban_id(str(user)), at, "member.banned", target=account_of(source, user), reason=why)


def withdrawal(source: str, fact: str, at: int, reason: str | None = None) -> Statement:
    """A fact that is no more."""
    return Statement(source, fact, at, op=WITHDRAW, reason=reason)


def join_statement(member: discord.Member, *, missed: bool = False) -> Statement | None:
    """That somebody joined; None where Discord does not say when."""
    if member.joined_at is None:
        return None
    source = f"discord:{member.guild.id}"
    facts: dict[str, Value] = {"bot": True} if member.bot else {}
    facts |= {"recovered": True} if missed else {}
    account = account_of(source, member.id)
    id_ = membership_id(str(member.id))
    return Statement(source, id_, micros(member.joined_at), "member.joined", actor=account, facts=facts)
