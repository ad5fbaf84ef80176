"""A message before it has a platform's look. Cards are data; `blocks.py`, `embeds.py` and `terminal` render them.

Everything in a span is data, never markup: renderers escape it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "award", "quiet", "error"]
ButtonStyle = Literal["default", "primary", "danger"]


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A person. Rendered as a mention on the account's own platform, else as `name`. `ping` notifies them."""

    account: str
    name: str
    ping: bool = False
    bold: bool = True


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of `source`: rendered as a link there, else as `#name`. The link leads to `message`, if there is one
    (`thread`: the root of what it answers), in the platform's own ids."""

    source: str
    id: str
    name: str
    message: str | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """A moment (UTC microseconds), shown in the reader's zone where the platform can; `fallback` elsewhere."""

    at: int
    fallback: str
    style: Literal["date", "datetime"] = "date"


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    text: str


Span = Text | Mention | Channel | Time | Link
Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Some lines under an optional heading; `small` for notes that may be set apart."""

    lines: tuple[Line, ...]
    heading: str | None = None
    small: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """Comes back as the command `verb` with the one argument `argument` (both together at most 90 characters)."""

    verb: str
    label: str
    argument: str = ""
    style: ButtonStyle = "default"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a picture. `heading` and `label` stand above the text, `place` before it, `amount` behind it; `share`
    (0 to 1): how long its bar is, where there is an amount."""

    text: Line
    heading: str = ""
    label: str = ""
    place: str = ""
    amount: str = ""
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be drawn beside a card, never more than the card says in words. Names are spans, as in the card."""

    title: Line
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One message. `emoji` is Slack's short name, chosen by the community. `picture` only adds to it: a card that goes
    without says the same."""

    sections: tuple[Section, ...]
    title: Line | None = None
    emoji: str | None = None
    buttons: tuple[Button, ...] = ()
    tone: Tone = "plain"
    picture: Picture | None = None


def line(*spans: Span | str) -> Line:
    """A line of spans, where a bare string is plain text."""
    return tuple(Text(s) if isinstance(s, str) else s for s in spans)


def note(*spans: Span | str, tone: Tone = "plain", buttons: tuple[Button, ...] = ()) -> Card:
    """A card of one line."""
    return Card((Section((line(*spans),)),), tone=tone, buttons=buttons)
