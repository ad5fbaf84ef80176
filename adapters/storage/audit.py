"""The audit trail in SQL: added to in the transaction of what it tells of, and searched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.audit import Act

Many = Callable[[str, list[tuple[Any, ...]]], int]
_NOTE = """
INSERT INTO act (community, at, "by", what, about, reason, "before", "after") VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_SEARCH = """
SELECT at, "by", what, about, reason, "before", "after" FROM act
WHERE community = :community AND at >= :since AND at < :until
AND (:by = '' OR "by" IN (SELECT value FROM json_each(:by)))
AND (:about = '' OR about IN (SELECT value FROM json_each(:about)))
AND (:what = '' OR instr(what, :what))
AND (:text = '' OR instr(lower(reason || ' ' || "before" || ' ' || "after"), lower(:text)))
ORDER BY at DESC, id DESC LIMIT :most
"""
FOREVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; empty parts ask nothing. `by` and `about`: accounts as a JSON list; `what`: a part of the type;
    `text`: a part of the reason or of what changed. Times are UTC microseconds, [since, until)."""

    by: str = ""
    about: str = ""
    what: str = ""
    text: str = ""
    since: int = -FOREVER
    until: int = FOREVER
    most: int = 1_000_000


def note(many: Many, community: str, acts: Iterable[Act]) -> None:
    """Add to the trail."""
    many(_NOTE, [(community, a.at, a.by, a.what, a.about, a.reason, a.before, a.after) for a in acts])


def search(rows: Callable[[str, dict[str, Any]], Sequence[Any]], community: str, wanted: Wanted) -> list[Act]:
    """The acts that were asked for, newest first."""
    asked = {name: getattr(wanted, name) for name in Wanted.__dataclass_fields__}
    return [Act(*row) for row in rows(_SEARCH, {"community": community, **asked})]
