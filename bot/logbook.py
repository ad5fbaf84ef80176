"""`plaudit log`: the whole log as JSON lines, links first; what `plaudit replay` reads."""

from __future__ import annotations

from typing import BinaryIO

import orjson

from adapters.storage.left_out import left_out
from adapters.storage.reading import reading
from bot.books import read_books
from bot.settings import Settings
from core.lines import to_line


def log(settings: Settings, out: BinaryIO) -> None:
    """Every statement of every community, in the order of arrival. Needs no running bot and works beside one."""
    with reading(settings.database_url) as histories:
        for book in read_books(settings.rules):
            for statement in histories(book.community.id).log():
                out.write(to_line(statement) + b"\n")


def ignored(settings: Settings, out: BinaryIO) -> None:
    """What came and was not counted, and why; as JSON lines, like the log."""
    with reading(settings.database_url) as histories:
        for book in read_books(settings.rules):
            name = book.community.id
            for line in left_out(histories(name), name):
                out.write(orjson.dumps({"community": name, **line}) + b"\n")
