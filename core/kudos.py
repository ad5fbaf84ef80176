"""Kudos: a thank-you in the channel. What it says is in the platform's message only, never in the log."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.cards import Card, Mention, Section, note
from core.events import Account
from core.language import ENGLISH, Language, fill

LONGEST_THANKS = 300
UNDO_MINUTES = 10
MINUTE = 60 * 1_000_000  # microseconds


def value_named(words: str, values: Sequence[str]) -> str | None:
    """The community's value that stands first in the words, alone or as a #tag."""
    found = [(m.start(), v) for v in values if (m := re.search(_alone(v), words, re.IGNORECASE)) is not None]
    return min(found)[1] if found else None


def thanks(giver: Mention, person: Mention, words: str, t: Language = ENGLISH) -> Card:
    """For everybody in the channel."""
    return note(*fill(t.gettext("{giver} thanks {person}: “{words}”"), giver=giver, person=person, words=words))


def taken_back(giver: Mention, t: Language = ENGLISH) -> Card:
    """In its place."""
    return Card((Section((fill(t.gettext("{giver} took this back."), giver=giver),)),), tone="quiet")


def kudos_id(request: str) -> str:
    return f"kudos:{request}"


def may_ping(announce: str | None) -> bool:
    """Whether somebody who chose this is notified: whoever made the bot quieter is not."""
    return announce is None


def known_as(account: Account, name: str, *, ping: bool = False) -> Mention:
    return Mention(account, name, ping=ping)


def _alone(value: str) -> str:
    return rf"(?<!\w){re.escape(value)}(?!\w)"
