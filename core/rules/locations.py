"""Where in a TOML text each key stands. A real parser has read it before: this one only finds lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

Key = str | int
Path = tuple[Key, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_QUOTED = (
    re.compile(r'"""(?:\\.|[^\\])*?"""("{0,2})', re.S),
    re.compile(r"'''.*?'''('{0,2})", re.S),
    re.compile(r'"(?:\\.|[^"\\\n])*"'),
    re.compile(r"'[^'\n]*'"),
)


def lines_of(text: str) -> Mapping[Path, int]:
    """The line, from 1, of every key and list element, by its path from the top."""
    reader = _Reader(text)
    reader.read()
    return reader.lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a key, or of the nearest table around it that the text names."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


@dataclass(slots=True)
class _Reader:
    text: str
    place: int = 0
    table: Path = ()
    lines: dict[Path, int] = field(default_factory=dict)
    lists: dict[Path, int] = field(default_factory=dict)  # how many [[tables]] of a name there are
    ends: list[int] = field(init=False)  # where the lines end: counting them for each key takes long in a long book

    def __post_init__(self) -> None:
        self.ends = [found.start() for found in re.finditer("\n", self.text)]

    def read(self) -> None:
        self.skip()
        while self.place < len(self.text):
            if self.text[self.place] == "[":
                self.header()
            else:
                self.pair(self.table)
            self.skip()

    def skip(self) -> None:
        found = _BLANK.match(self.text, self.place)
        self.place = found.end() if found else self.place

    def take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.place)
        if found is None:
            return ""
        self.place = found.end()
        return found[0]

    def note(self, path: Path, place: int) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], bisect_left(self.ends, place) + 1)

    def header(self) -> None:
        start, many = self.place, self.text.startswith("[[", self.place)
        self.place += 2 if many else 1
        keys = self.inside(self.keys())
        if many:
            self.lists[keys] = self.lists.get(keys, -1) + 1
            keys = (*keys, self.lists[keys])
        self.table = keys
        self.note(keys, start)
        self.place = (self.text.find("\n", self.place) + 1) or len(self.text)

    def inside(self, keys: Path) -> Path:
        """The path of a header below [[tables]]: it means the last one of the list."""
        path: Path = ()
        for n, key in enumerate(keys, 1):
            path = (*path, key)
            if path in self.lists and n < len(keys):
                path = (*path, self.lists[path])
        return path

    def keys(self) -> Path:
        found: list[Key] = []
        while True:
            self.blanks()
            quoted = self.take(_QUOTED[2]) or self.take(_QUOTED[3])
            found.append(quoted[1:-1] if quoted else self.take(_BARE))
            self.blanks()
            if self.text[self.place : self.place + 1] != ".":
                return tuple(found)
            self.place += 1

    def blanks(self) -> None:
        while self.text[self.place : self.place + 1] in (" ", "\t"):
            self.place += 1

    def pair(self, table: Path) -> None:
        start = self.place
        path = (*table, *self.keys())
        self.note(path, start)
        if self.text[self.place : self.place + 1] != "=":
            self.place = (self.text.find("\n", self.place) + 1) or len(self.text)
            return
        self.place += 1
        self.blanks()
        self.value(path)

    def value(self, path: Path) -> None:
        first = self.text[self.place : self.place + 1]
        if first == "[":
            self.items(path)
        elif first == "{":
            self.pairs(path)
        elif not any(self.take(pattern) for pattern in _QUOTED):
            self.take(_SCALAR)

    def items(self, path: Path) -> None:
        self.place, index = self.place + 1, 0
        self.skip()
        while self.text[self.place : self.place + 1] not in ("]", ""):
            self.note((*path, index), self.place)
            self.value((*path, index))
            self.comma()
            index += 1
        self.place += 1

    def pairs(self, path: Path) -> None:
        self.place += 1
        self.skip()
        while self.text[self.place : self.place + 1] not in ("}", ""):
            self.pair(path)
            self.comma()
        self.place += 1

    def comma(self) -> None:
        self.skip()
        if self.text[self.place : self.place + 1] == ",":
            self.place += 1
            self.skip()
