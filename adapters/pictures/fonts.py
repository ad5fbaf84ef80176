"""Fonts of this machine: one that has the letters of a text. None is shipped."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features

SECONDS = 2.0  # for one question to fontconfig
MOST_MARKS = 2  # over one letter: more would paint over the lines around
_PROBE = 24  # pixels
_NOBODYS = "\uffff"  # no character, so every font shows what it shows for a missing one
_SELECTORS = range(0xFE00, 0xFE10)
_RIGHT = ("R", "AL")
_ALONE = re.compile("\\s+(?=[\N{POP DIRECTIONAL ISOLATE},;،、])")  # where an emoji stood
_UNIT = re.compile(
    "\N{FIRST STRONG ISOLATE}([^\N{POP DIRECTIONAL ISOLATE}]*)\N{POP DIRECTIONAL ISOLATE}?|[^\N{FIRST STRONG ISOLATE}]+"
)
_COMMAS = "\N{ARABIC COMMA}\N{IDEOGRAPHIC COMMA}"
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC", "HANGUL", "HALFWIDTH", "FULLWIDTH")
_SHAPES = bool(features.check("raqm"))  # whether letters can be joined, and run to the left


class NoFont(Exception):
    """No font here can show this text. The message names the script, never the text."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, and which font in it."""

    file: str
    index: int = 0

    def sized(self, pixels: int) -> ImageFont.FreeTypeFont:
        return _load(self.file, self.index, pixels)


@dataclass(frozen=True, slots=True)
class Run:
    """What one font draws."""

    text: str
    face: Face


