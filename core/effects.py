"""What follows from an award: points, a message, a role. Decided once, delivered later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import orjson

from core.announcements import (
    DIGEST,
    Badge,
    Place,
    awarded,
    earned_privately,
    granted,
    granted_privately,
    place_of,
    revoked,
    run_out,
    where_to,
)
from core.awards import RUN_OUT, Award, Happened
from core.cards import Card, Mention
from core.duties import HANDED_BACK
from core.events import Account, Fact
from core.language import Language
from core.languages import ours, theirs
from core.members import Member, in_chat, voice
from core.passing import UNKNOWN
from core.plan import Plan
from core.ports import Destination, Outgoing
from core.reviews import review, room_for
from core.rules.book import RuleBook
from core.rules.community import Platform
from core.rules.conditions import Achievement
from core.rules.explain import sentence
from core.serving import Served

PLATFORMS: tuple[Platform, ...] = ("slack", "discord")
GIVES = frozenset({"awarded", "revived"})


@dataclass(frozen=True, slots=True)
class Telling:
    """How to tell: `rooms` the announcements channel per platform, `quiet` the first days, `names` of accounts.
    `announce` and `roles` are off for what an import or a new rule finds in old history. `languages`: what members
    chose."""

    now: int
    rooms: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[Account, str] = field(default_factory=dict)
    choices: Mapping[Member, str | None] = field(default_factory=dict)
    accounts: Mapping[Member, tuple[Account, ...]] = field(default_factory=dict)
    quiet: bool = False
    announce: bool = True
    roles: bool = True
    languages: Mapping[Member, str] = field(default_factory=dict)


def rooms_of(plan: Plan, channel: str = "announcements") -> dict[str, str]:
    """A channel of the book on each platform, where it names one."""
    return rooms_of_book(plan.book, channel)


def rooms_of_book(book: RuleBook, channel: str) -> dict[str, str]:
    """The same, of a book."""
    there = getattr(book.channels, channel)
    return {platform: room for platform in PLATFORMS if (room := there.on(platform)) is not None}


def moderators_of(served: Served, account: Account) -> Destination | None:
    """The moderators' channel on the first platform of this person that has one: that of this account before others."""
    people, plan = served.people, served.plan
    accounts = (account, *people.accounts(people.member(account)))
    return room_for(accounts, rooms_of(plan, "moderators"), plan.book.community.sources)


def place_json(fact: Fact | None) -> bytes | None:
    """Where a fact happened, as it is kept with an award."""
    if fact is None:
        return None
    p = place_of(str(fact.facts.get("source", fact.source)), fact.facts)
    return orjson.dumps([p.source, p.channel, p.message, p.thread, p.private])


def place_from(written: bytes | None) -> Place | None:
    """The place that `place_json` wrote."""
    return None if written is None else Place(*orjson.loads(written))


def payments(happened: Happened, award_id: int, plan: Plan, now: int) -> Iterator[tuple[Member, int, int, int, str]]:
    """Ledger entries: an award pays its points once, a revocation reverses them."""
    award = happened.after
    wanted = plan.wanted.get(award.achievement) if award else None
    if award is None or wanted is None or wanted.points(award.tier) == 0 or award.state == "shadow":
        return
    if happened.what in GIVES:
        yield award.member, award_id, wanted.points(award.tier), now, happened.what
    elif happened.what == "revoked":
        yield award.member, award_id, -wanted.points(award.tier), now, happened.what


def messages(happened: Happened, numbers: str | None, plan: Plan, telling: Telling) -> Iterator[Outgoing]:
    """The card and the role change that one award causes."""
    award = happened.after
    wanted = plan.wanted.get(award.achievement) if award else None
    if award is None or wanted is None or award.state == "shadow":
        return
    if happened.what == "pending":
        yield from _ours(_review(award, plan, telling), plan)
    if happened.what not in {*GIVES, "revoked"}:
        return
    cause = cause_of(happened, award)
    found: list[Outgoing] = []
    if wanted.rule.gives_role is not None and telling.roles:
        found += role_changes(cause, award.member, plan, telling)
    if telling.announce:
        found += _card(cause, happened, award, numbers, plan, telling)
    yield from _ours(found, plan)


def cause_of(happened: Happened, award: Award) -> str:
    """What the outbox knows this by: it happens once."""
    which = "/".join(part for part in (award.tier, award.occurrence) if part)
    return f"award:{award.member}:{award.achievement}:{which}:{happened.what}:{award.decided_at}"


