"""What moderators read about claims and appeals, and what the member is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.badges import name_of
from core.cards import Button, Card, Line, Link, Mention, Section, Text, line
from core.claims import OTHER, Appeal, Claim
from core.events import Account
from core.language import ENGLISH, Language, fill
from core.rules.book import RuleBook

Names = Mapping[Account, str]
MOST_LISTED = 10


def title_of(book: RuleBook, claim: Claim, t: Language = ENGLISH) -> str:
    """What is claimed, as people read it: `Teacher (workshop)`."""
    if claim.achievement is None:
        return t.gettext("something else") if claim.kind == OTHER else claim.kind
    name = name_of(book, claim.achievement)
    return f"{name} ({claim.kind})" if claim.kind not in ("", OTHER) else name


def mention(account: Account, names: Names) -> Mention:
    """A person without a ping."""
    return Mention(account, names.get(account, account.partition("/")[2] or account))


def review(claim: Claim, book: RuleBook, names: Names, t: Language = ENGLISH) -> Card:
    """For moderators: who, what, when, proof; three buttons while it is open. Afterwards who decided; a yes can be
    taken back."""
    lines = [summary(claim, book, names, t), *_details(claim, t)]
    if claim.state != "open":
        lines.append(_decided(claim, names, t))
    title = t.gettext("Claim #{id}") if claim.machine is None else t.gettext("Claim #{id}: proposed by a machine")
    undo = (Button("claim-undo", t.gettext("Take it back…"), str(claim.id)),) if claim.state == "approved" else ()
    buttons = _review_buttons(claim, t) if claim.state == "open" else undo
    return Card((Section(tuple(lines)),), line(title.format(id=claim.id)), buttons=buttons)


def summary(claim: Claim, book: RuleBook, names: Names, t: Language = ENGLISH) -> Line:
    """Who claims what, and when it was."""
    text = t.gettext("{person} says: {what}, on {day}.")
    if claim.machine is not None:
        text = t.gettext("{source} proposes {what} for {person}, as of {day}.")
    what, source = Text(title_of(book, claim, t), bold=True), claim.machine.source if claim.machine else ""
    day = t.date(claim.at, claim.opened_at)
    return fill(text, person=mention(claim.account, names), what=what, day=day, source=source)


def _details(claim: Claim, t: Language) -> list[Line]:
    lines: list[Line] = []
    if claim.note:
        lines.append(fill(t.gettext("In their words: “{note}”"), note=claim.note))
    if claim.proof:
        lines.append(fill(t.gettext("Proof: {link}"), link=Link(claim.proof, claim.proof)))
    elif claim.machine is None:
        lines.append(line(t.gettext("No proof was given.")))
    if claim.machine is not None:
        lines += _reasons(claim, t)
    if claim.question:
        lines.append(fill(t.gettext("Asked: “{question}”"), question=claim.question))
    if claim.answer:
        lines.append(fill(t.gettext("Answer: “{answer}”"), answer=claim.answer))
    return lines


def _reasons(claim: Claim, t: Language) -> list[Line]:
    machine = claim.machine
    if machine is None:
        return []
    lines = [fill(t.gettext("Its reason: “{why}”"), why=machine.explanation)] if machine.explanation else []
    if machine.confidence is not None:
        lines.append(fill(t.gettext("Its confidence: {n} of 1"), n=str(machine.confidence)))
    return [*lines, line(t.gettext("Nothing is given before one of you says yes."))]


def _review_buttons(claim: Claim, t: Language) -> tuple[Button, ...]:
    number = str(claim.id)
    ask = Button("claim-ask", t.gettext("Ask"), number)
    return (
        Button("claim-approve", t.gettext("Approve"), number, "primary"),
        *(() if claim.machine is not None else (ask,)),
        Button("claim-decline", t.gettext("Decline…"), number),
    )


def _decided(claim: Claim, names: Names, t: Language) -> Line:
    text = t.gettext("Approved by {by}.") if claim.state == "approved" else t.gettext("Declined by {by}.")
    if claim.reason:
        text = text.removesuffix(".") + t.gettext(": {reason}")
    return fill(text, by=mention(claim.by or "", names), reason=claim.reason or "")


def told(claim: Claim, book: RuleBook, t: Language = ENGLISH) -> Card:
    """For the member alone: what became of the claim."""
    what = Text(title_of(book, claim, t), bold=True)
    if claim.state == "approved":
        return Card((Section((fill(t.gettext("Your claim {what} was approved."), what=what),)),))
    text = t.gettext("Your claim {what} was declined: {reason}")
    head = fill(text, what=what, reason=claim.reason or "–")
    more = line(t.gettext("If you see it otherwise, ask for a second look; once for each decision."))
    button = Button("appeal", t.gettext("Ask a moderator"), f"claim:{claim.id}")
    return Card((Section((head, more)),), buttons=(button,), tone="quiet")


def questioned(claim: Claim, book: RuleBook, t: Language = ENGLISH) -> Card:
    """For the member alone: a moderator wants to know something."""
    text = t.gettext("A moderator asks about your claim {what}: “{question}”")
    head = fill(text, what=Text(title_of(book, claim, t), bold=True), question=claim.question or "")
    return Card((Section((head,)),), buttons=(Button("claim-reply", t.gettext("Answer"), str(claim.id), "primary"),))


def listed(claims: Sequence[Claim], more: bool, book: RuleBook, names: Names, t: Language = ENGLISH) -> Card:
    """What waits, for a moderator. `more`: there are others behind these."""
    lines = [(Text(f"#{c.id} "), *summary(c, book, names, t), *_proof(c, t)) for c in claims]
    sections = [Section(tuple(lines))]
    if more:
        sections.append(Section((line(t.gettext("There are more: these come first.")),), small=True))
    numbers = ",".join(str(c.id) for c in claims)
    buttons = [Button("claims-confirm", t.gettext("Approve all shown"), numbers)]
    return Card(tuple(sections), line(t.gettext("Open claims")), buttons=tuple(buttons))


def _proof(claim: Claim, t: Language) -> Line:
    return (Text(" "), Link(claim.proof, t.gettext("proof"))) if claim.proof else ()


def reminder(number: int, oldest: int, t: Language = ENGLISH) -> Card:
    """Once a day, to the moderators' channel. `oldest`: UTC microseconds."""
    one, many = "{n} claim waits for you", "{n} claims wait for you"
    text = t.gettext("{claims}, the oldest since {day}.")
    head = fill(text, claims=t.counted(one, many, number), day=t.date(oldest))
    return Card((Section((head,)),), buttons=(Button("claims", t.gettext("Show them")),))


