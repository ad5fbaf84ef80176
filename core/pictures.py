"""Pictures beside cards: what is drawn of a digest or a board, and the words for those who do not see it.

A picture says nothing that the card does not say in words, and a card goes out without where none can be drawn.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from core.cards import Card, Channel, Line, Link, Mention, Picture, Row, Section, Span, Text, Time
from core.texts import ISOLATES, clean

Draw = Callable[[Picture], Awaitable[bytes | None]]
"""A PNG file, or None where it cannot be drawn (in time): then the card goes without."""
MOST_ROWS = 10
LONGEST_ALT = 1_000  # characters; Discord takes 1,024
NAME = "plaudit.png"
_COLONS = (":", "\N{FULLWIDTH COLON}")


async def no_picture(_: Picture) -> bytes | None:
    """Draws nothing: for edges that were given nobody who can."""
    return None


def with_digest(card: Card | None, on: bool) -> Card | None:
    """The digest with a picture of its lines, if the community wants pictures."""
    if card is None or not on or card.title is None:
        return card
    rows = [row for section in card.sections if not section.small for row in _rows_of(section)]
    return replace(card, picture=Picture(card.title, tuple(rows[:MOST_ROWS]))) if rows else card


def of_board(title: Line, places: Sequence[tuple[int, Line, int]], number: Callable[[int], str]) -> Picture | None:
    """`places`: the place, who has it, and the amount, as the card lists them. `number` writes an amount."""
    most = max((amount for _, _, amount in places), default=0)
    if most <= 0:
        return None
    rows = (
        Row(who, place=f"{place}.", amount=number(amount), share=max(0.0, amount / most))
        for place, who, amount in places[:MOST_ROWS]
    )
    return Picture(title, tuple(rows))


def words(line: Iterable[Span], isolated: bool = False) -> str:
    """The line as plain words. `isolated`: names between marks that keep one that runs to the left from turning what
    stands around it."""
    return clean("".join(_isolated(span) if isolated else word(span) for span in line))


def _isolated(span: Span) -> str:
    name = clean(word(span))
    return name.join(ISOLATES) if isinstance(span, Mention) else word(span)


def alt(picture: Picture) -> str:
    """What a screen reader says: everything that is drawn, shortened."""
    whole = "\n".join([words(picture.title), *(_told(row) for row in picture.rows)])
    return whole if len(whole) <= LONGEST_ALT else whole[: LONGEST_ALT - 1].rstrip() + "…"


def _told(row: Row) -> str:
    above = ", ".join(clean(part) for part in (row.heading, row.label) if part)
    text = " ".join(part for part in (row.place, words(row.text)) if part)
    return (f"{above}: {text}" if above else text) + (f" · {row.amount}" if row.amount else "")


def _rows_of(section: Section) -> Iterable[Row]:
    heading = section.heading or ""
    for line in section.lines:
        label, text = _parted(line)
        if words(text):
            yield Row(text, heading=heading, label=label)
            heading = ""


def _parted(line: Line) -> tuple[str, Line]:
    """The bold words at the beginning of a line, up to their colon, and what follows."""
    first = line[0] if len(line) > 1 else None
    if isinstance(first, Text) and first.bold and first.text.rstrip().endswith(_COLONS):
        return first.text.rstrip()[:-1].rstrip(), line[1:]
    return "", line


def word(span: Span) -> str:
    """What a span says, without what it does."""
    match span:
        case Text(text=text) | Link(text=text):
            return text
        case Mention(name=name):
            return name
        case Channel(name=name):
            return f"#{name.removeprefix('#')}"
        case Time(fallback=fallback):
            return fallback
