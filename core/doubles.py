"""What a person does once, done by two accounts that are one member: it counts once, and for each when they part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core import claim_codes, tracked_links
from core.calendar import Calendar
from core.changes import Change
from core.events import Account, Fact
from core.members import Member, People
from core.wanted import GRANT

MODERATOR = "moderator"
VALIDATED = "action.validated"

Once = tuple[object, ...]


def without_doubles(facts: Sequence[Fact], people: People, calendar: Calendar) -> Sequence[Fact]:
    """Of facts in order of time: without what another account of the same member did before."""
    if not people.groups:
        return facts
    first: dict[tuple[Member, Once], Account] = {}
    return [f for f in facts if not _is_double(f, people, calendar, first)]


def _is_double(fact: Fact, people: People, calendar: Calendar, first: dict[tuple[Member, Once], Account]) -> bool:
    once, account = once_of(fact, calendar), _whose(fact)
    if once is None:
        return False
    return first.setdefault((people.member(account), once), account) != account


def counted_once(changes: Iterable[Change], people: People, calendar: Calendar) -> set[Member]:
    """Members of several accounts who did such a thing, or did it no more: what they have must be counted anew."""
    facts = (f for c in changes for f in (c.before, c.after) if f is not None) if people.groups else ()
    found = {people.member(_whose(f)) for f in facts if once_of(f, calendar) is not None}
    return {member for member in found if len(people.accounts(member)) > 1}


def once_of(fact: Fact, calendar: Calendar) -> Once | None:
    """What it is that a person does once: to use a code, to have a link followed on a day, to claim something. None for
    everything else."""
    if fact.source in (claim_codes.SOURCE, tracked_links.SOURCE):
        return fact.source, fact.id.replace(f"/{_whose(fact)}", "", 1)
    if fact.source == MODERATOR and fact.id.startswith("claim:"):
        return _claimed(fact, calendar)
    return None


def _claimed(fact: Fact, calendar: Calendar) -> Once | None:
    """The same kind on the same day with the same proof; what is given by hand has no day, so only a proof tells."""
    facts = fact.facts
    if fact.type == VALIDATED:
        return "claim", facts.get("kind"), calendar.day(fact.at), facts.get("proof")
    if fact.type == GRANT and "proof" in facts:
        return "claim", facts.get("achievement"), facts["proof"]
    return None


def _whose(fact: Fact) -> Account:
    return fact.target or fact.actor or ""
