"""The block for a newsletter as HTML and as Markdown. Names are data: nothing in them is markup."""

from __future__ import annotations

import re
from html import escape

from core.newsletter import Block

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:@/])")
_LINES = re.compile(r"[\s\u2028\u2029]+")


def as_html(block: Block) -> str:
    """A heading and a list, without styles or scripts, to be pasted into a newsletter."""
    rows = [
        f"<li><strong>{_html(p.name)}</strong>{_after(', '.join(map(_html, p.reasons)))}</li>" for p in block.people
    ]
    return "\n".join([f"<h3>{_html(block.title)}</h3>", "<ul>", *rows, "</ul>"]) + "\n"


def as_markdown(block: Block) -> str:
    """The same as CommonMark."""
    rows = [f"- **{_mark(p.name)}**{_after(', '.join(map(_mark, p.reasons)))}" for p in block.people]
    return "\n".join([f"### {_mark(block.title)}", "", *rows]) + "\n"


def _after(reasons: str) -> str:
    return f": {reasons}" if reasons else ""


def _html(text: str) -> str:
    return escape(_LINES.sub(" ", text).strip())


def _mark(text: str) -> str:
    return _MARKUP.sub(r"\\\1", _LINES.sub(" ", text).strip())
