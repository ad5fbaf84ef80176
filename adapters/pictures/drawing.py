"""A calm sheet with a title and rows, to be read at the width of a phone. Colour says nothing that words do not."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

from adapters.pictures.fonts import Fonts, Run, Setting, begins_right, runs_left

WIDTH = 1_080  # pixels; phones show it at a third of that
MARGIN = 64
INNER = WIDTH - 2 * MARGIN
TITLE, HEAD, LABEL, BODY = 54, 36, 34, 44  # pixels
LEADING = 1.35
GAP = 34  # between rows
BAR = 10
MOST_LINES = 3
PAPER, INK, QUIET, RULE, BLUE = "#fbfaf7", "#1f2328", "#57606a", "#dedbd3", "#35648f"
ELLIPSIS = "…"
_PIECE = re.compile(
    "(?:\N{FIRST STRONG ISOLATE}[^\N{POP DIRECTIONAL ISOLATE}]*\N{POP DIRECTIONAL ISOLATE}|[^ 、。，])+[、。，]* *"
    "|[ 、。，]+"
)
_SMALL = re.compile("[^ \u3000-\u9fff\uf900-\uff60]+ *|. *")  # words, and each letter of writing without blanks


@dataclass(frozen=True, slots=True)
class Row:
    """core.cards.Row in plain words. `strong`: it is the reader's own."""

    text: str
    heading: str = ""
    label: str = ""
    place: str = ""
    amount: str = ""
    share: float = 0.0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    rows: tuple[Row, ...]


def draw(sheet: Sheet, fonts: Fonts) -> bytes:
    """The sheet as a PNG file. Raises NoFont."""
    pen = _Pen(fonts, begins_right(sheet.title))
    _draw(sheet, pen)  # once to see how high it is, once for good
    pen = _Pen(fonts, pen.mirrored, pen.at + MARGIN)
    _draw(sheet, pen)
    written = io.BytesIO()
    pen.image.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