@dataclass(frozen=True, slots=True)
class Unit:
    """Runs that follow one another as their own text runs (`isolated`: a name), or as the whole sheet does."""

    runs: tuple[Run, ...]
    isolated: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A text as it can be drawn: by one font, where one has all its letters."""

    text: str
    units: tuple[Unit, ...]

    @property
    def face(self) -> Face:
        """The font that it begins with."""
        return self.units[0].runs[0].face


@dataclass(slots=True)
class Fonts:
    """`own`: a font file that somebody chose; it is asked first."""

    own: Path | None = None
    _found: dict[bool, list[Face]] = field(default_factory=dict)

    def typeset(self, text: str, bold: bool = False) -> Setting:
        """The text without what no letter needs (emoji that the font lacks), and its font. Raises NoFont."""
        text = calm(text)
        needed = {c for c in text if _is_needed(c)}
        if not _SHAPES and any(map(_needs_shaping, text)):
            raise NoFont(f"this build of Pillow cannot join {_script(needed)} letters")
        face = self._face(needed, bold)
        if face is None:
            return self._mixed(text, bold)
        shown = _kept(text, lambda c: _stays(face, c))
        return Setting(shown, (Unit((Run(shown, face),)),))

    def _face(self, needed: set[str], bold: bool) -> Face | None:
        known = self._found.setdefault(bold, [Face(str(self.own))] if self.own is not None else [])
        for face in known:
            if _has_all(face, needed):
                return face
        found = _asked_for(frozenset(needed), bold)
        if found is None or not _has_all(found, needed):
            return None
        known.append(found)
        return found

    def _mixed(self, text: str, bold: bool) -> Setting:
        """Names in several scripts, each with a font of its own. Raises NoFont."""
        faces = {script: self._of_script(letters, bold) for script, letters in _by_script(text).items()}
        plain = self._face(set(), bold) or next(iter(faces.values()), None)
        if plain is None:
            raise NoFont(f"no font has {_script(())} letters")
        shown = _kept(text, lambda c: _is_needed(c) or _stays(plain, c))
        units = tuple(
            Unit(tuple(_runs(part, faces, plain)), isolated=found[1] is not None)
            for found in _UNIT.finditer(shown)
            if (part := found[1] if found[1] is not None else found[0])
        )
        return Setting(shown, units)

    def _of_script(self, letters: set[str], bold: bool) -> Face:
        face = self._face(letters, bold)
        if face is None:
            raise NoFont(f"no font has {_script(letters)} letters")
        return face


def _kept(text: str, stays: Callable[[str], bool]) -> str:
    shown = " ".join("".join(c for c in text if stays(c)).split())
    return _ALONE.sub("", shown)


def _by_script(text: str) -> dict[str, set[str]]:
    """What has to be drawn, by the script that it is of."""
    found: dict[str, set[str]] = {}
    for c in filter(_is_needed, text):
        found.setdefault(_script_of(c), set()).add(c)
    return found


def _runs(text: str, faces: Mapping[str, Face], plain: Face) -> Iterator[Run]:
    """Neighbours of one font together; blanks and points are drawn by the font before them, if it has them."""
    drawn, last = "", plain
    for c in text:
        face = faces[_script_of(c)] if _is_needed(c) else last if _stays(last, c) else plain
        if face != last and drawn:
            yield Run(drawn, last)
            drawn = ""
        drawn, last = drawn + c, face
    yield Run(drawn, last)


def runs_left(text: str) -> bool:
    """Whether some of its letters are read from right to left."""
    return any(unicodedata.bidirectional(c) in _RIGHT for c in text)


def begins_right(text: str) -> bool:
    """Whether its first letter is one of those."""
    directions = (unicodedata.bidirectional(c) for c in text)
    return next((d for d in directions if d in ("L", *_RIGHT)), "L") in _RIGHT


def calm(text: str) -> str:
    """At most two marks over a letter, and no signs that only choose the look of an emoji."""
    kept, marks = [], 0
    for c in unicodedata.normalize("NFC", text):
        marks = marks + 1 if unicodedata.combining(c) else 0
        if marks <= MOST_MARKS and ord(c) not in _SELECTORS:
            kept.append(c)
    return "".join(kept)


def _is_needed(character: str) -> bool:
    """Letters, their marks and digits: without one of them it would be another word. Commas, which part names."""
    return unicodedata.category(character)[0] in "LMN" or character in _COMMAS


def _stays(face: Face, character: str) -> bool:
    """Formats, as those around a name, are seen by nobody but what shapes the text."""
    if unicodedata.category(character) == "Cf":
        return _SHAPES
    return character.isspace() or _has(face.file, face.index, character)


def _needs_shaping(character: str) -> bool:
    marked = unicodedata.category(character) in ("Mn", "Mc")
    return marked or unicodedata.bidirectional(character) in _RIGHT


def _has_all(face: Face, characters: Iterable[str]) -> bool:
    try:
        return all(_has(face.file, face.index, c) for c in characters)
    except OSError:
        return False


@lru_cache(4_096)
def _has(file: str, index: int, character: str) -> bool:
    return _looks(file, index, character) != _looks(file, index, _NOBODYS)


def _looks(file: str, index: int, character: str) -> tuple[object, bytes]:
    font = _load(file, index, _PROBE, ImageFont.Layout.BASIC)
    mask = font.getmask(character)
    return (font.getbbox(character), font.getlength(character)), bytes(mask)


@lru_cache(64)
def _load(file: str, index: int, pixels: int, layout: ImageFont.Layout | None = None) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, pixels, index, layout_engine=layout)


def _asked_for(characters: frozenset[str], bold: bool) -> Face | None:
    """What fontconfig would show these characters with; None where there is no fontconfig, or no font. Where it does
    not answer, it is asked again the next time."""
    try:
        return _match(characters, bold)
    except (OSError, subprocess.SubprocessError):
        return None


@lru_cache(1_024)
def _match(characters: frozenset[str], bold: bool) -> Face | None:
    charset = " ".join(f"{ord(c):x}" for c in sorted(characters))
    pattern = "sans-serif" + (":bold" if bold else "") + (f":charset={charset}" if charset else "")
    told = subprocess.run(
        ["fc-match", "--format=%{file}\t%{index}", pattern],  # noqa: S607 - where it is differs between systems
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    ).stdout
    file, _, index = told.partition("\t")
    return Face(file, int(index) if index.isdigit() else 0) if file else None


def _script_of(character: str) -> str:
    """As LATIN. Marks and digits that many scripts share count as Latin; what Japanese mixes is one."""
    name = unicodedata.name(character, "such").partition(" ")[0]
    if name in _EAST_ASIAN:
        return "CJK"
    return "LATIN" if name in ("DIGIT", "COMBINING", "MODIFIER") else name


def _script(characters: Iterable[str]) -> str:
    """The name of the script of the letters that are farthest from ours, as HIRAGANA."""
    last = max(characters, default="")
    return unicodedata.name(last, "such").partition(" ")[0] if last else "any"
