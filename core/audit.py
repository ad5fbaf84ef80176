"""The audit trail: who did what to whom, when and why, and what it changed. Acts of people over others, and links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.awards import Award, Happened, batch_of
from core.changes import Change
from core.events import WITHDRAW, Account, Fact, Statement
from core.members import Member, People
from core.plan import BANNED, CONFIRMED, DECLINED, FROZEN, LEFT, LINKED, PAUSED, REVOCATION, TEAM
from core.rewards import APPROVED, BACK, HANDED_OUT
from core.wanted import GRANT

ADMINISTRATIVE = frozenset(
    {
        *(GRANT, REVOCATION, CONFIRMED, DECLINED, LINKED, BANNED, PAUSED, FROZEN, TEAM, LEFT),
        *("action.validated", "claim.declined", "appeal.decided", "roster.imported"),
        *(APPROVED, HANDED_OUT, *BACK),
        *("challenge.made", "challenge.changed", "challenge.ended"),
    }
)
"""Types of facts that somebody says about somebody else. Their withdrawals are acts too."""
NOT_HELD = "not held"


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the trail. `at`: UTC microseconds, when it was taken up; `by`: an account, or `operator` for whoever
    used the command line; `what`: the type of the fact, with `undone ` before a withdrawal; `about`: a member, a rule
    book, a code. `before` and `after`: what changed, a part for each thing."""

    at: int
    by: str
    what: str
    about: str
    reason: str = ""
    before: str = ""
    after: str = ""


def acts(
    said: Iterable[Statement],
    changes: Sequence[Change],
    happened: Sequence[Happened],
    people: People,
    now: int,
) -> list[Act]:
    """What of these new statements goes into the trail, beside the awards that came of them."""
    candidates = [s for s in said if s.op == WITHDRAW or s.type in ADMINISTRATIVE]
    if not candidates:
        return []
    facts = {(f.source, f.id): f for c in changes for f in (c.after or c.before,) if f is not None}
    known = [(s, facts[s.source, s.id]) for s in candidates if (s.source, s.id) in facts]
    wanted = [(s, fact) for s, fact in known if fact.type in ADMINISTRATIVE or _over_another(s, fact)]
    by_member: dict[Member, list[Happened]] = {}
    for h in happened:
        award = h.after or h.before
        if award is not None:
            by_member.setdefault(award.member, []).append(h)
    return [_act(s, fact, by_member, people, now) for s, fact in wanted]


def _act(s: Statement, fact: Fact, happened: Mapping[Member, Sequence[Happened]], people: People, now: int) -> Act:
    about = fact.target or fact.actor or str(fact.facts.get("challenge", ""))
    there = [h for m in dict.fromkeys(_members(fact, people)) for h in happened.get(m, ())]
    what = f"undone {fact.type}" if s.op == WITHDRAW else fact.type
    reason = s.reason or str(s.facts.get("reason") or s.facts.get("note") or "")
    return Act(
        now,
        s.by or s.actor or s.source,
        what,
        about,
        f"{reason} (batch {batch})".strip() if (batch := batch_of(fact)) else reason,
        "; ".join(_state(h.before, h.after) for h in there),
        "; ".join(_state(h.after, h.before) for h in there),
    )


def _over_another(s: Statement, fact: Fact) -> bool:
    """Somebody withdrew what another did, as a moderator who deletes a message."""
    return s.by is not None and s.by != fact.actor and "/" in s.by


def _members(fact: Fact, people: People) -> Iterable[Member]:
    """Whose awards an act is about: of a link both, as they were called and as they are."""
    named: tuple[Account | None, ...] = (
        (fact.target, fact.actor) if fact.type == LINKED else (fact.target or fact.actor,)
    )
    for account in named:
        if account is not None:
            yield people.member(account)
            yield account


def _state(award: Award | None, other: Award | None) -> str:
    """An award in few words, as `helper (Gold): awarded, 5 facts`."""
    known = award or other
    if known is None:
        return ""
    name = f"{known.achievement} ({known.tier})" if known.tier else known.achievement
    if award is None:
        return f"{name}: {NOT_HELD}"
    return f"{name}: {award.state}, {award.evidence} {'fact' if award.evidence == 1 else 'facts'}"
