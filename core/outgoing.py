"""What is told to other programs: which happenings become which document, and for which webhooks of the book.

No document holds the text of a message, a link to one, or the name of a channel.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from core.awards import Award
from core.awards import Happened as AwardHappened
from core.claims import CLAIM_DECLINED
from core.effects import GIVES, Telling, cause_of, place_from
from core.events import ASSERT, Account, Statement
from core.members import Member
from core.plan import CONFIRMED, DECLINED, Plan
from core.ports import Outgoing, Transaction
from core.privacy import shows
from core.records import NO_CHOICE, ChoiceRow
from core.rules.book import RuleBook
from core.rules.webhooks import Happened
from core.serving import Served
from core.times import write_time
from core.wanted import GRANT

DIGEST: Final = "digest"
_QUIET = ("private", "dm", "none")
_GIVEN = ("action.validated", GRANT)
_DECISIONS = {CONFIRMED: "approved", DECLINED: "declined", CLAIM_DECLINED: "declined"} | dict.fromkeys(
    _GIVEN, "approved"
)
DAY = 86_400.0
PAUSES: tuple[float, ...] = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, DAY)
"""Seconds after each failed attempt; after the last of them it has failed for good."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a document is about. `name` None: others are not to see it beside what the person earned. `tracked`: they
    take part."""

    member: Member
    accounts: tuple[Account, ...]
    name: str | None = None
    tracked: bool = True

    def as_json(self, *, named: bool = True) -> dict[str, Any]:
        found: dict[str, Any] = {"id": self.member, "accounts": list(self.accounts)}
        return found | ({"name": self.name} if named and self.name is not None else {})


def source_of(webhook: str) -> str:
    """What the outbox calls the way to a webhook."""
    return f"webhook:{webhook}"


def delivery_id(community: str, cause: str, destination: str) -> str:
    """The `webhook-id`: the same at each attempt, after a replay, and after a backup was restored."""
    text = "\n".join((community, cause, destination))
    return "msg_" + hashlib.sha256(text.encode()).hexdigest()[:32]


def next_pause(attempts: int, asked: float | None, chance: float) -> float | None:
    """Seconds until the next attempt after so many, None when there is none. `asked`: what the receiver asked for, cut
    to a day; `chance`: 0 to 1, up to a tenth more, so that not everything comes at the same second."""
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1] * (1 + chance / 10)
    return max(pause, min(asked or 0.0, DAY))


def report_awards(tx: Transaction, plan: Plan, happened: Sequence[AwardHappened], telling: Telling) -> None:
    """Queue what webhooks are told of these awards, with the awards themselves or not at all."""
    if not plan.book.webhooks or not telling.announce:
        return
    told = [(h, h.after, event) for h in happened if h.after is not None and (event := _event(h, h.after, plan))]
    people = _subjects(tx, {award.member for _, award, _ in told}, telling)
    out: list[Outgoing] = []
    for h, award, event in told:
        who = people[award.member]
        if who.tracked or event == "award.revoked":  # of whoever left, only what ends is told
            cause = cause_of(h, award)
            data = _award_data(award, event, who, plan)
            out += _rows(plan.book, event, award.achievement, cause, award.decided_at, data, telling.now)
    _send(tx, out)


def report_levels(tx: Transaction, plan: Plan, reached: Mapping[Member, Collection[str]], telling: Telling) -> None:
    """The same for levels, by the names of those that each member has come to."""
    if not plan.book.webhooks or not telling.announce or not any(reached.values()):
        return
    people = _subjects(tx, reached, telling)
    out: list[Outgoing] = []
    for member, names in sorted(reached.items()):
        for number, level in enumerate(plan.book.levels, 1):
            if level.name in names and people[member].tracked:
                said = {"number": number, "name": level.name, "at": level.at}
                data = {"member": people[member].as_json(), "level": said}
                cause = f"level:{member}:{level.name}:{telling.now}"
                out += _rows(plan.book, "level.reached", None, cause, telling.now, data, telling.now)
    _send(tx, out)


def report_decisions(tx: Transaction, served: Served, said: Sequence[Statement], telling: Telling) -> None:
    """The same for what moderators decided on what waited for their word. `said`: what is new in the log."""
    plan, people = served.plan, served.people
    if not plan.book.webhooks or not telling.announce:
        return
    decided = [s for s in said if s.target is not None and s.op == ASSERT and _decision(s) is not None]
    subjects = _subjects(tx, {people.member(str(s.target)) for s in decided}, telling)
    out: list[Outgoing] = []
    for s in decided:
        data = {"member": subjects[people.member(str(s.target))].as_json(named=False), "claim": _claim_data(s)}
        name = s.facts.get("achievement")
        rule = plan.book.achievements.get(name) if isinstance(name, str) else None
        data |= {"achievement": {"id": name, "name": rule.name}} if rule is not None else {}
        about = str(name) if rule is not None else None
        out += _rows(plan.book, "claim.decided", about, f"decided:{s.source}:{s.id}", telling.now, data, telling.now)
    _send(tx, out)


def digest_posted(plan: Plan, period: str, now: int) -> list[Outgoing]:
    """That the digest of a week was posted; what it says stays in the chat."""
    data = {"digest": {"period": period}}
    return list(_rows(plan.book, "digest.posted", None, f"{DIGEST}:{period}", now, data, now))


def trial(community: str, now: int) -> bytes:
    """The document of `plaudit webhooks test`."""
    return _document("plaudit.test", now, {"community": community})


def _event(h: AwardHappened, award: Award, plan: Plan) -> Happened | None:
    if award.achievement not in plan.wanted or award.state == "shadow":
        return None
    return "award.given" if h.what in GIVES else "award.revoked" if h.what == "revoked" else None


def _award_data(award: Award, event: Happened, who: Subject, plan: Plan) -> dict[str, Any]:
    rule = plan.wanted[award.achievement].rule
    place = place_from(award.place)
    given = event == "award.given"
    return {
        "achievement": {
            "id": award.achievement,
            "name": rule.name,
            "version": award.version,
            "tier": award.tier or None,
        },
        "member": who.as_json(named=rule.announce not in _QUIET and not (place is not None and place.private)),
        "award": {
            "period": award.period,
            "earned_at": write_time(award.earned_at),
            "evidence": award.evidence,
            "by": award.by if given else None,
            "reason": award.note if given else award.reason,
        },
    }


def _decision(s: Statement) -> str | None:
    """What a statement decides: approved or declined; None if it decides nothing."""
    if s.type in _GIVEN and "claim" not in s.facts:
        return None  # a moderator did it without being asked
    return _DECISIONS.get(s.type or "")


def _claim_data(s: Statement) -> dict[str, Any]:
    reason = s.reason or s.facts.get("reason")
    return {
        "id": str(s.facts.get("claim", s.id)),
        "decision": _decision(s),
        "by": s.by or s.actor,
        "reason": str(reason) if reason else None,
    }


def _subjects(tx: Transaction, members: Iterable[Member], telling: Telling) -> dict[Member, Subject]:
    accounts = {m: telling.accounts.get(m, (m,)) for m in set(members)}
    if not accounts:
        return {}
    names = tx.names({a for group in accounts.values() for a in group})
    choices = {m: ChoiceRow(*chosen) for m, chosen in tx.choices(accounts).items()}
    return {m: _subject(m, group, names, choices.get(m, NO_CHOICE)) for m, group in accounts.items()}


def _subject(member: Member, accounts: tuple[Account, ...], names: Mapping[Account, str], choice: ChoiceRow) -> Subject:
    name = next((names[a] for a in (member, *accounts) if a in names), None)
    return Subject(member, accounts, name if shows(choice) else None, choice.tracked)


def _rows(
    book: RuleBook,
    event: Happened,
    achievement: str | None,
    cause: str,
    at: int,
    data: Mapping[str, Any],
    now: int,
) -> Iterator[Outgoing]:
    wanted = [w for w in book.webhooks if w.wants(event, achievement)]
    document = _document(event, at, {"community": book.community.id, **data}) if wanted else b""
    for webhook in wanted:
        way = source_of(webhook.name)
        yield Outgoing(cause, way, "webhook", way, None, now, document)


def _document(event: str, at: int, data: Mapping[str, Any]) -> bytes:
    return orjson.dumps({"type": event, "timestamp": write_time(at), "data": data})


def _send(tx: Transaction, out: Sequence[Outgoing]) -> None:
    if out:
        tx.send(out)
