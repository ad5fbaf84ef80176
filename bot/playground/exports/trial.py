"""The rules of the page, as somebody set them, over a year of an export. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.playground.community import rule_book, rules_text
from bot.playground.exports.history import History
from core.court import Court
from core.plan import compile_plan
from core.replay import Log, longest_settle, replay
from core.results import Replay
from core.rules.book import RuleBook

LARGEST_GOAL = 1_000
CHAT = frozenset({"message.posted", "thread.replied", "thread.started", "reaction.added"})
MARK = "reaction.added"
_HELPFUL = re.compile(r"^helpful = \[.*\]$", re.MULTILINE)
Json = dict[str, Any]
RuleKey = Annotated[str, StringConstraints(pattern=r"^(signal|achievement) [a-z0-9_]{1,60}$")]
Goal = Annotated[int, Field(ge=1, le=LARGEST_GOAL)]
Emoji = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_+'-]{1,60}$")]


class Wish(BaseModel):
    """How the page is set. `goals` by rule (`signal helpful_answer`); `marks`: which reactions say "this helped"; those
    left out are as the rule book has them. `least`: from how many people on somebody may be listed as unnoticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    goals: Annotated[dict[RuleKey, Goal], Field(max_length=50)] = {}
    marks: Annotated[tuple[Emoji, ...], Field(min_length=1, max_length=40)] | None = None
    least: Annotated[int, Field(ge=1, le=LARGEST_GOAL)] = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """What the rules give, and all that is needed to explain it."""

    book: RuleBook
    log: Log
    result: Replay
    raw_types: dict[str, frozenset[str]]

    def court(self) -> Court:
        """Everybody at the moment of the trial."""
        now = (self.log.latest or 0) + longest_settle(self.log.plan)
        return Court(self.log.plan, self.log.settle(), self.log, now)


def try_out(history: History, wish: Wish) -> Trial:
    """Raises nothing: the book is the demo's, and goals and marks are checked."""
    book = wished(history.source, wish)
    plan = compile_plan(book)
    log = Log(plan)
    for statement in history.statements:
        log.take(statement)
    return Trial(book, log, replay(plan, log, progress=False), dict(plan.raw_types))


def wished(source: str, wish: Wish) -> RuleBook:
    """The demo's book with these marks and goals, for the workspace of the export."""
    text = rules_text()
    if wish.marks is not None:
        listed = ", ".join(f'"{emoji}"' for emoji in wish.marks)
        text = _HELPFUL.sub(lambda _: f"helpful = [{listed}]", text)
    return _with_goals(rule_book([source], text), wish)


def _with_goals(book: RuleBook, wish: Wish) -> RuleBook:
    """A signal that wants another number no longer means what the book says it means: its words are made anew."""
    signals = dict(book.signals)
    for name, signal in book.signals.items():
        goal = wish.goals.get(f"signal {name}", signal.goal)
        if goal != signal.goal:
            signals[name] = signal.model_copy(update={"goal": goal, "describe": None})
    rules = {
        name: rule.model_copy(update={"goal": wish.goals[f"achievement {name}"], "description": None})
        if f"achievement {name}" in wish.goals
        else rule
        for name, rule in book.achievements.items()
    }
    return book.model_copy(update={"signals": signals, "achievements": rules})
