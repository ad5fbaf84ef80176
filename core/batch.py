"""What those who help to evaluate a batch of changes may ask and say."""

from __future__ import annotations

from typing import Protocol

from core.changes import Move, Outcome
from core.court import Court
from core.criteria.criterion import Criterion, Entry
from core.events import Fact
from core.judgement import Judgement
from core.members import Member, People
from core.plan import Plan
from core.ports import History
from core.progress import States
from core.signals import SignalEvent

Step = tuple[Criterion, Member, Entry | None, Entry | None, Fact | None]
"""A move of a rule that is kept straight."""


class Batch(Protocol):
    """One batch of changed facts against one rule book, while it is evaluated."""

    plan: Plan
    people: People
    states: States
    history: History
    now: int
    outcome: Outcome
    court: Court
    moves: dict[str, list[Move]]
    steps: list[Step]

    def judgement(self, member: Member) -> Judgement:
        """The member as the log shows them now."""
        ...

    def again(self, member: Member, c: Criterion) -> None:
        """The awards that rest on this condition must be judged from the log."""
        ...

    def tell(self, before: SignalEvent | None, after: SignalEvent | None) -> None:
        """Pass a signal's event on to the rules that use it."""
        ...
