"""The rule books of this installation: one file, or a folder with one per community."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.errors import ConfigurationError
from core.rules.book import RuleBook
from core.rules.loading import load

LARGEST = 1_000_000  # bytes; ten thousand rules would fit


def read_books(path: Path) -> tuple[RuleBook, ...]:
    """All books of a file or folder, by community. Raises ConfigurationError with every fault of every file."""
    books: dict[Path, RuleBook] = {}
    faults: list[str] = []
    for file in _files(path):
        try:
            books[file] = read_book(file)
        except ConfigurationError as error:
            faults += error.faults
    faults += _clashes(books)
    if faults:
        raise ConfigurationError(*faults)
    return tuple(sorted(books.values(), key=lambda book: book.community.id))


def read_book(file: Path) -> RuleBook:
    """One book. Raises ConfigurationError with one line for each fault."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read ({error.strerror}); is PLAUDIT_RULES right?") from None
    if len(data) > LARGEST:
        raise ConfigurationError(f"{file}: is larger than 1 MB; is it a rule book?")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(f"{file}:{line} is not UTF-8; save it with that encoding") from None
    return load(text, str(file))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(path.glob("*.toml"))
    if not found:
        raise ConfigurationError(f"{path}: holds no rule book; put one *.toml file per community there")
    return found


def _clashes(books: dict[Path, RuleBook]) -> list[str]:
    """What only several books can get wrong: the same community or source twice, or a source left to guess."""
    if len(books) < 2:
        return []
    faults = [
        f"{file}: community.sources: is missing; with several books each says which sources belong to it"
        for file, book in books.items()
        if book.community.sources is None
    ]
    named = [(f'community "{book.community.id}"', file) for file, book in books.items()]
    named += [(f'source "{s}"', file) for file, book in books.items() for s in book.community.sources or ()]
    return faults + _repeated(named)


def _repeated(named: Sequence[tuple[str, Path]]) -> list[str]:
    first: dict[str, Path] = {}
    return [
        f"{file}: the {name} is also in {first[name]}; each belongs to one book"
        for name, file in named
        if first.setdefault(name, file) != file
    ]
