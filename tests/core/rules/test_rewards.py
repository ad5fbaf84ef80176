"""What `plaudit check` says about rewards."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.reward_cards import points
from tests.core.rules.books import book, faults

MUG = '[reward.mug]\nname = "Mug"\nprice = 300\n'


def test_an_empty_table_switches_rewards_on() -> None:
    assert book("").rewards is None
    known = book(f"[rewards]\n{MUG}")
    assert known.rewards is not None
    assert (known.rewards.currency, known.shelf["mug"].price, known.shelf["mug"].stock) == ("points", 300, None)


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 stars"), (1, "1 star"), (-1, "-1 star"), (2, "2 stars"), (1_001, "1,001 stars")]
)
def test_a_single_one_may_have_a_name_of_its_own(number: int, said: str) -> None:
    assert points(number, book('[rewards]\ncurrency = "stars"\ncurrency_one = "star"\n')) == said


def test_what_has_only_one_name_keeps_it() -> None:
    assert points(1, book('[rewards]\ncurrency = "karma"\n')) == "1 karma"


@pytest.mark.parametrize("written", ['"0.01"', "0.01"])
def test_what_a_point_costs_is_read_exactly(written: str) -> None:
    rewards = book(f'[rewards]\nmoney = "EUR"\ncost_per_point = {written}\n').rewards
    assert rewards is not None
    assert rewards.cost_per_point == Decimal("0.01")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (MUG, "rules.toml:2 reward.mug: nobody can redeem it without [rewards]"),
        (f"[rewards]\nmonthly_cap = 299\n{MUG}", "rules.toml:6 reward.mug.price: is above monthly_cap (299)"),
        ('[rewards]\ncost_per_point = "0.01"\n', "rules.toml:3 rewards.cost_per_point: say in which money"),
        ('[rewards]\ncurrency_one = "star"\n', "rewards.currency_one: say what several are called, too"),
        ('[rewards]\ncost_per_point = "cheap"\n', 'write what one point costs, as "0.01"'),
        ('[rewards]\ncost_per_point = "-1"\n', 'write what one point costs, as "0.01"'),
        ("[rewards]\nmonthly_kap = 3\n", 'unknown key "monthly_kap". Did you mean "monthly_cap"?'),
        (f"[rewards]\n{MUG}price_ = 3\n", 'unknown key "price_". Did you mean "price"?'),
        (f"[rewards]\n{MUG}stock = -1\n", "write 0 or more"),
        (f"[rewards]\n{MUG}until = 2026-01-01\nfrom = 2026-01-02\n", "until lies before from; write 2026-01-02"),
        (f"[rewards]\n{MUG}who.level = 1\n", "reward.mug.who.level: there is no such level"),
        ('[rewards]\n[reward."big mug"]\nname = "Mug"\nprice = 3\n', "an id has up to 40 letters"),
    ],
)
def test_each_fault_has_its_line_and_what_to_write_instead(text: str, told: str) -> None:
    (said,) = faults(text)
    assert told in said
