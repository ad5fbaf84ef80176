"""What can be claimed: badges that count a moderator's word, and those given by hand."""

from __future__ import annotations

from dataclasses import dataclass

from core.badges import shown
from core.claims import OTHER
from core.commands.validate import VALIDATED, named_kinds
from core.rules.book import Achievement, RuleBook, Source, conditions


@dataclass(frozen=True, slots=True)
class Choice:
    """What a claim is for. `achievement` None: something else."""

    achievement: str | None
    kind: str
    by_hand: bool = False

    @property
    def key(self) -> str:
        """Short enough for a form where the names are."""
        return f"{self.achievement or ''}|{self.kind}"


def claimable(book: RuleBook) -> list[Choice]:
    """Badges that count what a moderator vouches for, one line for each kind, and those given by hand."""
    found: list[Choice] = []
    for name, rule in shown(book).items():
        if rule.manual is not None:
            found.append(Choice(name, "", by_hand=True))
        else:
            found += [Choice(name, kind) for kind in _kinds(book, rule)]
    return found


def _kinds(book: RuleBook, rule: Achievement) -> list[str]:
    """The kinds that a badge counts; one without a filter counts any."""
    parts: list[Source] = [part for part in conditions(rule) if VALIDATED in part.when]
    parts += [s for i, s in book.signals.items() if VALIDATED in s.when and any(i in c.when for c in conditions(rule))]
    return list(dict.fromkeys(kind for part in parts for kind in (named_kinds(part) or [OTHER])))


def choice_of(book: RuleBook, key: str) -> Choice | None:
    """What was chosen in a form; None for what can be claimed no longer."""
    if key == OTHER:
        return Choice(None, OTHER)
    return next((c for c in claimable(book) if c.key == key), None)
