"""One line of a card as Slack's mrkdwn. Pure. What people typed is data: it can neither ping nor format."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from core.cards import Channel, Line, Link, Mention, Span, Text, Time
from core.texts import clean

ELLIPSIS = "…"
LONGEST_NAME = 120
LONGEST_LABEL = 300
LONGEST_URL = 1_500

_STRESS = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"})  # look alike, mean nothing to Slack
_AT_AN_EDGE = re.compile(r"(?<![^\W_])[*_~`]+|[*_~`]+(?![^\W_])")
_EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}")
_DATES = {"date": "{date_short}", "datetime": "{date_short} {time}"}


def escape(text: str) -> str:
    """`&`, `<` and `>` as Slack wants them: what is left cannot be a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shorten(text: str, most: int) -> str:
    """At most `most` characters, the last an ellipsis where something was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def emoji(name: str) -> str:
    """An emoji by its short name; what is no short name is shown as it is."""
    return f":{name}:" if _EMOJI.fullmatch(name) else literal(name)


def literal(text: str) -> str:
    """Text as a reader shall see it: marks that would format are replaced by look-alikes, blanks at its ends stay."""
    inner = clean(text)
    if not inner:
        return " " if text and text.isspace() else ""
    if inner[0] == ">":  # escaped or not, Slack would make a quotation of it
        inner = "›" + inner[1:]
    inner = escape(_AT_AN_EDGE.sub(lambda m: m.group().translate(_STRESS), inner))
    return f"{' ' * text[0].isspace()}{inner}{' ' * text[-1].isspace()}"


def _styled(text: str, mark: str) -> str:
    """Slack sees a mark only when no blank is inside of it."""
    inner = text.strip()
    if not mark or not inner:
        return text
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{lead}{mark}{inner}{mark[::-1]}{trail}"


def span(it: Span, source: str) -> str:
    """One span as mrkdwn."""
    match it:
        case Text(text, bold, italic):
            return _styled(literal(text), "*" * bold + "_" * italic)
        case Mention(account, _, ping, _) if ping and account.startswith(f"{source}/"):
            return f"<@{quote(account.rsplit('/', 1)[1], safe='')}>"
        case Mention(_, name, _, bold):
            return _styled(literal(shorten(name, LONGEST_NAME)) or "somebody", "*" * bold)
        case Channel(place, which, _) if place == source:
            return f"<#{quote(which, safe='')}>"
        case Channel(_, _, name):
            return literal("#" + shorten(name.removeprefix("#"), LONGEST_NAME))
        case Time(at, fallback, style):
            shown = literal(fallback).strip().replace("|", "∣") or "then"
            return f"<!date^{at // 1_000_000}^{_DATES[style]}|{shown}>"
        case Link(url, text):
            return _link(url, shorten(text, LONGEST_LABEL))
    raise TypeError(f"no span: {it!r}")


def _link(url: str, label: str) -> str:
    """Only web addresses become links; the address cannot end the mark-up it stands in."""
    shown = literal(label).strip().replace("|", "∣")
    if urlsplit(url).scheme not in ("http", "https") or len(url) > LONGEST_URL:
        return shown
    address = quote(clean(url), safe="/:?#[]@!$&'()*+,;=%~.-_").replace("&", "&amp;")
    return f"<{address}|{shown or 'link'}>"


def line(spans: Line, source: str, most: int) -> str:
    """A line as mrkdwn of at most `most` characters, cut between spans or inside a text, never inside a mark."""
    done = ""
    for it in spans:
        piece = span(it, source)
        if len(done) + len(piece) > most - 1:
            return done + _part(it, source, most - 1 - len(done)) + ELLIPSIS
        done += piece
    return done


def _part(it: Span, source: str, room: int) -> str:
    """As much of a text as fits; nothing of what cannot be cut."""
    if not isinstance(it, Text):
        return ""
    length = min(len(it.text), room)
    while length > 0:
        piece = span(Text(it.text[:length], it.bold, it.italic), source)
        if len(piece) <= room:
            return piece
        length = min(length - 1, length * room // len(piece))
    return ""


def words(spans: Line) -> str:
    """A line as plain words, for notifications and screen readers."""
    return "".join(_word(it) for it in spans)


def _word(it: Span) -> str:
    match it:
        case Text(text):
            return literal(text)
        case Mention(_, name):
            return literal(shorten(name, LONGEST_NAME))
        case Channel(_, _, name):
            return literal("#" + shorten(name.removeprefix("#"), LONGEST_NAME))
        case Time(_, fallback):
            return literal(fallback)
        case Link(_, text):
            return literal(shorten(text, LONGEST_LABEL))
    raise TypeError(f"no span: {it!r}")
