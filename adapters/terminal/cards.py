"""Cards as plain text: for the transcript of the demo and for the command line."""

from __future__ import annotations

import unicodedata

from core.cards import Button, Card, Channel, Line, Link, Mention, Section, Span, Text, Time
from core.texts import ISOLATES, paired

# U+200D joins emoji and U+FE0F gives them colour; on their own they are nothing, so they go too.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_BLANK_LOOKING = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe0e\ufe0f\uffa0")


def render(card: Card) -> str:
    """The card as lines of text: the title, the sections, the buttons in brackets. No line ends with a blank."""
    lines = []
    if card.title is not None:
        lines.append(_line(card.title))
    for section in card.sections:
        lines += _section(section)
    if card.emoji and lines:
        lines[0] = f":{clean(card.emoji).strip(':')}: {lines[0]}"
    if card.buttons:
        lines.append(" ".join(_button(b) for b in card.buttons))
    return "\n".join(text.rstrip() for text in lines)


def clean(text: str) -> str:
    """One line without control, bidirectional and invisible characters: a name cannot disguise or move anything.
    Isolates in pairs stay: they turn nothing around them."""
    flat = "".join(" " if c in "\t\n\r\v\f\x85\u2028\u2029" else c for c in text)
    kept = (c for c in flat if c in ISOLATES or (unicodedata.category(c) not in _HIDDEN and c not in _BLANK_LOOKING))
    return _without_towers(paired("".join(kept)))


def _without_towers(text: str) -> str:
    """At most two marks over one letter: more of them would paint over the lines around."""
    kept, marks = [], 0
    for c in text:
        marks = marks + 1 if unicodedata.combining(c) else 0
        if marks <= 2:
            kept.append(c)
    return "".join(kept)


def _section(section: Section) -> list[str]:
    heading = [f"{clean(section.heading)}:"] if section.heading else []
    indent = "  " if section.heading else ""
    return heading + [indent + _line(row) for row in section.lines]


def _line(row: Line) -> str:
    return "".join(_span(span) for span in row)


def _span(span: Span) -> str:
    match span:
        case Text(text=text):
            return clean(text)
        case Mention(name=name):
            return f"@{_name(name)}" if span.ping else _name(name)
        case Channel(name=name):
            return f"#{clean(name).removeprefix('#')}"
        case Time(fallback=fallback):
            return clean(fallback)
        case Link(url=url, text=text):
            return clean(url) if text == url else f"{clean(text)} ({clean(url)})"


def _name(name: str) -> str:
    return clean(name).strip() or "(no name)"


def _button(button: Button) -> str:
    return f"[{clean(button.label)}]"
