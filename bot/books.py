"""The rule books of this installation: one file, or a folder with one per community."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from core.rules.book import RuleBook
from core.rules.findings import BookRefused, Finding
from core.rules.loading import load

LARGEST = 1_000_000  # bytes; ten thousand rules would fit
BESIDE = ".examples.toml"  # rules.examples.toml holds examples for rules.toml, and is no book


def read_books(path: Path) -> tuple[RuleBook, ...]:
    """All books of a file or folder, by community. Raises BookRefused with every fault of every file."""
    books: dict[Path, RuleBook] = {}
    faults: list[Finding] = []
    for file in book_files(path):
        try:
            books[file] = read_book(file)
        except BookRefused as error:
            faults += error.findings
    faults += clashes(books)
    if faults:
        raise BookRefused(*faults)
    return tuple(sorted(books.values(), key=lambda book: book.community.id))


def read_book(file: Path) -> RuleBook:
    """One book. Raises BookRefused with one line for each fault."""
    return load(read_text(file), str(file))


def read_text(file: Path) -> str:
    """What a rule book, or a file of examples, says. Raises BookRefused if it cannot be read."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except FileNotFoundError:
        raise _unread(file, "there is no such file; is PLAUDIT_RULES right? plaudit init writes a first book") from None
    except OSError as error:
        raise _unread(file, f"cannot be read ({error.strerror}); is PLAUDIT_RULES right?") from None
    if len(data) > LARGEST:
        raise _unread(file, "is larger than 1 MB; is it a rule book?")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unread(file, "is not UTF-8; save it with that encoding", line) from None


def _unread(file: Path, text: str, line: int | None = None) -> BookRefused:
    return BookRefused(Finding(str(file), line, "", "R0", text))


def book_files(path: Path) -> list[Path]:
    """The file, or every book of the folder. Raises BookRefused for a folder without any."""
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.glob("*.toml") if not file.name.endswith(BESIDE))
    if not found:
        raise _unread(path, "holds no rule book; put one *.toml file per community there")
    return found


def clashes(books: Mapping[Path, RuleBook]) -> list[Finding]:
    """What only several books can get wrong: the same community or source twice, or a source left to guess."""
    if len(books) < 2:
        return []
    missing = "is missing; with several books each says which sources belong to it"
    faults = [
        Finding(str(file), None, "community.sources", "R0", missing)
        for file, book in books.items()
        if book.community.sources is None
    ]
    named = [(f'community "{book.community.id}"', file) for file, book in books.items()]
    named += [(f'source "{s}"', file) for file, book in books.items() for s in book.community.sources or ()]
    return faults + _repeated(named)


def _repeated(named: Sequence[tuple[str, Path]]) -> list[Finding]:
    first: dict[str, Path] = {}
    return [
        Finding(str(file), None, "", "R0", f"the {name} is also in {first[name]}; each belongs to one book")
        for name, file in named
        if first.setdefault(name, file) != file
    ]