def _review(award: Award, plan: Plan, telling: Telling) -> Iterator[Outgoing]:
    """What a rule found and a person must confirm: one card for the moderators, however often it comes and goes."""
    accounts = telling.accounts.get(award.member, (award.member,))
    to = room_for(accounts, rooms_of(plan, "moderators")) if award.due_at == UNKNOWN and telling.announce else None
    if to is None:
        return
    person = replace(_mention(award, telling), ping=False)
    badge = badge_of(award.achievement, plan, award.tier)
    t = ours(plan.book)
    card = review(badge, person, sentence(plan.book, award.achievement, t), award.evidence, t)
    which = "/".join(part for part in (str(award.version), award.tier, award.occurrence) if part)
    cause = f"review:{award.member}:{award.achievement}:{which}"
    yield Outgoing(cause, to.source, "card", destination_json(to), card, telling.now)


def role_changes(cause: str, member: Member, plan: Plan, telling: Telling) -> Iterator[Outgoing]:
    """Bring a member's roles to what they should be, on every platform where they are."""
    for account in telling.accounts.get(member, (member,)):
        source = account.partition("/")[0]
        if source.partition(":")[0] in PLATFORMS:
            yield from _ours([Outgoing(cause, source, "roles", account, None, telling.now)], plan)


def _ours(found: Iterable[Outgoing], plan: Plan) -> Iterator[Outgoing]:
    """A forwarded event may name somebody of another community: nothing is said or given there."""
    sources = plan.book.community.sources
    yield from (out for out in found if sources is None or out.source in sources)


def _card(
    cause: str, happened: Happened, award: Award, numbers: str | None, plan: Plan, telling: Telling
) -> Iterator[Outgoing]:
    to = _destination(happened, award, plan, telling)
    if to is None:
        return
    card = _written(happened, award, numbers, plan, telling, to.kind in ("private", "direct"))
    yield Outgoing(cause, to.source, "card", destination_json(to), card, telling.now)


def _destination(happened: Happened, award: Award, plan: Plan, telling: Telling) -> Destination | None:
    rule = plan.wanted[award.achievement].rule
    if award.reason == HANDED_BACK and happened.what == "revoked":
        return None  # whoever did it knows
    if rule.announce == "none" and not happened.by_hand:
        return None  # a badge that nobody was told of comes and goes without a word; what a person did is told
    account = account_of(award, telling)
    if not in_chat(account):
        return None  # somebody whom only another system knows: it is told when they say who they are
    announce = rule.announce if happened.what == "awarded" else "private"
    to = where_to(
        announce,
        telling.choices.get(award.member) if happened.what in GIVES else None,
        account,
        place_from(award.place),
        telling.rooms,
        quiet=telling.quiet,
        emoji=rule.emoji,
    )
    return None if to == DIGEST else to


def account_of(award: Award, telling: Telling) -> Account:
    place = place_from(award.place)
    accounts = telling.accounts.get(award.member, (award.member,))
    return voice(award.member, accounts, place.source if place else "") or award.member


def badge_of(achievement: str, plan: Plan, tier: str = "") -> Badge:
    """The achievement as people see it."""
    rule = plan.wanted[achievement].rule
    return Badge(achievement, rule.name, rule.emoji, rule.gives_role, tier or None)


def _written(
    happened: Happened, award: Award, numbers: str | None, plan: Plan, telling: Telling, private: bool
) -> Card:
    badge = badge_of(award.achievement, plan, award.tier)
    t = theirs(plan.book, telling.languages, award.member) if private else ours(plan.book)
    if happened.what == "revoked":
        return _ended(badge, award, numbers, plan.wanted[award.achievement].rule, t)
    if award.by is not None:
        giver = telling.names.get(award.by, t.gettext("a moderator"))
        if private:
            return granted_privately(badge, giver, award.note or "", t)
        return granted(badge, _mention(award, telling), giver, award.note or "", t)
    if private:
        return earned_privately(badge, _with(numbers, plan.book.achievements[award.achievement].description), t=t)
    return awarded(badge, _mention(award, telling), plan.book.achievements[award.achievement].description, t)


def _with(numbers: str | None, evidence: str | None) -> str | None:
    """The sentence with the numbers behind it."""
    return evidence if numbers is None else f"{evidence.rstrip('.')} ({numbers})" if evidence else numbers


def _ended(badge: Badge, award: Award, numbers: str | None, rule: Achievement, t: Language) -> Card:
    if award.reason != RUN_OUT:
        decision = f"award:{award.achievement}:{award.decided_at}"
        return revoked(badge, award.reason or "", numbers, t, decision)
    over = rule.until is not None or rule.retired is not None or rule.most_awards is not None
    return run_out(badge, while_true=rule.lasts == "while true", again=rule.repeats and not over, t=t)


def _mention(award: Award, telling: Telling) -> Mention:
    account = account_of(award, telling)
    return Mention(account, telling.names.get(account, account.rpartition("/")[2]), ping=True)


def destination_json(to: Destination) -> str:
    """How a destination is kept in the outbox."""
    return orjson.dumps(to).decode()


def destination_from(written: str) -> Destination:
    return Destination(**orjson.loads(written))
