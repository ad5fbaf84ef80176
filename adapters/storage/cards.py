"""Cards as JSON, the way the outbox keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from core.cards import Button, Card, Channel, Line, Link, Mention, Picture, Row, Section, Span, Text, Time
from core.erasure import SOMEBODY

_SPANS: dict[str, type[Any]] = {"text": Text, "mention": Mention, "channel": Channel, "time": Time, "link": Link}
_NAMES = {kind: name for name, kind in _SPANS.items()}
_PLAIN = ("heading", "label", "place", "amount", "share")


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
            "picture": None if card.picture is None else _write_picture(card.picture),
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
        picture=_read_picture(data.get("picture")),  # cards that were written before there were pictures have none
    )


def unnamed(card: bytes | None, accounts: set[str]) -> bytes | None:
    """A written card, its picture too, with "someone" where it named one of these accounts."""
    if card is None:
        return None
    data = orjson.loads(card)
    for line in _lines(data):
        for i, (kind, fields) in enumerate(line):
            if kind == "mention" and fields["account"] in accounts:
                line[i] = ["text", {"text": SOMEBODY}]
    return orjson.dumps(data)


def _lines(data: dict[str, Any]) -> Iterator[list[Any]]:
    """Every line of a written card."""
    picture = data.get("picture") or {"title": [], "rows": []}
    yield from (data["title"] or [], picture["title"])
    yield from (line for section in data["sections"] for line in section["lines"])
    yield from (row["text"] for row in picture["rows"])


def _write_picture(picture: Picture) -> dict[str, Any]:
    rows = [{field: getattr(row, field) for field in _PLAIN} | {"text": _write_line(row.text)} for row in picture.rows]
    return {"title": _write_line(picture.title), "rows": rows}


def _read_picture(data: Any) -> Picture | None:
    if data is None:
        return None
    rows = tuple(Row(**(row | {"text": _read_line(row["text"])})) for row in data["rows"])
    return Picture(_read_line(data["title"]), rows)


def _write_line(line: Line) -> list[Any]:
    return [[_NAMES[type(span)], span] for span in line]


def _read_line(line: list[Any]) -> Line:
    spans: list[Span] = [_SPANS[name](**fields) for name, fields in line]
    return tuple(spans)
