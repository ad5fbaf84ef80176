"""Cards as JSON, the way the outbox keeps them."""

from __future__ import annotations

from typing import Any

import orjson

from core.cards import Button, Card, Channel, Line, Link, Mention, Section, Span, Text, Time

_SPANS: dict[str, type[Any]] = {"text": Text, "mention": Mention, "channel": Channel, "time": Time, "link": Link}
_NAMES = {kind: name for name, kind in _SPANS.items()}


def write_card(card: Card | None) -> bytes | None:
    """None stays None."""
    if card is None:
        return None
    return orjson.dumps(
        {
            "title": None if card.title is None else _write_line(card.title),
            "sections": [
                {"heading": s.heading, "small": s.small, "lines": [_write_line(line) for line in s.lines]}
                for s in card.sections
            ],
            "emoji": card.emoji,
            "tone": card.tone,
            "buttons": card.buttons,
        }
    )


def read_card(written: bytes) -> Card:
    """What `write_card` wrote."""
    data = orjson.loads(written)
    return Card(
        sections=tuple(
            Section(tuple(_read_line(line) for line in s["lines"]), s["heading"], s["small"]) for s in data["sections"]
        ),
        title=None if data["title"] is None else _read_line(data["title"]),
        emoji=data["emoji"],
        buttons=tuple(Button(**b) for b in data["buttons"]),
        tone=data["tone"],
    )


def _write_line(line: Line) -> list[Any]:
    return [[_NAMES[type(span)], span] for span in line]


def _read_line(line: list[Any]) -> Line:
    spans: list[Span] = [_SPANS[name](**fields) for name, fields in line]
    return tuple(spans)
