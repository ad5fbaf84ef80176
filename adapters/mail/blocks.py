"""The block for a newsletter as HTML and as Markdown. Names are data: nothing in them is markup, for the newsletter's
own system neither (`{{ … }}`, `*|…|*`, `%…%`), and nothing turns or hides what is around."""

from __future__ import annotations

import re
from html import escape

from core.newsletter import Block
from core.texts import clean

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:@/%$])")
_FIELDS = {ord(c): f"&#{ord(c)};" for c in "{}|%$"}


def as_html(block: Block) -> str:
    """A heading and a list, without styles or scripts, to be pasted into a newsletter."""
    rows = [f"<li>{_named(p.name)}{_after(', '.join(map(_html, p.reasons)))}</li>" for p in block.people]
    return "\n".join([f"<h3>{_html(block.title)}</h3>", "<ul>", *rows, "</ul>"]) + "\n"


def as_markdown(block: Block) -> str:
    """The same as CommonMark."""
    rows = [f"- **{_mark(p.name)}**{_after(', '.join(map(_mark, p.reasons)))}" for p in block.people]
    return "\n".join([f"### {_mark(block.title)}", "", *rows]) + "\n"


def _after(reasons: str) -> str:
    return f": {reasons}" if reasons else ""


def _named(name: str) -> str:
    return f"<strong><bdi>{_html(name)}</bdi></strong>"


def _html(text: str) -> str:
    return escape(clean(text)).translate(_FIELDS)


def _mark(text: str) -> str:
    return _MARKUP.sub(r"\\\1", clean(text))
