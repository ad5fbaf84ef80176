"""A few questions in a window of their own, before they have a platform's look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldKind = Literal["choice", "day", "line", "text"]
MOST_OPTIONS = 25
LONGEST_VALUE = 75  # Slack takes no longer one


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `value` comes back."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `name` is the argument that the answer comes back as; a `day` comes back as 2026-07-01.
    `most`: characters of a line or text. `value`: what is filled in already (a `day` says it in `hint`)."""

    name: str
    label: str
    kind: FieldKind = "line"
    options: tuple[Option, ...] = ()
    required: bool = True
    most: int = 200
    hint: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Comes back as the command `verb` with one argument for each field, and `about` (at most 60 characters).

    `title` and `submit`: at most 24 characters.
    """

    verb: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    about: str = ""


OPENING = frozenset(
    {
        *("claim", "claim-decline", "claim-ask", "claim-reply", "appeal", "appeal-restore", "appeal-keep"),
        *("erase-confirm", "link-email", "link-gist", "nominate", "claim-undo"),
        *("rewards-decline", "rewards-refund"),
        *("challenge-new", "challenge-fill", "challenge-more", "challenge-end"),
        *("setup-fill", "setup-more"),
    },
)
"""Verbs that may be answered with a form. Platforms open a window only at once, so these are asked without delay."""

RETURNING = frozenset(
    {
        *("claim-send", "claim-replied", "claim-declined", "claim-asked", "claim-undone"),
        *("appeal-send", "appeal-restored", "appeal-kept"),
        *("link-email-send", "link-gist-read", "nominate-send"),
        *("rewards-declined", "rewards-refunded"),
        *("challenge-filled", "challenge-rounded", "challenge-ended"),
        *("setup-filled", "setup-timed"),
    }
)
"""Verbs that forms come back as. A window shows one answer: notes that wait come with the next question."""

WORKED_ON = frozenset({"challenge-filled", "challenge-rounded", "setup-filled", "setup-timed"})
"""Forms whose answer is worked on with buttons, and so better stands in the channel than in a window."""
