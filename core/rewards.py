"""What members take for their points: what stands against it, what the log says of it, and what the ledger gets.

Whether somebody may have a reward is decided once, in the commit that writes it down. The log holds what was accepted,
so that a replay decides nothing again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol

from core.events import Account, Fact, Statement, Value
from core.members import Member
from core.rules.book import RuleBook
from core.rules.ranks import level_number
from core.rules.rewards import Eligible, Reward

SOURCE = "moderator"
REDEEMED = "reward.redeemed"
APPROVED = "reward.approved"
DECLINED = "reward.declined"
HANDED_OUT = "reward.handed_out"
REFUNDED = "reward.refunded"
TYPES = frozenset({REDEEMED, APPROVED, DECLINED, HANDED_OUT, REFUNDED})
BACK = frozenset({DECLINED, REFUNDED})
"""Types of facts by which the points are given back."""

State = Literal["asked", "open", "handed out", "declined", "refunded"]
Step = Literal["approved", "declined", "handed_out", "refunded"]
Hindrance = Literal["unknown", "not yet", "over", "who", "sold out", "enough", "points", "team", "month"]

GONE = frozenset[State]({"declined", "refunded"})
"""In these states the points are back, and the reward is there for somebody else."""
BEFORE: Mapping[Step, frozenset[State]] = MappingProxyType(
    {
        "approved": frozenset({"asked"}),
        "declined": frozenset({"asked"}),
        "handed_out": frozenset({"open"}),
        "refunded": frozenset({"open", "handed out"}),
    }
)
AFTER: Mapping[Step, State] = MappingProxyType(
    {"approved": "open", "declined": "declined", "handed_out": "handed out", "refunded": "refunded"}
)

_LAST_FIRST: tuple[tuple[str, State], ...] = (
    (REFUNDED, "refunded"),
    (DECLINED, "declined"),
    (HANDED_OUT, "handed out"),
    (APPROVED, "open"),
)


@dataclass(frozen=True, slots=True)
class Payout:
    """A reward that somebody redeemed. `id` 0: not stored yet. `key`: of the question that was answered with yes.
    `name`, `price`, `team`: as they were then. Times are UTC microseconds."""

    id: int
    key: str
    account: Account
    reward: str
    name: str
    price: int
    state: State
    at: int
    team: str | None = None
    channel: str | None = None
    by: Account | None = None
    reason: str | None = None
    decided_at: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger. `what`: an achievement's id, or with a `payout` the name of the reward."""

    points: int
    at: int
    cause: str
    what: str
    payout: int | None = None
    member: Member = ""


@dataclass(frozen=True, slots=True)
class Till:
    """Everything that decides whether a member may have a reward now. `taken`: how many of each are gone; `own`: how
    many the member has. `month`, `team_month`: points redeemed in this month by all, and by the member's team.
    `kept_back`: what is not in the balance, because it stands for what a former account of theirs redeemed and does not
    have."""

    balance: int = 0
    taken: Mapping[str, int] = field(default_factory=dict)
    own: Mapping[str, int] = field(default_factory=dict)
    month: int = 0
    team: str | None = None
    team_month: int = 0
    roles: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    kept_back: int = 0


# ---- what is to be changed: done whole, or not at all where somebody was faster


@dataclass(frozen=True, slots=True)
class Redeem:
    """Take a reward at the price that the person was shown."""

    key: str
    account: Account
    reward: str
    price: int
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Settle:
    """A manager's step with a payout."""

    payout: int
    step: Step
    by: Account
    reason: str | None = None


class Rewards(Protocol):
    """Reads of one community."""

    async def till(self, member: Member) -> Till: ...

    async def entries(self, member: Member, most: int) -> list[Entry]:
        """The latest of the ledger, the newest first."""
        ...

    async def payout(self, number: int) -> Payout | None: ...

    async def answered(self, key: str) -> Payout | None:
        """The payout that came of this question."""
        ...

    async def of_member(self, member: Member, most: int) -> list[Payout]:
        """The latest of a member, the newest first."""
        ...

    async def waiting(self, most: int) -> tuple[Sequence[Payout], int]:
        """So many of what managers have not dealt with, the oldest first; and how many there are in all."""
        ...


# ---- decisions


def hindrance(book: RuleBook, name: str, till: Till, day: int) -> Hindrance | None:
    """Why the member cannot have this reward on that local day (an ordinal), None where nothing stands against it."""
    reward = book.shelf.get(name)
    if book.rewards is None or reward is None:
        return "unknown"
    for fault, found in (
        ("not yet", reward.from_ is not None and day < reward.from_.toordinal()),
        ("over", reward.until is not None and day > reward.until.toordinal()),
        ("who", reward.who is not None and not _is_for(reward.who, till, book)),
        ("sold out", left(reward, name, till) == 0),
        ("enough", reward.per_person is not None and till.own.get(name, 0) >= reward.per_person),
        ("points", till.balance < reward.price),
        ("team", till.team is not None and _above(till.team_month + reward.price, book.rewards.cap_per_team)),
        ("month", _above(till.month + reward.price, book.rewards.monthly_cap)),
    ):
        if found:
            return fault  # type: ignore[return-value] # the texts above are its values
    return None


