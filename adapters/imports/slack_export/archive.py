"""Reading a zip file that a stranger may have made: nothing is extracted, and no file is read beyond a limit."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import PlauditError

LARGEST_DAY = 64_000_000  # bytes of one file, unpacked; a day of 10,000 messages has about ten million
LARGEST_LIST = 256_000_000  # the same, of users.json and channels.json
MOST_FILES = 2_000_000

_DAY = re.compile(r"(?P<folder>[^/\\\0]{1,200})/(?P<date>\d{4}-\d\d-\d\d)\.json", re.ASCII)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


class UnreadableFile(PlauditError):
    """The file is no Slack export, or is broken; the text says what to do."""


@dataclass(frozen=True, slots=True)
class DayFile:
    """Where the messages of one day in one folder are; `folder` is the channel's name."""

    folder: str
    date: str
    entry: zipfile.ZipInfo


class Archive:
    """An open export."""

    def __init__(self, path: Path) -> None:
        self._zip = _open(path)
        self._entries = {_name(entry): entry for entry in self._zip.infolist()}

    def close(self) -> None:
        self._zip.close()

    def has(self, name: str) -> bool:
        return name in self._entries

    def days(self) -> Iterator[DayFile]:
        """All days in order of folder and date. Names that are no `channel/date.json` are no days."""
        for name, entry in sorted(self._entries.items()):
            if found := _DAY.fullmatch(name):
                yield DayFile(found["folder"], found["date"], entry)

    def read_list(self, name: str) -> list[Any]:
        """The JSON list in a file beside the channels. Raises UnreadableFile."""
        return self._read(self._entries[name], LARGEST_LIST)

    def read_day(self, day: DayFile) -> list[Any]:
        """The JSON list of a day's messages. Raises UnreadableFile."""
        return self._read(day.entry, LARGEST_DAY)

    def _read(self, entry: zipfile.ZipInfo, largest: int) -> list[Any]:
        """What the directory says about the size is not believed."""
        try:
            with self._zip.open(entry) as file:
                data = file.read(largest + 1)
            if len(data) > largest:
                raise UnreadableFile(f"is larger than {largest // 1_000_000} MB unpacked")
            found = json.loads(data)
        except RecursionError:
            raise UnreadableFile("is nested too deeply") from None
        except _BROKEN as error:
            raise UnreadableFile(f"cannot be read ({type(error).__name__})") from None
        if not isinstance(found, list):
            raise UnreadableFile("holds no list")
        return found


def _open(path: Path) -> zipfile.ZipFile:
    try:
        opened = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise UnreadableFile(f"{path}: there is no such file") from None
    except _BROKEN:
        raise UnreadableFile(f"{path}: is no zip file; give the file as Slack made it, not unpacked") from None
    if len(opened.infolist()) > MOST_FILES:
        raise UnreadableFile(f"{path}: has more than {MOST_FILES:,} files in it")
    return opened


def _name(entry: zipfile.ZipInfo) -> str:
    """Slack writes names in UTF-8 without saying so; zipfile then reads them in a code page of 1981."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode()
    except UnicodeError:
        return entry.filename
