"""What grant, revoke and validate have in common: who may, for whom, and why."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from core.cards import Button, Card, Section, line, note
from core.commands.asked import Asked
from core.events import Account, Statement, Value
from core.records import ChoiceRow, HeldAward, PersonRow

SOURCE = "moderator"
LONGEST_REASON = 500
LONGEST_PROOF = 1000


@dataclass(frozen=True, slots=True)
class Case:
    """Whom it is about, what the moderator said, and the proof (a link) or None. `reason`: for the record; `note`: what
    the person reads instead, "" for the reason."""

    person: PersonRow
    choice: ChoiceRow
    reason: str
    proof: str | None
    note: str = ""

    @property
    def said(self) -> dict[str, Value]:
        """The facts of a decision about them."""
        return {"reason": self.reason, **({"note": self.note} if self.note else {})}


async def open_case(asked: Asked, *, reason_needed: bool = True, giver: bool = False) -> Case:
    """Raises Refusal where the person may not, or where something is missing or wrong. `giver`: they may, although they
    are no moderator."""
    t = asked.t
    if not (asked.request.moderator or giver):
        raise asked.refuse(t.gettext("Only moderators can do that. If something is wrong, tell one of them."))
    account = asked.named()
    if not account:
        raise asked.refuse(t.gettext("Who is it about? Name the person."))
    if asked.people.member(account) == asked.member:
        raise asked.refuse(_not_for_yourself(asked))
    person = await asked.person(account)
    if person.bot:
        raise asked.refuse(t.gettext("{name} is a bot; bots hold no badges.").format(name=person.name))
    choice = await asked.records.choice(asked.people.member(account))
    return Case(person, choice, _reason(asked, needed=reason_needed), read_proof(asked), _note(asked))


def _not_for_yourself(asked: Asked) -> str:
    if asked.request.moderator:
        return asked.t.gettext("Not for yourself: ask another moderator.")
    return asked.t.gettext("Not for yourself: ask a moderator.")


def refuse_opted_out(asked: Asked, case: Case) -> None:
    """Nothing is recorded about somebody who opted out of everything. Raises Refusal."""
    if not case.choice.tracked:
        text = asked.t.gettext("{name} opted out, so nothing is recorded about them.")
        raise asked.refuse(text.format(name=case.person.name))


def _note(asked: Asked) -> str:
    note = " ".join(asked.argument("note").split())
    if len(note) > LONGEST_REASON:
        raise asked.refuse(asked.t.gettext("That note is long; {n} characters at most.").format(n=LONGEST_REASON))
    return note


def _reason(asked: Asked, *, needed: bool) -> str:
    reason = " ".join(asked.argument("reason").split())
    if needed and not reason:
        raise asked.refuse(asked.t.gettext("Please add the reason: the person will read it."))
    if len(reason) > LONGEST_REASON:
        text = asked.t.gettext("That reason is long; {n} characters at most, please.")
        raise asked.refuse(text.format(n=LONGEST_REASON))
    return reason


def read_proof(asked: Asked) -> str | None:
    """The link that was given, None without one. Raises Refusal for what is no link."""
    # Slack wraps a typed link in angle brackets, with its label behind a bar.
    proof = asked.argument("proof").strip("<>").partition("|")[0]
    if not proof:
        return None
    if len(proof) <= LONGEST_PROOF and _is_link(proof):
        return proof
    raise asked.refuse(asked.t.gettext("The proof must be a link that begins with https:// or http://."))


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in text)


def statement(asked: Asked, type_: str, name: str, case: Case, facts: dict[str, Value], actor: Account) -> Statement:
    """What the moderator did, with who and why; delivered twice, it is the same statement."""
    return Statement(
        source=SOURCE,
        id=f"{name}:{asked.request.id}",
        at=asked.request.at,
        type=type_,
        actor=actor,
        target=case.person.account,
        facts=facts | ({"proof": case.proof} if case.proof else {}),
        reason=case.reason or None,
        by=asked.request.account,
    )


def done(*lines: str, button: Button | None = None) -> Card:
    """A short confirmation for the moderator alone."""
    if len(lines) == 1 and button is None:
        return note(lines[0])
    return Card((Section(tuple(line(text) for text in lines)),), buttons=(button,) if button else ())


async def held(asked: Asked, account: Account, achievement: str) -> list[HeldAward]:
    """The person's live awards of that achievement, the latest first; pending ones too."""
    awards = await asked.records.awards(asked.people.member(account))
    return [a for a in awards if a.achievement == achievement and a.state != "revoked"]
