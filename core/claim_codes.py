"""Codes that stand on a poster, and the short confirmation that a page shows: how they look, and what is said."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from core.cards import Card, note
from core.events import Account, Statement, Value
from core.language import ENGLISH, Language
from core.rules.book import RuleBook
from core.wanted import GRANT

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty characters without 0 O, 1 I L and U, which people read for one another."""
CODE_LENGTH = 12
CONFIRMATION_LENGTH = 8
CONFIRMED_WITHIN = 30 * 60_000_000  # microseconds
MOST_WRONG = 5
WATCHED = 10 * 60_000_000  # microseconds: in which wrong codes are counted, and for which too many lock somebody out
CLAIMED = "code.claimed"
SOURCE = "code"

Choose = Callable[[Sequence[str]], str]
Outcome = Literal["right", "already", "early", "late", "wrong", "locked", "crowded"]


@dataclass(frozen=True, slots=True)
class Glance:
    """What a code turned out to be; `name` "" for a wrong one. `at`: when it opens or closed, UTC microseconds."""

    outcome: Outcome
    name: str = ""
    at: int = 0
    confirmation: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A code without its characters. Times are UTC microseconds; `closes` is the first moment that is too late.

    `achievement`: a redemption gives it by hand; None: rules count the event of this `type`.
    """

    name: str
    type: str
    achievement: str | None
    capacity: int
    used: int
    opens: int
    closes: int


def make(choose: Choose, length: int = CODE_LENGTH) -> str:
    """A new code. `choose` picks one of some characters, unforeseeably."""
    return "".join(choose(ALPHABET) for _ in range(length))


def plain(typed: str) -> str:
    """What was typed, as codes are kept: capitals without blanks and dashes."""
    return "".join(c for c in typed.upper() if c.isalnum())[:64]


def grouped(code: str) -> str:
    """As people read it: `ABCD-EFGH-JKMN`."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def mark(code: str) -> bytes:
    """What is kept of a code: enough to recognise it, not to say it again."""
    return hashlib.sha256(plain(code).encode()).digest()


def redeemed(code: Code, account: Account, now: int) -> Statement:
    """That somebody used a code: once for each account, however often it arrives."""
    id_ = f"code:{code.name}/{account}"
    if code.achievement is None:
        return Statement(SOURCE, id_, now, code.type, actor=account, facts={"code": code.name})
    facts: dict[str, Value] = {"achievement": code.achievement, "code": code.name, "reason": f"by the code {code.name}"}
    return Statement(SOURCE, id_, now, GRANT, target=account, facts=facts, by=SOURCE)


def told(glance: Glance, book: RuleBook, t: Language = ENGLISH) -> Card:
    """For whoever typed the code, in the chat. A wrong code and a used-up one are the same to them."""
    words = said(glance, t)
    return note(words, tone="plain" if glance.outcome in ("right", "already") else "error")


def said(glance: Glance, t: Language = ENGLISH) -> str:
    """The same as one sentence or two, for the page too."""
    match glance.outcome:
        case "right":
            text = t.gettext("Counted: {name}. Thank you for being there.")
        case "already":
            text = t.gettext("You have used this code already: {name}. It counts once.")
        case "early":
            text = t.gettext("The code is right, and it is too early: {name} opens on {day}.")
        case "late":
            text = t.gettext("The code is right, and it is too late: {name} closed on {day}. Ask a moderator.")
        case "locked":
            text = t.gettext("Too many codes that were not right. Try again in ten minutes.")
        case "crowded":
            text = t.gettext(
                "Many people from your network asked here just now. Type the code itself in Slack or Discord: it counts"
                " just the same."
            )
        case _:
            text = t.gettext("This code does not work. Look at each character again, or ask whoever gave it to you.")
    day = t.date(glance.at) if glance.at else ""
    return text.format(name=glance.name, day=day)