# ---- appeals


def second_look(appeal: Appeal, claim: Claim | None, book: RuleBook, names: Names, t: Language = ENGLISH) -> Card:
    """For moderators: somebody asks that a decision be thought over."""
    what = title_of(book, claim, t) if claim is not None else name_of(book, appeal.achievement)
    text = t.gettext("{person} asks for a second look: {what} was taken back.")
    if claim is not None:
        text = t.gettext("{person} asks for a second look: claim #{id}, {what}, was declined: {reason}")
    head = fill(
        text,
        person=mention(appeal.account, names),
        what=Text(what, bold=True),
        id=claim.id if claim else 0,
        reason=(claim.reason or "–") if claim else "",
    )
    lines = [head, fill(t.gettext("In their words: “{why}”"), why=appeal.why)]
    if appeal.state != "open":
        ruled = t.gettext("Restored by {by}: {reason}")
        if appeal.state == "kept":
            ruled = t.gettext("Kept as it is by {by}: {reason}")
        lines.append(fill(ruled, by=mention(appeal.by or "", names), reason=appeal.reason or ""))
    number = str(appeal.id)
    buttons = (
        Button("appeal-restore", t.gettext("Restore…"), number, "primary"),
        Button("appeal-keep", t.gettext("Keep…"), number),
    )
    return Card(
        (Section(tuple(lines)),), line(t.gettext("A second look")), buttons=buttons if appeal.by is None else ()
    )


def ruled(appeal: Appeal, claim: Claim | None, book: RuleBook, t: Language = ENGLISH) -> Card:
    """For the member alone: what the second look came to."""
    what = Text(title_of(book, claim, t) if claim is not None else name_of(book, appeal.achievement), bold=True)
    text = t.gettext("A moderator looked again at {what} and gave you right: {reason}")
    if appeal.state == "kept":
        text = t.gettext("A moderator looked again at {what}, and it stays as it is: {reason}")
    return Card((Section((fill(text, what=what, reason=appeal.reason or ""),)),), tone="quiet")