def left(reward: Reward, name: str, till: Till) -> int | None:
    """How many are there still; None where there is no end of them."""
    return None if reward.stock is None else max(0, reward.stock - till.taken.get(name, 0))


def _above(points: int, cap: int | None) -> bool:
    return cap is not None and points > cap


def _is_for(who: Eligible, till: Till, book: RuleBook) -> bool:
    if who.role and till.roles.isdisjoint(who.role):
        return False
    if who.team and till.team not in who.team:
        return False
    number = level_number(book, who.level) if who.level is not None else None
    return number is None or any(level.name in till.levels for level in book.levels[number:])


def team_at(facts: Iterable[Fact], accounts: Collection[Account], now: int) -> str | None:
    """The team of somebody with these accounts. `facts`: what is said of teams about them, in order of time."""
    said = [f for f in facts if (f.target or f.actor) in accounts and f.at <= now]
    team = said[-1].facts.get("team") if said else None
    return str(team) if team else None


def redeemed(book: RuleBook, order: Redeem, number: int, team: str | None, now: int) -> Payout:
    """The payout that an order comes to. `now`: UTC microseconds."""
    above = book.rewards.approve_above if book.rewards is not None else None
    return Payout(
        number,
        order.key,
        order.account,
        order.reward,
        book.shelf[order.reward].name,
        order.price,
        "asked" if _above(order.price, above) else "open",
        now,
        team,
        order.channel,
    )


def redemption(payout: Payout) -> Statement:
    """What the log says of it. The member is the one who is concerned: to take a reward is no deed that rules count."""
    facts: dict[str, Value] = {"reward": payout.reward, "price": payout.price, "approval": payout.state == "asked"}
    facts |= {"team": payout.team} if payout.team is not None else {}
    id_ = f"reward:{payout.id}"
    return Statement(SOURCE, id_, payout.at, REDEEMED, target=payout.account, facts=facts, by=payout.account)


def settlement(payout: Payout, change: Settle, now: int) -> Statement:
    """What the log says of a manager's step."""
    return Statement(
        SOURCE,
        f"reward:{payout.id}:{change.step}",
        now,
        f"reward.{change.step}",
        actor=change.by if "/" in change.by else None,
        target=payout.account,
        facts={"reward": payout.reward, "price": payout.price},
        reason=change.reason,
        by=change.by,
    )


def cause_of(number: int, what: str) -> str:
    """How the ledger says what an entry is about."""
    return f"reward:{number}:{what}"


def payout_of(cause: str) -> int | None:
    """The payout that an entry of the ledger is about, None for one about an award."""
    kind, _, rest = cause.partition(":")
    number = rest.partition(":")[0]
    return int(number) if kind == "reward" and number.isdecimal() else None


def worth(said: Fact | Statement) -> int:
    """What it does to a balance: a redemption takes, a refund gives back; 0 for everything else, also for what others
    than we say."""
    price = said.facts.get("price")
    if said.source != SOURCE or not isinstance(price, int):
        return 0
    return -price if said.type == REDEEMED else price if said.type in BACK else 0


def balance_of(facts: Iterable[Fact], accounts: Collection[Account]) -> int:
    """What redemptions and refunds among these live facts do to the balance of somebody with these accounts."""
    return sum(worth(fact) for fact in facts if fact.target in accounts)


def said_of(statements: Iterable[Statement]) -> dict[int, tuple[Account, State, int]]:
    """What the log says of each payout: whose it is, its state, and what it did to the balance."""
    steps: dict[int, dict[str, Statement]] = {}
    for s in statements:
        number = payout_of(s.id)
        if s.source == SOURCE and s.type in TYPES and number is not None:
            steps.setdefault(number, {})[s.type or ""] = s
    return {
        n: (there[REDEEMED].target or "", _state(there), sum(map(worth, there.values())))
        for n, there in sorted(steps.items())
        if REDEEMED in there
    }


def _state(steps: Mapping[str, Statement]) -> State:
    for type_, state in _LAST_FIRST:
        if type_ in steps:
            return state
    return "asked" if steps[REDEEMED].facts.get("approval") is True else "open"


def tidied(entries: Iterable[Entry]) -> list[Entry]:
    """Without what only changed its holder when accounts were linked or parted."""
    known = list(entries)
    moved: dict[tuple[int, str, int], set[int]] = {}
    for e in known:
        if e.payout is None:
            moved.setdefault((e.at, e.what, abs(e.points)), set()).add(e.points)
    return [e for e in known if e.payout is not None or len(moved[e.at, e.what, abs(e.points)]) == 1]
