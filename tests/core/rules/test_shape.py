"""Words that go together or not, beyond those in test_lint: every day of a period, and what can come again."""

from __future__ import annotations

import pytest

from core.rules.loading import load
from tests.core.rules.books import HEAD, faults

STEPS = 'steps = ["question.asked", "thanks.given"]\nwithin = "7 days"\n'
BOTH = 'all = [{ when = "message.posted" }, { when = "thread.replied" }]\n'
EITHER = 'any = [{ when = "message.posted" }, { when = "thread.replied" }]\n'
DAILY = 'when = "message.posted"\ngoal = "every"\n'


def rule(words: str) -> str:
    return f'[achievement.x]\nname = "X"\n{words}'


@pytest.mark.parametrize("head", [STEPS, BOTH, EITHER])
def test_steps_and_combinations_come_again_only_for_another_thing_or_season(head: str) -> None:
    (fault,) = faults(rule(f"{head}repeat = true"))
    assert 'repeat needs to know what is new each time; add same (as same = "thread")' in fault
    load(f'{HEAD}{rule(head)}same = "thread"\nrepeat = 3', "rules.toml")
    load(f'{HEAD}{rule(head)}season = ["12-01", "01-31"]\nrepeat = true', "rules.toml")


def test_every_day_needs_a_period_of_days() -> None:
    load(f'{HEAD}{rule(DAILY)}distinct = "day"\nin_one = "month"', "rules.toml")
    for more in (
        "",
        'distinct = "day"',
        'in_one = "month"',
        'distinct = "day"\nin_one = "day"',
        'distinct = "channel"',
    ):
        (fault,) = faults(rule(f"{DAILY}{more}"))
        assert 'goal = "every" means every day of a period' in fault
