"""Messages of an export as statements, as the live edge would have made them. Pure: the text becomes facts here and
is dropped."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from adapters.imports.slack_export.payloads import Message, Place
from core.events import Account, Statement, Value, message_id, reaction_id, thread_id
from core.texts import facts_of
from core.times import write_time

COUNTED = frozenset({None, "bot_message", "file_share", "me_message", "thread_broadcast"})
"""Subtypes of messages that somebody wrote; the others are notes of Slack itself."""
SECOND = 1_000_000
SLACKBOT = "USLACKBOT"

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")


class Normaliser:
    """For one workspace. `bots`: ids of people that are none."""

    def __init__(self, source: str, bots: Collection[str]) -> None:
        self._source = source
        self._bots = frozenset({*bots, SLACKBOT})

    def statements(self, message: Message, place: Place, opener: str | None) -> list[Statement]:
        """All that a counted message says: itself, its last edit, and the reactions on it; a reply also that its root,
        written by `opener`, opened a thread. Nothing if nobody wrote it."""
        if message.writer is None or message.subtype not in COUNTED:
            return []
        facts = self._message_facts(message, place)
        times = [micros(message.ts), *([micros(message.edited.ts)] if message.edited else [])]
        bot = bool(self._who(message.writer, bot=message.is_bots))
        said = [self._posted(message, opener, facts, at) for at in times]
        return [*said, *self._opened(message, place, opener), *self._reactions(message, place, facts, on_bot=bot)]

    def _account(self, user: str) -> Account:
        return f"{self._source}/{user}"

    def _where(self, place: Place) -> dict[str, Value]:
        facts: dict[str, Value] = {"channel_id": place.id, "channel": f"#{place.name}"}
        return facts | ({"private": True} if place.private else {})

    def _who(self, user: str, *, bot: bool = False) -> dict[str, Value]:
        return {"bot": True} if bot or user in self._bots else {}

    def _message_facts(self, message: Message, place: Place) -> dict[str, Value]:
        """What stays true for whoever acts on the message."""
        text = message.text or ""
        facts: dict[str, Value] = {
            **self._where(place),
            "message": message_id(place.id, message.ts),
            "post_kind": "reply" if message.is_reply else "post",
            **facts_of(text, [self._account(user) for user in _MENTION.findall(text)]),
        }
        if message.is_reply and message.thread_ts is not None:
            facts["thread"] = message_id(place.id, message.thread_ts)
        return facts

    def _posted(self, message: Message, opener: str | None, facts: Mapping[str, Value], at: int) -> Statement:
        writer = message.writer or ""
        return Statement(
            self._source,
            str(facts["message"]),
            at,
            "thread.replied" if message.is_reply else "message.posted",
            actor=self._account(writer),
            author=self._account(opener) if message.is_reply and opener else None,
            facts={**facts, **self._who(writer, bot=message.is_bots), **_about_root(message), "recovered": True},
        )

    def _opened(self, message: Message, place: Place, opener: str | None) -> list[Statement]:
        """Dated at the root, and the same whichever reply says it."""
        root = message.thread_ts
        if not message.is_reply or root is None or opener is None:
            return []
        facts: dict[str, Value] = {
            **self._where(place),
            **self._who(opener),
            "message": message_id(place.id, root),
            "thread": message_id(place.id, root),
            "post_kind": "post",
        }
        account = self._account(opener)
        fact = thread_id(place.id, root)
        return [Statement(self._source, fact, micros(root), "thread.started", actor=account, facts=facts)]

    def _reactions(
        self, message: Message, place: Place, facts: Mapping[str, Value], *, on_bot: bool
    ) -> list[Statement]:
        """Slack does not say when: they are dated at the message. Skin tones of one person are one fact.

        They carry what the message says, whom it mentions apart, as `core.stamping` does for live ones; a bot that
        wrote it is not their author, for it gets no credit.
        """
        found = {(user, reaction.name.partition("::")[0]) for reaction in message.reactions for user in reaction.users}
        at = micros(message.ts)
        thing = {name: value for name, value in facts.items() if name != "mentions"}
        late: dict[str, Value] = {"object_at": write_time(at), "recovered": True, "at_is_approximate": True}
        return [
            Statement(
                self._source,
                reaction_id(place.id, message.ts, user, emoji),
                at,
                "reaction.added",
                actor=self._account(user),
                author=None if on_bot else self._account(message.writer or ""),
                facts={**thing, **self._who(user), "emoji": emoji, **late},
            )
            for user, emoji in sorted(found)
        ]


def _about_root(message: Message) -> dict[str, Value]:
    """How long a reply came after the root, and when that was."""
    if not message.is_reply or message.thread_ts is None:
        return {}
    root = micros(message.thread_ts)
    return {"object_at": write_time(root), "delay": max(micros(message.ts) - root, 0) // SECOND}


def micros(ts: str) -> int:
    """`1700000000.000200` as UTC microseconds; exact, never through a float."""
    seconds, _, rest = ts.partition(".")
    return int(seconds) * SECOND + int(rest.ljust(6, "0"))
