"""A second opinion: rules-exact.md written down naively, one definition after the other, however slow.

It shares no code with the evaluation: it reads the rule book's TOML itself, and its days come from zoneinfo. `faults`
switches single sentences off, so that tests can show that they would notice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from decimal import Decimal

from core.events import Statement
from tests.oracle.awards import Oracle
from tests.oracle.verdict import Row, Verdict, Won
from tests.oracle.wrong import FAULTS

__all__ = ["FAULTS", "Row", "Verdict", "Won", "judge"]


def judge(
    book: str,
    statements: Sequence[Statement],
    now: int,
    links: Iterable[Sequence[str]] = (),
    faults: frozenset[str] = frozenset(),
) -> Verdict:
    """What these statements, in order of arrival, support at this moment under the rule book's text.

    Statements dated after `now` are not there yet.
    """
    return Oracle(tomllib.loads(book, parse_float=Decimal), statements, now, links, faults).verdict()
