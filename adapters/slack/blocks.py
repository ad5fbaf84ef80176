"""Cards as Block Kit. Pure: owns Slack's limits, the escaping, and the words for those who hear a message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.slack import markup
from core.cards import Button, Card, Line, Section, Text
from core.directions import Direction, direction
from core.language import ENGLISH, Language
from core.texts import clean

Json = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
SECTION = 3_000
HEADING = 200
FALLBACK = 3_000
LABEL = 75
CLOSE = 24
ROW = 25
TOTAL = 12_000  # Slack refuses the blocks of one message together long before 50 full sections
ACTION = "plaudit:"


def render(card: Card, source: str, t: Language | None = None) -> tuple[str, list[Json]]:
    """Fallback text and blocks of a message. `source` tells which mentions are people of this workspace; `t`: whose
    reader is told in words that something was left out."""
    return text(card), _blocks(card, source, MESSAGE_BLOCKS, t)


def with_picture(blocks: list[Json], picture: Json | None) -> list[Json]:
    """The blocks with an image between what is said and the buttons, if there is room for it."""
    if picture is None or len(blocks) >= MESSAGE_BLOCKS:
        return blocks
    at = next((i for i, block in enumerate(blocks) if block["type"] == "actions"), len(blocks))
    return [*blocks[:at], picture, *blocks[at:]]


def home(card: Card, source: str, t: Language = ENGLISH) -> Json:
    """The card as a Home tab."""
    return {"type": "home", "blocks": _blocks(card, source, VIEW_BLOCKS, t)}


def modal(card: Card, source: str, t: Language = ENGLISH) -> Json:
    """The card as a window, for buttons of the Home tab."""
    close = {"type": "plain_text", "text": markup.shorten(t.gettext("Close"), CLOSE)}
    title = {"type": "plain_text", "text": "Plaudit"}
    return {"type": "modal", "title": title, "close": close, "blocks": _blocks(card, source, VIEW_BLOCKS, t)}


def text(card: Card) -> str:
    """The whole card as plain words: what notifications and screen readers say."""
    way = direction(card)
    lines = [way.begun(markup.words(way.held(card.title)), card.title)] if card.title else []
    for section in card.sections:
        lines += [_heading(section.heading, way)] if section.heading else []
        lines += [way.begun(markup.words(way.held(spans)), spans) for spans in section.lines]
    whole = "\n".join(lines).strip()
    return _cut_words(whole, FALLBACK) or "Plaudit"


def _cut_words(whole: str, most: int) -> str:
    """Shortened without leaving half of an escaped character behind."""
    if len(whole) <= most:
        return whole
    cut = whole[: most - 1]
    amp = cut.rfind("&", len(cut) - 5)
    return (cut[:amp] if amp >= 0 and ";" not in cut[amp:] else cut).rstrip() + markup.ELLIPSIS


def _blocks(card: Card, source: str, most: int, t: Language | None) -> list[Json]:
    buttons = _rows(card.buttons)[: most - 2]
    body: list[Json] = []
    left = TOTAL
    for block in _body(card, source):
        left -= _size(block)
        if left < 0 or len(body) + len(buttons) + 1 >= most:
            body.append(_context(_cut_notice(t)))
            break
        body.append(block)
    return [*(body or [_section("Plaudit")]), *buttons]


def _cut_notice(t: Language | None) -> str:
    if t is None:
        return markup.ELLIPSIS
    return t.gettext("Shortened: there is more than fits into one message.")


def _size(block: Json) -> int:
    inner = [block.get("text"), *block.get("elements", ())]
    return sum(len(t["text"]) for t in inner if t)


def _body(card: Card, source: str) -> Iterator[Json]:
    """Title and sections; the emoji stands before the first line of all."""
    sign = f"{markup.emoji(card.emoji)} " if card.emoji else ""
    way = direction(card)
    if card.title is not None:
        yield _section(sign + way.begun(_bold_title(way.held(card.title), source), card.title))
        sign = ""
    for section in card.sections:
        yield from _section_blocks(section, source, sign, way)
        sign = ""


def _bold_title(title: Line, source: str) -> str:
    plain = markup.line(title, source, SECTION - 200)
    return plain if "*" in plain or "<" in plain else f"*{plain.strip() or 'Plaudit'}*"


def _heading(heading: str, way: Direction) -> str:
    return way.begun(markup.literal(markup.shorten(heading, HEADING)).strip(), (Text(heading),))


def _section_blocks(section: Section, source: str, sign: str, way: Direction) -> Iterator[Json]:
    make = _context if section.small else _section
    for chunk in _chunks(section, source, sign, way):
        if chunk.strip():
            yield make(chunk)


def _chunks(section: Section, source: str, sign: str, way: Direction) -> Iterator[str]:
    """The lines, as many together as fit into one text."""
    chunk = sign
    heading = _heading(section.heading, way) if section.heading else ""
    lines = [f"*{heading}*"] if heading else []
    lines += [way.begun(markup.line(way.held(spans), source, SECTION - 200), spans) for spans in section.lines]
    for text in lines:
        if len(chunk) + len(text) + 1 > SECTION:
            yield chunk
            chunk = ""
        chunk += ("\n" if chunk and chunk != sign else "") + text
    yield chunk


def _section(text: str) -> Json:
    return {"type": "section", "text": _mrkdwn(text)}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [_mrkdwn(text)]}


def _mrkdwn(text: str) -> Json:
    """`verbatim`: Slack makes no links, channels or mentions of plain words."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _rows(buttons: tuple[Button, ...]) -> list[Json]:
    """Buttons in rows; Slack refuses two with one id in a row, and one would do nothing else than the other."""
    unique = list({(b.verb, b.argument): b for b in buttons}.values())
    rows = [unique[i : i + ROW] for i in range(0, len(unique), ROW)]
    return [{"type": "actions", "elements": [_button(b) for b in row]} for row in rows]


def _button(button: Button) -> Json:
    label = markup.shorten(clean(button.label) or button.verb or "Open", LABEL)
    style = {} if button.style == "default" else {"style": button.style}
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": label},
        "action_id": f"{ACTION}{button.verb}:{button.argument}"[:255],
        "value": button.argument[:2000],
        **style,
    }
