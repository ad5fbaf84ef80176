"""`/plaudit validate @member KIND`: a moderator vouches for something done elsewhere; rules may count it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from core.announcements import LONGEST_ARGUMENT
from core.badges import shown
from core.cards import Button, note
from core.commands.asked import Asked, short
from core.commands.kudos import gifts_of
from core.commands.moderation import SOURCE, Case, done, open_case, refuse_opted_out, statement
from core.events import WITHDRAW, Statement, Value
from core.giving import Say
from core.requests import Answer
from core.rules.book import RuleBook, Source, conditions

VALIDATED = "action.validated"
LONGEST_KIND = 80


async def answer(asked: Asked) -> Answer:
    case = await open_case(asked, reason_needed=False)
    refuse_opted_out(asked, case)
    kind = _kind(asked)
    facts: dict[str, Value] = {"kind": kind}
    if case.note or case.reason:
        facts["note"] = case.note or case.reason
    made = statement(asked, VALIDATED, "validated", case, facts, case.person.account)
    undo = Button("validate-undo", asked.t.gettext("Take it back"), made.id)
    button = undo if len(made.id) <= LONGEST_ARGUMENT else None
    return Answer(done(_recorded(asked, case, kind), _counted_by(asked, kind), button=button), statements=(made,))


async def undo(asked: Asked) -> Answer:
    """It was a mistake: nothing that it counted for stays. Any moderator may, but not about themselves."""
    t = asked.t
    fact = await gifts_of(asked).fact(SOURCE, asked.pressed or "")
    if fact is None or fact.type != VALIDATED or fact.target is None:
        raise asked.refuse(t.gettext("There is nothing to take back any more."))
    if asked.is_own(fact.target):
        raise asked.refuse(t.gettext("Not for yourself: ask another moderator."))
    at, by = max(asked.request.at, fact.at), asked.request.account
    back = Statement(fact.source, fact.id, at, op=WITHDRAW, reason="taken back", by=by)
    said = note(t.gettext("Taken back: it does not count any more."))
    return Answer(said, replace=True, changes=(Say(back, alive=True),))


def _kind(asked: Asked) -> str:
    """The kind, as rules write it where one does. Raises Refusal for none, and for a slip of a known one."""
    t, typed = asked.t, " ".join(asked.argument("kind").split())
    known = kinds(asked.book)
    if not typed:
        text = t.gettext("What was done? Name the kind, as “workshop”.")
        raise asked.refuse(f"{text} {_known(asked, known)}".strip())
    for kind in known:
        if kind.casefold() == typed.casefold():
            return kind
    if near := difflib.get_close_matches(typed.casefold(), [k.casefold() for k in known], n=1, cutoff=0.75):
        meant = next(k for k in known if k.casefold() == near[0])
        text = t.gettext("No rule counts “{typed}”. Did you mean {kind}?")
        raise asked.refuse(text.format(typed=short(typed), kind=meant))
    return typed[:LONGEST_KIND]


def _known(asked: Asked, known: list[str]) -> str:
    return asked.t.gettext("Rules count: {kinds}.").format(kinds=asked.t.listed(known)) if known else ""


def _recorded(asked: Asked, case: Case, kind: str) -> str:
    return asked.t.gettext("Recorded for {name}: {kind}.").format(name=case.person.name, kind=kind)


def _counted_by(asked: Asked, kind: str) -> str:
    """Which badges count it, by name."""
    t, book = asked.t, asked.book
    signals = {i for i, s in book.signals.items() if _counts(s, kind)}
    names = [
        rule.name
        for rule in shown(book).values()
        if any(_counts(c, kind) or not signals.isdisjoint(c.when) for c in conditions(rule))
    ]
    if names:
        return t.gettext("It counts for {badges}.").format(badges=t.listed(names))
    return f"{t.gettext('No badge counts it yet.')} {_known(asked, kinds(book))}".strip()


def _counts(source: Source, kind: str) -> bool:
    named = list(_named(source))
    return VALIDATED in source.when and (not named or kind in named)


def kinds(book: RuleBook) -> list[str]:
    """The kinds that rules name, sorted: what a moderator can choose from."""
    return sorted({k for s in book.sources() if VALIDATED in s.when for k in _named(s)})


def named_kinds(source: Source) -> list[str]:
    """The kinds that one source of a rule asks for, as they are written there; none where any will do."""
    return list(_named(source))


def _named(source: Source) -> Iterator[str]:
    for f in source.where:
        if f.fact == "kind" and f.comparison in ("equal", "one_of"):
            values = f.value if isinstance(f.value, tuple) else (f.value,)
            yield from (v for v in values if isinstance(v, str))
