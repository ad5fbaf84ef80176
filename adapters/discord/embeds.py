"""Cards as Discord messages. Pure: limits, escaping and pings are decided here, nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import discord

from adapters.discord.emoji import character
from adapters.discord.markdown import clean, escape, line_text, plain_text
from core.cards import Button, Card, Line, Mention, Section, Text
from core.directions import Direction, direction
from core.language import Language

CONTENT_LIMIT = 2000
TITLE_LIMIT = 256
DESCRIPTION_LIMIT = 4096
LABEL_LIMIT = 80
ID_LIMIT = 100
BUTTON_LIMIT = 25
_ELLIPSIS = "…"
_PINGED_AT_MOST = 20
_COLOURS = {"plain": 0x5865F2, "award": 0xF0B232, "quiet": 0x80848E, "error": 0xDA373C}
_STYLES = {
    "default": discord.ButtonStyle.secondary,
    "primary": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
}


@dataclass(frozen=True, slots=True)
class Press:
    """A button: what it says and the id it comes back with."""

    label: str
    custom_id: str
    style: discord.ButtonStyle = discord.ButtonStyle.secondary


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message: a line of `content`, or an embed (with the pings before it), and buttons.

    `pings`: the only users whom it may notify.
    """

    content: str | None = None
    embed: discord.Embed | None = None
    presses: tuple[Press, ...] = ()
    pings: tuple[int, ...] = ()

    @property
    def allowed_mentions(self) -> discord.AllowedMentions:
        """Nobody, but those whom the card means to notify."""
        users = [discord.Object(user) for user in self.pings]
        return discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=users or False)

    def view(self) -> discord.ui.View | None:
        """The buttons. Stopped at once, so that the client keeps nothing: presses come back by their id
        (actions.py), also after a restart."""
        if not self.presses:
            return None
        view = discord.ui.View(timeout=None)
        for press in self.presses:
            view.add_item(discord.ui.Button(label=press.label, custom_id=press.custom_id, style=press.style))
        view.stop()
        return view


def render(card: Card, source: str, emojis: Mapping[str, str] | None = None, t: Language | None = None) -> Rendered:
    """The card for readers in the server `source`. `emojis`: its own, by name, as Discord writes them. `t`: whose
    reader is told in words that something was left out."""
    picture = _picture(card.emoji, emojis or {})
    presses = tuple(_presses(card.buttons))
    pings = tuple(_pings(card, source))
    if _is_one_line(card):
        line = _shown(card.sections[0].lines[0], source, direction(card)) if card.sections else ""
        return Rendered(_cut(f"{picture}{line}", CONTENT_LIMIT) or _ELLIPSIS, None, presses, pings)
    embed = _embed(card, source, picture, t)
    content = " ".join(f"<@{user}>" for user in pings) or None
    return Rendered(content, embed, presses, pings)


def custom_id(verb: str, argument: str) -> str:
    """What a button comes back with."""
    return f"plaudit:{verb}:{argument}"[:ID_LIMIT]


def _is_one_line(card: Card) -> bool:
    """A single line is said, not framed."""
    if card.title is not None or len(card.sections) != 1:
        return False
    section = card.sections[0]
    return len(section.lines) == 1 and section.heading is None and not section.small


def _embed(card: Card, source: str, picture: str, t: Language | None) -> discord.Embed:
    way = direction(card)
    title = f"{picture}{_titled(card.title, way)}" if card.title is not None else None
    lines = [line for section in card.sections for line in _section_lines(section, source, way)]
    if title is None and picture and lines:
        lines[0] = picture + lines[0]
    return discord.Embed(
        title=_cut(title, TITLE_LIMIT) if title else None,
        description=fit("\n".join(lines).strip("\n"), DESCRIPTION_LIMIT, t) or "\u200b",
        colour=_COLOURS[card.tone],
    )


def _titled(title: Line, way: Direction) -> str:
    return way.begun(plain_text(way.held(title)), title)


def _shown(line: Line, source: str, way: Direction) -> str:
    return way.begun(line_text(way.held(line), source), line)


def _section_lines(section: Section, source: str, way: Direction) -> Iterator[str]:
    """Heading, lines and a blank one behind; small print in Discord's own small print."""
    if section.heading is not None:
        yield way.begun(f"**{escape(section.heading)}**", (Text(section.heading),))
    for line in section.lines:
        text = _shown(line, source, way)
        yield f"-# {text}" if section.small and text.strip() else text
    yield ""


def fit(text: str, limit: int, t: Language | None = None) -> str:
    """`text` within `limit` characters: whole lines from the top, and a note, with `t` of how many were left out."""
    if len(text) <= limit:
        return text
    lines = text.split("\n")
    kept: list[str] = []
    room = limit - len(_left_out(len(lines), t)) - 1
    for line in lines:
        if len(line) + 1 > room:
            break
        kept.append(line)
        room -= len(line) + 1
    if not kept:
        kept = [_cut(lines[0], room)]
    return "\n".join([*kept, _left_out(len(lines) - len(kept), t)])[:limit]


def _left_out(count: int, t: Language | None) -> str:
    if t is None or not count:
        return f"-# {_ELLIPSIS}"
    return f"-# {t.counted('… and {n} more line', '… and {n} more lines', count)}"


def _cut(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis for what is missing and no half mark-up before it."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    for opening, closing in (("<", ">"), ("[", ")")):
        start = head.rfind(opening)
        if start > 0 and head[start - 1] != "\\" and closing not in head[start:]:
            head = head[:start]
    return head.rstrip("\\") + _ELLIPSIS


def _picture(name: str | None, emojis: Mapping[str, str]) -> str:
    if not name:
        return ""
    found = emojis.get(name) or character(name)
    return f"{found} " if found else ""


def _presses(buttons: tuple[Button, ...]) -> Iterator[Press]:
    """Each id once, as Discord wants it, and a label that can be read."""
    seen: set[str] = set()
    for button in buttons[:BUTTON_LIMIT]:
        id_ = custom_id(button.verb, button.argument)
        if id_ not in seen:
            seen.add(id_)
            label = _cut(clean(button.label).strip(), LABEL_LIMIT) or _ELLIPSIS
            yield Press(label, id_, _STYLES[button.style])


def _pings(card: Card, source: str) -> Iterator[int]:
    """The people a card means to notify, once each."""
    lines = [line for section in card.sections for line in section.lines]
    spans = [span for line in [card.title or (), *lines] for span in line]
    meant = dict.fromkeys(s.account for s in spans if isinstance(s, Mention) and s.ping)
    users = [account.removeprefix(source + "/") for account in meant]
    yield from [int(user) for user in users if user.isdigit()][:_PINGED_AT_MOST]
