"""Lines of words as HTML. Pure. What people typed is data: it can neither format nor turn what stands around it."""

from __future__ import annotations

from html import escape

from core.cards import Line, Mention, Span, Text
from core.pictures import word
from core.texts import clean


def paragraph(words: str | Line, *, small: bool = False) -> str:
    written = escape(words) if isinstance(words, str) else "".join(map(_span, words))
    return f'<p class="small">{written}</p>' if small else f"<p>{written}</p>"


def _span(span: Span) -> str:
    match span:
        case Mention(name=name):
            return strong(name)
        case Text(text=text, bold=True):
            return strong(text)
        case Text(text=text):
            return escape(text)
        case _:
            return escape(word(span))


def strong(text: str) -> str:
    """In a direction of its own."""
    return f"<bdi><strong>{escape(clean(text))}</strong></bdi>"


def button(label: str, hidden: str = "") -> str:
    """A form with this one button. `hidden`: HTML."""
    return f'<form method="post">{hidden}<button>{escape(label)}</button></form>'


def to_type(command: str) -> str:
    """What somebody is to type in the chat, in a line of its own."""
    return f'<p class="code" dir="ltr">{escape(command)}</p>'