class _Pen:
    """Writes from top to bottom. `mirrored`: from right to left."""

    def __init__(self, fonts: Fonts, mirrored: bool, height: int = 1) -> None:
        self.fonts = fonts
        self.mirrored = mirrored
        self.image = Image.new("RGB", (WIDTH, height), PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.at = MARGIN

    def down(self, size: int) -> None:
        self.at += round(size * LEADING)

    def width(self, setting: Setting, size: int) -> float:
        return sum(self._length(run, size, leftwards) for run, leftwards in placed(setting, self.mirrored))

    def _length(self, run: Run, size: int, leftwards: bool) -> float:
        return run.face.sized(size).getlength(run.text, direction=_direction(run.text, leftwards))

    def write(self, setting: Setting, size: int, colour: str, start: float = 0, *, end: bool = False) -> None:
        """On the current line: `start` pixels from where lines begin, or up to where they end."""
        x: float = MARGIN + (INNER if end else start)
        if self.mirrored:
            x = WIDTH - x
        if end != self.mirrored:
            x -= self.width(setting, size)
        for run, leftwards in placed(setting, self.mirrored):
            face, direction = run.face.sized(size), _direction(run.text, leftwards)
            self.draw.text((round(x), self.at + size), run.text, colour, face, "ls", direction=direction)
            x += self._length(run, size, leftwards)

    def bar(self, start: float, length: float, colour: str) -> None:
        left, right = MARGIN + start, MARGIN + start + max(length, BAR)
        if self.mirrored:
            left, right = WIDTH - right, WIDTH - left
        self.draw.rectangle((round(left), self.at, round(right), self.at + BAR - 1), colour)

    def rule(self) -> None:
        self.draw.line((MARGIN, self.at, WIDTH - MARGIN, self.at), RULE, 2)


def placed(setting: Setting, mirrored: bool) -> Iterator[tuple[Run, bool]]:
    """Its runs from left to right, and whether each belongs to what runs to the left. Units follow one another as the
    sheet runs, and so do the runs of what is no name."""
    for unit in reversed(setting.units) if mirrored else setting.units:
        leftwards = begins_right("".join(run.text for run in unit.runs)) if unit.isolated else mirrored
        for run in reversed(unit.runs) if leftwards else unit.runs:
            yield run, leftwards


def parts(text: str) -> list[str]:
    """Behind each of them a line may end: behind a blank or an East Asian comma, and never within a name."""
    return _PIECE.findall(text) or [text]


def _direction(text: str, leftwards: bool) -> str | None:
    """None where nothing runs to the left, which any build of Pillow can draw."""
    return "rtl" if leftwards else "ltr" if runs_left(text) else None


def _draw(sheet: Sheet, pen: _Pen) -> None:
    for setting in _lines(pen, sheet.title, TITLE, INNER, bold=True):
        pen.write(setting, TITLE, INK)
        pen.down(TITLE)
    indent = max((pen.width(pen.fonts.typeset(row.place), BODY) for row in sheet.rows if row.place), default=-24) + 24
    for row in sheet.rows:
        pen.at += GAP
        if row.heading:
            _head(pen, row.heading)
        _row(pen, row, indent)


def _head(pen: _Pen, heading: str) -> None:
    pen.rule()
    pen.at += GAP
    pen.write(_fitted(pen, heading, HEAD, INNER, bold=True), HEAD, INK)
    pen.down(HEAD)
    pen.at += GAP // 3


def _row(pen: _Pen, row: Row, indent: float) -> None:
    if row.label:
        pen.write(_fitted(pen, row.label, LABEL, INNER), LABEL, QUIET)
        pen.down(LABEL)
    room = INNER - indent
    if row.amount:
        amount = pen.fonts.typeset(row.amount, bold=True)
        pen.write(amount, BODY, INK, end=True)
        room -= pen.width(amount, BODY) + 32
    if row.place:
        pen.write(pen.fonts.typeset(row.place), BODY, QUIET)
    for setting in _lines(pen, row.text, BODY, room, bold=row.strong):
        pen.write(setting, BODY, INK, indent)
        pen.down(BODY)
    if row.amount:
        _bar(pen, row.share, indent)


def _bar(pen: _Pen, share: float, indent: float) -> None:
    pen.at += 6
    pen.bar(indent, INNER - indent, RULE)
    pen.bar(indent, (INNER - indent) * min(share, 1.0), BLUE)
    pen.at += BAR


def _lines(pen: _Pen, text: str, size: int, room: float, *, bold: bool) -> Iterator[Setting]:
    """The text in at most three lines, broken between words."""
    left = pen.fonts.typeset(text, bold).text
    for _ in range(MOST_LINES - 1):
        head, rest = _broken(pen, left, size, room, bold)
        if not rest:
            break
        yield pen.fonts.typeset(head, bold)
        left = rest
    yield _fitted(pen, left, size, room, bold=bold)


def _broken(pen: _Pen, text: str, size: int, room: float, bold: bool) -> tuple[str, str]:
    """As much as fits into one line, at least a word, and the rest; a name is parted only where it fills a line."""
    words = parts(text)
    if pen.width(pen.fonts.typeset(words[0], bold), size) > room:
        words = _SMALL.findall(text)
    most = len(words)
    while most > 1 and pen.width(pen.fonts.typeset("".join(words[:most]), bold), size) > room:
        most -= 1
    return "".join(words[:most]).rstrip(), "".join(words[most:])


def _fitted(pen: _Pen, text: str, size: int, room: float, *, bold: bool = False) -> Setting:
    """The text in one line, shortened where it is too long."""
    setting = pen.fonts.typeset(text, bold)
    whole = setting.text
    most = len(whole)
    while most > 1 and pen.width(setting, size) > room:
        most = min(most - 1, max(1, int(most * room / pen.width(setting, size))))
        setting = pen.fonts.typeset(whole[:most].rstrip() + ELLIPSIS, bold)
    return setting
