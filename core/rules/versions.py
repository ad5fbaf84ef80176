"""Versions of achievements: what changed since the book in force, and what the file must say about it (R8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.events import Statement
from core.rules.book import RuleBook
from core.rules.faults import Fault, write_faults
from core.rules.findings import Finding
from core.rules.fingerprint import fingerprint
from core.rules.locations import Path, lines_of

SOURCE = "plaudit"
RULE_CHANGED = "rule.changed"


@dataclass(frozen=True, slots=True)
class Edition:
    """One achievement as it is in force. `version` 0: from before versions were kept, so any version will do."""

    fingerprint: str
    version: int


Editions = Mapping[str, Edition]


def editions(book: RuleBook) -> dict[str, Edition]:
    """Every achievement of a book by id, also those that are off."""
    return {name: Edition(fingerprint(book, name), rule.version) for name, rule in book.achievements.items()}


def version_findings(book: RuleBook, known: Editions) -> list[Finding]:
    """What keeps a book from replacing the one in force: a changed rule under its old version, or a lower version."""
    lines = lines_of(book.written.text)
    return write_faults(_faults(book, known, lines), lines, book.written.file)


def raised(book: RuleBook, known: Editions) -> list[str]:
    """Achievements whose version rose, in the order of the book."""
    rules = book.achievements.items()
    return [name for name, rule in rules if name in known and 0 < known[name].version < rule.version]


def rule_changed(book: RuleBook, achievement: str, now: int) -> Statement:
    """What the log says about a version from its first moment on; it names nobody."""
    rule = book.achievements[achievement]
    return Statement(
        source=SOURCE,
        id=f"rule:{achievement}:{rule.version}",
        at=now,
        type=RULE_CHANGED,
        facts={
            "achievement": achievement,
            "version": rule.version,
            "fingerprint": fingerprint(book, achievement),
            "existing": rule.existing,
            "progress": rule.progress,
        },
    )


def _faults(book: RuleBook, known: Editions, lines: Mapping[Path, int]) -> Iterator[Fault]:
    for name, new in editions(book).items():
        old = known.get(name)
        if old is None or old.version == 0:
            continue
        changed = new.fingerprint != old.fingerprint
        path = ("achievement", name)
        if changed and new.version <= old.version:
            yield Fault(path, _raise_it(path, old.version, lines), (*path, "version"), "R8")
        elif new.version < old.version:
            text = f"version {old.version} is in force, and versions only rise; write version = {old.version}"
            yield Fault(path, text, (*path, "version"), "R8")


def _raise_it(path: Path, version: int, lines: Mapping[Path, int]) -> str:
    """With the lines to paste: what is written already is to be replaced, and a chosen `existing` stays."""
    lines_to_paste = [f"version = {version + 1}"]
    if (*path, "existing") not in lines:
        lines_to_paste.append('existing = "keep"  # or "recheck": whoever does not meet the new rule loses it')
    written = (*path, "version") in lines
    where = "in place of its version" if written else "below its [header]"
    said = f"it takes something else now than in version {version}; paste this {where}:"
    return "\n    ".join([said, *lines_to_paste])
