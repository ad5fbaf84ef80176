"""Spans of a card in Discord's Markdown. What people typed is data: it never formats, links or pings."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

from core.cards import Channel, Line, Link, Mention, Span, Text, Time
from core.texts import ISOLATES, paired

_FORMATTING = re.compile(r"([\\*_~`|<>\[\]()])")
_AT_START = re.compile(r"^(\s*)([#+\-]|\d+(?=\.))")
_ADDRESS = re.compile(r"(?i)\b(https?|discord|mailto|tel|steam):")
_KEPT_FORMATS = "\u200c\u200d" + "".join(ISOLATES)  # joiners: Persian needs one, many emoji the other
_SELDOM = re.compile(r"/plaudit (?=(?:setup|duties|handback)\b)")
_BARE_TEAM = re.compile(r"^/team$")
_TIME_STYLES = {"date": "D", "datetime": "f"}


def clean(text: str) -> str:
    """The visible characters of `text` in one line: no controls, direction overrides or zero-width tricks."""
    flat = "".join(" " if c.isspace() else c for c in text)
    hidden = ("Cc", "Cf", "Cs", "Co")
    return paired("".join(c for c in flat if c in _KEPT_FORMATS or unicodedata.category(c) not in hidden))


def escape(text: str) -> str:
    """`text` as Discord shows it literally. The blank after @ keeps every client from pinging."""
    plain = _FORMATTING.sub(r"\\\1", clean(text))
    plain = _ADDRESS.sub(r"\1\\:", plain).replace("@", "@\u200b")
    return _AT_START.sub(_shielded, plain)


def _shielded(found: re.Match[str]) -> str:
    blank, sign = found.groups()
    return f"{blank}{sign}\u200b" if sign.isdigit() else f"{blank}\\{sign}"


def typed_here(text: str) -> str:
    """`text` with commands as Discord has them: a command with parts of its own cannot be typed bare, and /plaudit
    holds what is needed seldom under `more`."""
    return _BARE_TEAM.sub("/team show", _SELDOM.sub("/plaudit more ", text))


def line_text(line: Line, source: str) -> str:
    """One line of a card, for readers on `source`."""
    return "".join(span_text(span, source) for span in line)


def span_text(span: Span, source: str) -> str:
    """One span. People and channels of another platform are shown by name."""
    match span:
        case Text():
            return _styled(escape(typed_here(span.text)), bold=span.bold, italic=span.italic)
        case Mention():
            return _styled(_person(span, source), bold=span.bold)
        case Channel():
            return _channel(span, source)
        case Time():
            return f"<t:{span.at // 1_000_000}:{_TIME_STYLES[span.style]}>"
        case Link():
            return _link(span)


def plain_text(line: Line) -> str:
    """The line without any mark-up, for places that show none (the title of an embed). Still safe to read."""
    return "".join(clean(_word(span)) for span in line)


def _word(span: Span) -> str:
    match span:
        case Text() | Link():
            return span.text
        case Mention():
            return span.name
        case Channel():
            return "#" + span.name.lstrip("#")
        case Time():
            return span.fallback


def _person(mention: Mention, source: str) -> str:
    user = mention.account.removeprefix(source + "/")
    is_here = user != mention.account and user.isdigit()
    return f"<@{user}>" if is_here else escape(mention.name) or "somebody"


def _channel(span: Channel, source: str) -> str:
    """A link to the message, by name, where one is meant."""
    name = "#" + escape(span.name.lstrip("#"))
    if not _is_here(span.source, span.id, source):
        return name
    if span.message is None or not span.message.isdigit():
        return f"<#{span.id}>"
    return f"[{name}](https://discord.com/channels/{source.removeprefix('discord:')}/{span.id}/{span.message})"


def _is_here(source: str, channel: str, reader: str) -> bool:
    return source == reader and channel.isdigit()


def _styled(text: str, *, bold: bool = False, italic: bool = False) -> str:
    """Emphasis that holds: Discord wants no blank right inside the asterisks."""
    core = text.strip()
    if not core or not (bold or italic):
        return text
    marks = "**" * bold + "*" * italic
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{lead}{marks}{core}{marks[::-1]}{tail}"


def _link(link: Link) -> str:
    """A named link; only web addresses become one."""
    if urlsplit(link.url).scheme not in ("http", "https") or not clean(link.url):
        return escape(link.text)
    address = quote(clean(link.url).replace(" ", ""), safe=":/?#@!$&'*+,;=%~-._")
    return f"[{escape(link.text) or 'link'}]({address})"
