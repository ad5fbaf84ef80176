"""Messages, edits and deletions as statements. Pure."""

from __future__ import annotations

import re

from adapters.slack.known import Known
from adapters.slack.payloads import Changed, Deleted, Message, Posted
from adapters.slack.times import SECOND, micros, rfc3339
from core.events import WITHDRAW, Account, Statement, Value, message_id, thread_id
from core.texts import facts_of

COUNTED = frozenset({None, "bot_message", "file_share", "me_message", "thread_broadcast"})
"""Subtypes of messages that somebody wrote; the others are notes of Slack itself."""

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")


def posted(message: Posted, known: Known) -> list[Statement]:
    """A new message; a reply also says that its root opened a thread."""
    if known.is_direct(message.channel, message.channel_type):
        return []
    said = asserted(message, message.channel, message.channel_type, micros(message.ts), known)
    return [said, *opened(message, message.channel, message.channel_type, known)] if said else []


def changed(event: Changed, known: Known) -> list[Statement]:
    """An edit asserts the message again at the time of the edit; a tombstone is a deleted root. Slack also tells
    when it unfolds a link: then `edited` is missing or as it was."""
    if known.is_direct(event.channel, event.channel_type):
        return []
    now, before = event.message, event.previous_message
    if now.subtype == "tombstone":
        return [] if _not_ours_to_tell(before, known) else [_gone(event.channel, now.ts, event.event_ts, known)]
    if now.subtype not in COUNTED or now.edited is None or (before and before.edited == now.edited):
        return []
    said = asserted(now, event.channel, event.channel_type, micros(now.edited.ts), known)
    return [said] if said else []


def deleted(event: Deleted, known: Known) -> list[Statement]:
    """The message is gone; of a reply only the reply."""
    direct = known.is_direct(event.channel, event.channel_type)
    if direct or _not_ours_to_tell(event.previous_message, known):
        return []
    return [_gone(event.channel, event.deleted_ts, event.event_ts, known)]


def _not_ours_to_tell(before: Message | None, known: Known) -> bool:
    """Nothing was asserted about it: our own posts, and Slack's notes."""
    return before is not None and (
        known.is_me(before.user, before.bot_id) or before.subtype not in (*COUNTED, "tombstone")
    )


def _gone(channel: str, ts: str, at: str, known: Known) -> Statement:
    return Statement(known.source, message_id(channel, ts), micros(at), op=WITHDRAW, reason="deleted")


def asserted(
    message: Message, channel: str, kind: str, at: int, known: Known, *, recovered: bool = False
) -> Statement | None:
    """The message as it is, said at `at`. None for our own, and where nobody wrote it."""
    writer = message.user or message.bot_id
    if writer is None or known.is_me(message.user, message.bot_id):
        return None
    bot = message.bot_id is not None or message.subtype == "bot_message"
    facts = {**known.where(channel, kind), **known.who(writer, bot=bot), **about(message, channel, known)}
    return Statement(
        known.source,
        message_id(channel, message.ts),
        at,
        "thread.replied" if message.is_reply else "message.posted",
        actor=known.account(writer),
        author=known.account(message.opened_by) if message.is_reply and message.opened_by else None,
        facts=facts | ({"recovered": True} if recovered else {}),
    )


def about(message: Message, channel: str, known: Known) -> dict[str, Value]:
    """Facts of the message itself: its place in a thread, and what its text is like. The text is dropped here."""
    facts: dict[str, Value] = {
        "message": message_id(channel, message.ts),
        "post_kind": "reply" if message.is_reply else "post",
        **facts_of(message.text, _mentions(message.text, known)),
    }
    root = message.thread_ts
    if message.is_reply and root is not None:
        facts["thread"] = message_id(channel, root)
        facts["object_at"] = rfc3339(root)
        facts["delay"] = max(micros(message.ts) - micros(root), 0) // SECOND
    return facts


def _mentions(text: str, known: Known) -> list[Account]:
    return [known.account(user) for user in _MENTION.findall(text)]


def opened(message: Message, channel: str, kind: str, known: Known) -> list[Statement]:
    """The root opened a thread: dated at the root, and the same whichever reply says it."""
    root, author = message.thread_ts, message.opened_by
    if not message.is_reply or root is None or author is None or known.is_me(author):
        return []
    about_root = {"message": message_id(channel, root), "thread": message_id(channel, root)}
    facts = {**known.where(channel, kind), **known.who(author), **about_root, "post_kind": "post"}
    account = known.account(author)
    fact = thread_id(channel, root)
    return [Statement(known.source, fact, micros(root), "thread.started", actor=account, facts=facts)]
