"""Reactions as statements, and the skin tones of one person's emoji. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.slack.known import Known
from adapters.slack.payloads import Message, Reacted, Reaction
from adapters.slack.times import micros, rfc3339
from core.events import WITHDRAW, Statement, Value, message_id, reaction_id


def plain(emoji: str) -> str:
    """The short name without skin tone: `thumbsup` of `thumbsup::skin-tone-2`."""
    return emoji.partition("::")[0]


def added(event: Reacted, known: Known) -> list[Statement]:
    """One person's emoji on one message; what it is put on is told by time and author only."""
    item = event.item
    if item.channel is None or item.ts is None or _aside(event, known):
        return []
    said = _asserted(item.channel, item.ts, event.user, event.reaction, event.item_user, micros(event.event_ts), known)
    return [said]


def removed(event: Reacted, known: Known) -> list[Statement]:
    """The person took it back. Ask `others_remain` first: another tone may still be there."""
    item = event.item
    if item.channel is None or item.ts is None or _aside(event, known):
        return []
    fact = reaction_id(item.channel, item.ts, event.user, plain(event.reaction))
    return [Statement(known.source, fact, micros(event.event_ts), op=WITHDRAW)]


def _aside(event: Reacted, known: Known) -> bool:
    channel = event.item.channel or ""
    return event.item.type != "message" or known.is_me(event.user) or known.is_direct(channel)


def others_remain(reactions: Iterable[Reaction], user: str, emoji: str) -> bool:
    """The person's same emoji, in whatever tone, is on the message."""
    return any(plain(r.name) == plain(emoji) and user in r.users for r in reactions)


def recovered(message: Message, channel: str, kind: str, known: Known) -> list[Statement]:
    """The reactions on a message read from history. Slack does not say when: they are dated at the message."""
    found = {(user, plain(r.name)) for r in message.reactions for user in r.users if not known.is_me(user)}
    late: dict[str, Value] = {"recovered": True, "at_is_approximate": True}
    return [
        _asserted(
            channel,
            message.ts,
            user,
            emoji,
            message.user or message.bot_id,
            micros(message.ts),
            known,
            kind=kind,
            more=late,
        )
        for user, emoji in sorted(found)
    ]


def _asserted(
    channel: str,
    ts: str,
    user: str,
    emoji: str,
    author: str | None,
    at: int,
    known: Known,
    *,
    kind: str = "channel",
    more: dict[str, Value] | None = None,
) -> Statement:
    name = plain(emoji)
    facts: dict[str, Value] = {
        **known.where(channel, kind),
        **known.who(user),
        "message": message_id(channel, ts),
        "emoji": name,
        "object_at": rfc3339(ts),
        **(more or {}),
    }
    return Statement(
        known.source,
        reaction_id(channel, ts, user, name),
        at,
        "reaction.added",
        actor=known.account(user),
        author=known.account(author) if author else None,
        facts=facts,
    )
