"""What people and moderators said of themselves and of others: memberships, settings, opt-outs, awards by hand."""

from __future__ import annotations

from collections.abc import Iterable

from core.changes import Change
from core.events import Fact
from core.languages import LANGUAGES, preload
from core.members import NO_LIFE, Chosen, Member, silences
from core.plan import BY_HAND, CHOICE, DEAF, FROZEN, MEMBERSHIP, PAUSED, RULE_CHANGED, ZONE
from core.ports import Transaction
from core.serving import Served
from core.timelines import deaf_spans, life_of

_BEGINNING = -(1 << 62)


def touched_by_hand(served: Served, changes: Iterable[Change]) -> set[tuple[Member, str]]:
    """Awards that a grant or a moderator's revocation is about."""
    found: set[tuple[Member, str]] = set()
    for fact in (f for c in changes for f in (c.before, c.after) if f is not None and f.type in BY_HAND):
        achievement = fact.facts.get("achievement")
        if fact.target is not None and isinstance(achievement, str) and achievement in served.plan.wanted:
            found.add((served.people.member(fact.target), achievement))
    served.by_hand |= found
    return found


def take_note(tx: Transaction, served: Served, changes: Iterable[Change]) -> set[Member]:
    """Memberships and people's own choices. Returns members whose history counts differently from now on."""
    present: dict[str, bool] = {}
    anew: set[Member] = set()
    for change in changes:
        fact = change.after or change.before
        if fact is not None and fact.type in (DEAF, RULE_CHANGED):
            anew |= _concerned(tx, served, fact)
        if fact is None or fact.actor is None:
            continue
        if fact.type == MEMBERSHIP and fact.actor.startswith(f"{fact.source}/"):  # a platform speaks for its own
            present[fact.actor] = change.after is not None
        elif fact.type in (CHOICE, ZONE, PAUSED, FROZEN):
            note = note_choice if fact.type == CHOICE else note_life
            members = {served.people.member(account) for account in change.actors}  # an edit may name another person
            anew |= {member for member in members if note(tx, served, member)}
    if present:
        tx.attend(present)
    return anew


def _concerned(tx: Transaction, served: Served, fact: Fact) -> set[Member]:
    """Whose streaks or progress an outage or a changed rule touches."""
    if fact.type == DEAF:
        note_deafness(tx, served)
        return {served.people.member(a) for a in tx.active_since(fact.at)}
    resets = fact.facts.get("progress") == "reset"
    return {served.people.member(a) for a in tx.active_since(_BEGINNING)} if resets else set()


def note_anew(tx: Transaction, served: Served, members: Iterable[Member]) -> None:
    """What these said about themselves, read again: their accounts are others now."""
    for member in members:
        served.people.silent.pop(member, None)
        served.people.lives.pop(member, None)
        if served.people.member(member) == member:
            note_life(tx, served, member)
            note_choice(tx, served, member)


def note_deafness(tx: Transaction, served: Served) -> None:
    """When the bot heard nothing, as the log has it."""
    served.people.deaf = deaf_spans(tx.of_type([DEAF]))


def note_life(tx: Transaction, served: Served, member: Member) -> bool:
    """Read a member's zone and pauses from the log. True if they changed."""
    life = life_of(served.plan, tx.facts(served.people.accounts(member), (ZONE, PAUSED, FROZEN)))
    if life == served.people.lives.get(member, NO_LIFE):
        return False
    served.people.lives[member] = life
    return True


def note_choice(tx: Transaction, served: Served, member: Member) -> bool:
    """Read a member's settings from the log. True if what counts for them changed."""
    facts = tx.facts(served.people.accounts(member), [CHOICE])
    last = facts[-1].facts if facts else {}
    announce = last.get("announce")
    tx.choose(
        member,
        Chosen(
            announce=announce if isinstance(announce, str) and announce != "default" else None,
            hidden=last.get("boards") == "hidden",
            tracked=last.get("tracking") != "off",
            anonymous=last.get("boards") == "anonymous",
            digest=last.get("digest") == "private",
            named=last.get("newsletter") == "named",
        ),
    )
    note_language(served, member, last.get("language"))
    spans = silences(((f.at, f.facts.get("tracking") != "off") for f in facts), served.people.opt_in)
    if spans == served.people.silent.get(member, []):
        return False
    served.people.silent[member] = spans
    return True


def note_language(served: Served, member: Member, chosen: object) -> None:
    """In which language a member is spoken to. One that is not spoken any more is the community's again."""
    if isinstance(chosen, str) and chosen in LANGUAGES:
        preload(chosen)  # here, where storage works: not in the loop, when it is spoken first
        served.people.languages[member] = chosen
    else:
        served.people.languages.pop(member, None)
