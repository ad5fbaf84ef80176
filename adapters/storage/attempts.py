"""Changes that are done whole, or not at all where somebody else was faster."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import sqlalchemy as sa

from core.errors import PlauditError

Change = TypeVar("Change")


class Late(PlauditError):
    """It cannot be done any more."""


def attempt(db: sa.Connection, changes: Iterable[Change], do: Callable[[Change], None]) -> bool:
    """All of them, or none where one raises Late."""
    db.exec_driver_sql("SAVEPOINT attempt")
    try:
        for change in changes:
            do(change)
    except Late:
        db.exec_driver_sql("ROLLBACK TO attempt")
        return False
    finally:
        db.exec_driver_sql("RELEASE attempt")
    return True
