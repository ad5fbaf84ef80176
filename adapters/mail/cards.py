"""A card as a mail: plain text, and the same as HTML. Names are data: nothing in them turns or hides what is around."""

from __future__ import annotations

from html import escape

from adapters.mail.sender import PICTURE
from core.cards import Card, Line, Link, Mention, Picture, Section, Span, Text
from core.directions import direction
from core.pictures import alt, word
from core.texts import ISOLATES, clean


def as_text(card: Card) -> str:
    lines = [_plain(card.title), ""] if card.title else []
    for section in card.sections:
        lines += [f"{clean(section.heading)}:"] if section.heading else []
        lines += [("  " if section.heading else "") + _plain(row) for row in section.lines]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_html(card: Card, drawn: bool = False) -> str:
    """`drawn`: the mail brings the card's picture along."""
    title = f"<h2>{_marked(card.title)}</h2>" if card.title else ""
    picture = _image(card.picture) if drawn and card.picture is not None else ""
    way = ' dir="rtl"' if direction(card).leftwards else ""
    return f"<!doctype html><html><body{way}>{title}{''.join(map(_section, card.sections))}{picture}</body></html>\n"


def _image(picture: Picture) -> str:
    said = escape(alt(picture)).replace("\n", "&#10;")
    return f'<p><img src="cid:{PICTURE}" alt="{said}" width="540" style="max-width:100%;height:auto"></p>'


def subject(card: Card) -> str:
    """One line."""
    return _plain(card.title or ()) or "Plaudit"


def _section(section: Section) -> str:
    heading = f"<h3>{escape(clean(section.heading))}</h3>" if section.heading else ""
    return heading + "".join(f"<p>{_marked(row)}</p>" for row in section.lines)


def _plain(row: Line) -> str:
    return clean("".join(_words(s).join(ISOLATES) if isinstance(s, Mention) else _words(s) for s in row))


def _marked(row: Line) -> str:
    return "".join(map(_mark, row))


def _mark(span: Span) -> str:
    words = escape(_words(span))
    if isinstance(span, Link) and span.url.startswith(("https://", "http://")):
        return f'<a href="{escape(span.url)}">{escape(_kept(span.text))}</a>'
    words = f"<bdi>{words}</bdi>" if isinstance(span, Mention) else words
    return f"<strong>{words}</strong>" if isinstance(span, Text | Mention) and span.bold else words


def _words(span: Span) -> str:
    if isinstance(span, Link) and span.text != span.url:
        return _kept(f"{span.text} ({span.url})")
    return clean(word(span)) if isinstance(span, Mention) else _kept(word(span))


def _kept(text: str) -> str:
    """Clean, with the blanks at its ends: they part it from its neighbours."""
    return clean(f".{text}.")[1:-1]
