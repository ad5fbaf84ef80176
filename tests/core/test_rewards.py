"""What stands against a redemption, what the log says of one, and how the books are read."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.events import Statement, fact_of
from core.rewards import (
    AFTER,
    BEFORE,
    Entry,
    Hindrance,
    Payout,
    Redeem,
    Settle,
    Till,
    balance_of,
    hindrance,
    left,
    payout_of,
    redeemed,
    redemption,
    said_of,
    settlement,
    team_at,
    tidied,
    worth,
)
from core.rules.book import RuleBook
from tests.core.rules.books import book

SHOP = """
[[level]]
name = "Regular"
at = 1
[[level]]
name = "Elder"
at = 9
[rewards]
approve_above = 300
monthly_cap = 1000
cap_per_team = 600
[reward.mug]
name = "Mug"
price = 200
stock = 3
per_person = 2
from = 2026-03-01
until = 2026-03-31
who.role = "Crew"
who.level = "Regular"
who.team = ["Red", "Blue"]
"""
DAY = dt.date(2026, 3, 18).toordinal()
ENOUGH = Till(500, {}, {}, 0, "Red", 0, frozenset({"Crew"}), frozenset({"Elder"}))


@pytest.fixture(scope="module")
def shop() -> RuleBook:
    return book(SHOP)


@pytest.mark.parametrize(
    ("till", "day", "against"),
    [
        (ENOUGH, DAY, None),
        (replace(ENOUGH, balance=200, taken={"mug": 2}, own={"mug": 1}, month=800, team_month=400), DAY, None),
        (ENOUGH, DAY - 18, "not yet"),
        (ENOUGH, DAY + 14, "over"),
        (replace(ENOUGH, roles=frozenset()), DAY, "who"),
        (replace(ENOUGH, team="Green"), DAY, "who"),
        (replace(ENOUGH, levels=frozenset()), DAY, "who"),
        (replace(ENOUGH, taken={"mug": 3}), DAY, "sold out"),
        (replace(ENOUGH, taken={"mug": 4}), DAY, "sold out"),
        (replace(ENOUGH, own={"mug": 2}), DAY, "enough"),
        (replace(ENOUGH, balance=199), DAY, "points"),
        (replace(ENOUGH, team_month=401), DAY, "team"),
        (replace(ENOUGH, month=801), DAY, "month"),
    ],
)
def test_one_thing_short_is_enough_to_say_no(shop: RuleBook, till: Till, day: int, against: Hindrance | None) -> None:
    assert hindrance(shop, "mug", till, day) == against


def test_what_the_book_does_not_have_cannot_be_redeemed(shop: RuleBook) -> None:
    assert hindrance(shop, "boat", ENOUGH, DAY) == "unknown"
    assert hindrance(shop.model_copy(update={"rewards": None}), "mug", ENOUGH, DAY) == "unknown"
    assert left(shop.shelf["mug"], "mug", replace(ENOUGH, taken={"mug": 9})) == 0


def order(price: int = 200) -> Redeem:
    return Redeem("k1", "slack:T1/A", "mug", price, "C1")


def test_only_what_is_dearer_than_the_line_waits_for_a_yes(shop: RuleBook) -> None:
    assert [redeemed(shop, order(price), 1, None, 7).state for price in (299, 300, 301)] == ["open", "open", "asked"]


def test_the_log_names_the_member_as_the_one_concerned_and_not_as_one_who_did_something(shop: RuleBook) -> None:
    said = redemption(redeemed(shop, order(), 17, "Red", 7))
    assert (said.id, said.source, said.actor, said.target) == ("reward:17", "moderator", None, "slack:T1/A")
    assert said.facts == {"reward": "mug", "price": 200, "approval": False, "team": "Red"}


def steps(shop: RuleBook, *names: str) -> list[Statement]:
    payout = redeemed(shop, order(301), 17, None, 7)
    made = [settlement(payout, Settle(17, step, "slack:T1/N", "Why"), 8) for step in AFTER if step in names]
    return [redemption(payout), *made]


@pytest.mark.parametrize(
    ("names", "state", "points"),
    [
        ((), "asked", -301),
        (("approved",), "open", -301),
        (("approved", "handed_out"), "handed out", -301),
        (("declined",), "declined", 0),
        (("approved", "handed_out", "refunded"), "refunded", 0),
    ],
)
def test_the_log_alone_says_how_each_stands(shop: RuleBook, names: tuple[str, ...], state: str, points: int) -> None:
    said = steps(shop, *names)
    assert said_of(reversed(said)) == {17: ("slack:T1/A", state, points)}
    facts = [fact_of(s, s.at, 0) for s in said]
    assert balance_of(facts, ("slack:T1/A", "discord:2/A")) == points
    assert balance_of(facts, ("slack:T1/B",)) == 0


def test_points_come_and_go_by_our_own_word_only(shop: RuleBook) -> None:
    ours = steps(shop)[0]
    assert worth(ours) == -301
    assert worth(replace(ours, source="desk:acme")) == 0
    assert worth(replace(ours, facts={"price": "301"})) == 0
    assert said_of([replace(ours, source="desk:acme")]) == {}


def test_every_step_leaves_the_states_it_starts_from() -> None:
    assert all(AFTER[step] not in BEFORE[step] for step in BEFORE)
    assert BEFORE.keys() == AFTER.keys()


@pytest.mark.parametrize(
    ("cause", "number"), [("reward:17:redeemed", 17), ("awarded", None), ("reward:x", None), ("reward", None)]
)
def test_the_cause_says_which_reward_an_entry_is_about(cause: str, number: int | None) -> None:
    assert payout_of(cause) == number


def test_what_only_changed_its_holder_is_not_told() -> None:
    moved = [Entry(10, 5, "awarded", "x", member="A"), Entry(-10, 5, "revoked", "x", member="B")]
    stays = [
        Entry(10, 4, "awarded", "x", member="B"),
        Entry(-10, 6, "revoked", "x"),
        Entry(-5, 5, "reward:1:a", "x", 1),
    ]
    assert tidied([*moved, *stays]) == stays


def joined(team: str, at: int, who: str = "slack:T1/A") -> Statement:
    return Statement("roster", f"t{at}", at, "team.joined", target=who, facts={"team": team})


def test_the_team_is_the_latest_that_was_said_by_then() -> None:
    said = [joined("Red", 1), joined("Blue", 2, "slack:T1/B"), joined("Green", 5), joined("", 9)]
    facts = [fact_of(s, s.at, 0) for s in said]
    assert [team_at(facts, ("slack:T1/A",), now) for now in (0, 3, 7, 9)] == [None, "Red", "Green", None]


def test_a_payout_is_a_plain_record() -> None:
    assert Payout(1, "k", "slack:T1/A", "mug", "Mug", 2, "open", 3).team is None
