"""What rewards cost in a month: what is spent of the cap, where it leads, what an award and an active member cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from core.badges import name_of
from core.language import ENGLISH, Language
from core.rules.book import RuleBook
from core.rules.rewards import POINTS, Rewards

WARN_AT = 80  # percent of the monthly cap
WEEKS = 4
_DAY = 24 * 3_600_000_000  # microseconds
_WEEK = 7 * _DAY
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Given:
    """How often an achievement was given in the month, less what was taken back, and the points that came of it."""

    awards: int
    points: int


@dataclass(frozen=True, slots=True)
class Spending:
    """What storage knows of one month. `month`: as 2026-11; `now`, `end`: UTC microseconds; `spent`: points redeemed in
    it and not given back; `teams`: the same by team; `recent`: points redeemed in the last four weeks; `since`: the
    first redemption of all; `given`: by achievement; `active`: members, no bots, who did something in the month."""

    month: str
    now: int
    end: int
    spent: int = 0
    teams: Mapping[str, int] = field(default_factory=dict)
    recent: int = 0
    since: int | None = None
    given: Mapping[str, Given] = field(default_factory=dict)
    active: int = 0

    @property
    def awards(self) -> int:
        return sum(given.awards for given in self.given.values())


@dataclass(frozen=True, slots=True)
class Forecast:
    """`weekly`: the mean of the last `weeks` weeks; `total`: what the month comes to if that goes on."""

    weekly: Decimal
    weeks: int
    total: int


def forecast(spending: Spending) -> Forecast:
    """The mean of the last four weeks (of fewer, where rewards are younger) times the weeks that are left."""
    age = 0 if spending.since is None else spending.now - spending.since
    weeks = min(WEEKS, max(1, math.ceil(age / _WEEK)))
    weekly = Decimal(spending.recent) / weeks
    left = Decimal(max(0, spending.end - spending.now)) / _WEEK
    return Forecast(weekly, weeks, spending.spent + int((weekly * left).to_integral_value(ROUND_HALF_UP)))


def is_low(spent: int, cap: int | None) -> bool:
    """Is so much of the cap used up that somebody should know?"""
    return cap is not None and spent * 100 >= cap * WARN_AT


def cost(points: int, rewards: Rewards) -> Decimal | None:
    """What so many points cost, exactly; None where the book does not say."""
    return None if rewards.cost_per_point is None else points * rewards.cost_per_point


def each(whole: Decimal, number: int) -> Decimal | None:
    """The share of each of so many, rounded to hundredths; None for none."""
    return (whole / number).quantize(_CENT, ROUND_HALF_UP) if number else None


def by_size(teams: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    """Who spent most comes first."""
    return sorted(teams.items(), key=lambda row: (-row[1], row[0]))


# ---- what managers read


def report(spending: Spending, book: RuleBook, t: Language = ENGLISH) -> list[str]:
    """The month in sentences. Nothing for a community without rewards."""
    rewards = book.rewards
    if rewards is None:
        return []
    lines = [_spent(spending, rewards, t)]
    lines += [_team(name, spent, rewards, t) for name, spent in by_size(spending.teams)]
    lines += [_ahead(forecast(spending), rewards, t)] if spending.since is not None else []
    lines += _costs(spending, rewards, t)
    return [*lines, *_given(spending, book, rewards, t)]


def _spent(spending: Spending, rewards: Rewards, t: Language) -> str:
    text = t.gettext("{month}: {spent} {points} redeemed.")
    if rewards.monthly_cap is not None:
        text = t.gettext("{month}: {spent} of {cap} {points} redeemed.")
    cap, points = t.number(rewards.monthly_cap or 0), _points(rewards.monthly_cap or spending.spent, rewards, t)
    return text.format(month=spending.month, spent=t.number(spending.spent), cap=cap, points=points)


def _team(name: str, spent: int, rewards: Rewards, t: Language) -> str:
    text = t.gettext("{team}: {spent} of {cap}.") if rewards.cap_per_team is not None else t.gettext("{team}: {spent}.")
    return text.format(team=name, spent=t.number(spent), cap=t.number(rewards.cap_per_team or 0))


def _ahead(ahead: Forecast, rewards: Rewards, t: Language) -> str:
    """A forecast says what it rests on."""
    weeks = t.counted("of the last week", "of the last {n} weeks", ahead.weeks)
    text = t.gettext("If the mean {weeks} goes on ({weekly} a week), the month comes to about {total} {points}.")
    if rewards.monthly_cap is not None and ahead.total > rewards.monthly_cap:
        text += " " + t.gettext("That is above the cap.")
    weekly = t.number(int(ahead.weekly.to_integral_value(ROUND_HALF_UP)))
    points = _points(ahead.total, rewards, t)
    return text.format(weeks=weeks, weekly=weekly, total=t.number(ahead.total), points=points)


def _costs(spending: Spending, rewards: Rewards, t: Language) -> list[str]:
    whole = cost(spending.spent, rewards)
    if whole is None:
        return []
    parts = [t.gettext("Cost: {cost}").format(cost=_money(whole, rewards, t))]
    if (award := each(whole, spending.awards)) is not None:
        awards = t.counted("{n} award", "{n} awards", spending.awards)
        parts.append(t.gettext("{cost} for each of {awards}").format(cost=_money(award, rewards, t), awards=awards))
    if (member := each(whole, spending.active)) is not None:
        active = t.counted("{n} active member", "{n} active members", spending.active)
        parts.append(t.gettext("{cost} for each of {active}").format(cost=_money(member, rewards, t), active=active))
    return [", ".join(parts) + "."]


def _given(spending: Spending, book: RuleBook, rewards: Rewards, t: Language) -> list[str]:
    """What the month added to what members may still redeem."""
    lines = []
    for name, given in sorted(spending.given.items(), key=lambda row: (-row[1].points, row[0])):
        awards = t.counted("{n} award", "{n} awards", given.awards)
        worth = cost(given.points, rewards)
        points = f"{t.number(given.points)} {_points(given.points, rewards, t)}"
        points += f", {_money(worth, rewards, t)}" if worth else ""
        lines.append(
            t.gettext("{badge}: {awards}, {points}.").format(badge=name_of(book, name), awards=awards, points=points)
        )
    return lines


def _points(number: int, rewards: Rewards, t: Language) -> str:
    """What so many of them are called."""
    return t.ngettext("point", "points", number) if rewards.currency == POINTS else rewards.unit(number)


def _money(amount: Decimal, rewards: Rewards, t: Language) -> str:
    return f"{t.money(amount.quantize(_CENT, ROUND_HALF_UP))} {rewards.money or ''}".rstrip()
