"""`[rewards]` and `[reward.ID]`: what members may take for their points, and how much of it in a month."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import Field, PlainValidator

from core.rules.grammar import Count, Date, LevelWritten, Table, Text, Texts, Whole
from core.rules.locations import Path

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")  # a button carries it, with a price and a mark
POINTS = "points"
_REMEDY = 'write what one point costs, as "0.01"'


def _cost(value: object) -> Decimal:
    try:
        cost = Decimal(value) if isinstance(value, str | Decimal) else Decimal(-1)
    except InvalidOperation:
        raise ValueError(_REMEDY) from None
    if not (cost.is_finite() and 0 < cost <= 1_000_000):
        raise ValueError(_REMEDY)
    return cost


class Rewards(Table):
    """`currency_one`: what a single one is called. `approve_above`: dearer ones wait for a manager's word. Caps are
    points in a calendar month. `cost_per_point`: in `money`, exact."""

    currency: Text = POINTS
    currency_one: Text | None = None
    approve_above: Whole | None = None
    monthly_cap: Whole | None = None
    cap_per_team: Whole | None = None
    cost_per_point: Annotated[Decimal, PlainValidator(_cost)] | None = None
    money: Text | None = None

    def unit(self, number: int) -> str:
        """What so many are called, in words of the book's own."""
        return self.currency_one if abs(number) == 1 and self.currency_one is not None else self.currency


class Eligible(Table):
    """Who may redeem it, as things are at that moment."""

    role: Texts | None = None
    team: Texts | None = None
    level: LevelWritten | None = None


class Reward(Table):
    """`stock`, `per_person`: how many there are in all, and for each person; None: as many as there are points for."""

    name: Text
    description: Text | None = None
    price: Count
    stock: Whole | None = None
    per_person: Count | None = None
    from_: Date | None = Field(None, alias="from")
    until: Date | None = None
    who: Eligible | None = None


def reward_faults(
    rewards: Rewards | None, shelf: Mapping[str, Reward], level_number: Callable[[int | str], int | None]
) -> Iterator[tuple[Path, str, str]]:
    """What no key shows alone, as (path, what to write instead, number). `level_number`: None for a level that the book
    does not have."""
    if rewards is not None and rewards.cost_per_point is not None and rewards.money is None:
        yield ("rewards", "cost_per_point"), 'say in which money; add money = "EUR"', "R2"
    if rewards is not None and rewards.currency_one is not None and rewards.currency == POINTS:
        yield ("rewards", "currency_one"), 'say what several are called, too; add currency = "stars"', "R2"
    for name, reward in shelf.items():
        path: Path = ("reward", name)
        if rewards is None:
            yield path, "nobody can redeem it without [rewards]; add that table, it may be empty", "R2"
        if not _ID.fullmatch(name):
            yield path, "an id has up to 40 letters, digits, _ and -; what members see goes into name", "R0"
        if reward.from_ is not None and reward.until is not None and reward.until < reward.from_:
            yield (*path, "until"), f"until lies before from; write {reward.from_} or later", "R11"
        if reward.who is not None and reward.who.level is not None and level_number(reward.who.level) is None:
            yield (*path, "who", "level"), "there is no such level; add a [[level]], or write the number of one", "R4"
        cap = rewards.monthly_cap if rewards is not None else None
        if cap is not None and reward.price > cap:
            text = f"is above monthly_cap ({cap}), so nobody could redeem it; raise that, or lower this"
            yield (*path, "price"), text, "R10"
