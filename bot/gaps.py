"""What a new rule would count that is not there any more, because it was old and no rule needed it then."""

from __future__ import annotations

from adapters.storage.audit import Wanted, search
from adapters.storage.history import SqlHistory
from adapters.storage.reading import reading
from adapters.storage.rulings import book_in_force
from bot.settings import Settings
from core.plan import compile_plan
from core.retention import RETENTION, needs_of, newly_needed
from core.rules.book import RuleBook
from core.rules.findings import Finding


def warnings(settings: Settings, book: RuleBook) -> list[str]:
    """The same in words, for a book that is to come into force."""
    with reading(settings.database_url) as histories:
        return [str(found) for found in gaps(book, histories(book.community.id))]


def gaps(book: RuleBook, history: SqlHistory) -> list[Finding]:
    """One warning, or none: also where nothing was ever deleted."""
    trail = search(history.named_rows, history.community, Wanted(what=RETENTION, most=1))
    before = book_in_force(history) if trail else None
    if before is None:
        return []
    names = newly_needed(needs_of(compile_plan(book)), needs_of(compile_plan(before)))
    if not names:
        return []
    text = (
        f"no rule needed {', '.join(names)} until now, so what is {trail[0].reason} may be deleted and count for nobody"
    )
    return [Finding(book.written.file, None, "", "R0", text, "warning")]
