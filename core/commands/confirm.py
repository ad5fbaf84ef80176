"""`/plaudit confirm @member ACHIEVEMENT`: a moderator says yes to what a rule found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.commands.asked import Asked, Refusal
from core.commands.finding import find
from core.commands.grant import grantable
from core.commands.moderation import SOURCE, Case, done, held, open_case, refuse_opted_out, statement
from core.commands.second import over, seconded
from core.events import Statement, Value
from core.giving import Say
from core.members import Member
from core.plan import CONFIRMED
from core.records import HeldAward
from core.requests import Answer
from core.reviews import named_in
from core.rules.book import Achievement
from core.two_people import PROPOSED, REVIEWED


@dataclass(frozen=True, slots=True)
class Review:
    """What a moderator decides on. `tier` "" means all of them; `live`: what the person holds or waits for."""

    case: Case
    achievement: str
    rule: Achievement
    member: Member
    tier: str
    live: Sequence[HeldAward]

    @property
    def waiting(self) -> list[HeldAward]:
        """Awards that a moderator has not decided on."""
        return [a for a in self.live if a.asked and self.tier in ("", a.tier)]

    @property
    def names(self) -> dict[str, str]:
        badge = f"{self.rule.name}: {self.tier}" if self.tier else self.rule.name
        return {"name": self.case.person.name, "badge": badge}

    @property
    def proposal(self) -> str:
        """The id of the first of two yeses: the same, whichever account of the person is named."""
        return f"{REVIEWED}{self.member}/{self.achievement}/{self.tier}"

    def support(self, asked: Asked) -> Statement:
        """The first of two yeses."""
        by, target = asked.request.account, self.case.person.account
        return Statement(
            SOURCE, self.proposal, asked.request.at, PROPOSED, actor=by, target=target, facts=self.facts, by=by
        )

    @property
    def facts(self) -> dict[str, Value]:
        """What the statement says."""
        said: dict[str, Value] = {"achievement": self.achievement}
        said |= {"tier": self.tier} if self.tier else {}
        return said | ({"reason": self.case.reason} if self.case.reason else {})


async def answer(asked: Asked) -> Answer:
    review = await open_review(asked)
    refuse_opted_out(asked, review.case)
    if not review.waiting and not await _declined(asked, review):
        raise _nothing_waits(asked, review)
    made = statement(asked, CONFIRMED, "confirm", review.case, review.facts, asked.request.account)
    first = await seconded(asked, review.proposal, review.support(asked), review.achievement)
    if isinstance(first, Answer):
        return replace(first, private=asked.pressed is None)
    text = asked.t.gettext("Confirmed: {name} receives {badge}.").format(**review.names)
    if first is None:
        return decided(asked, text, made)
    said = Say(replace(made, actor=first), alive=False, apart=(first, asked.request.account))
    ended = await over(asked, review.proposal, review.achievement, "confirmed")
    return Answer(done(text), private=asked.pressed is None, changes=(*ended, said))


async def open_review(asked: Asked) -> Review:
    """What was typed, or what the button on the card is about. Raises Refusal as `open_case`, and for a badge that
    needs nobody's word."""
    if asked.pressed is not None:
        achievement, account, tier = named_in(asked.pressed)
        arguments = {"member": account, "achievement": achievement, "tier": tier}
        asked = replace(asked, request=replace(asked.request, arguments=arguments))
    case = await open_case(asked, reason_needed=False)
    among = grantable(asked)
    achievement = find(asked, asked.argument("achievement"), among)
    if not among[achievement].ask:
        text = asked.t.gettext("{badge} is given without a moderator's word. To give or take it, use grant or revoke.")
        raise asked.refuse(text.format(badge=among[achievement].name))
    live = await held(asked, case.person.account, achievement)
    member = asked.people.member(case.person.account)
    return Review(case, achievement, among[achievement], member, asked.argument("tier"), live)


def decided(asked: Asked, text: str, made: Statement) -> Answer:
    """Said to everybody in the moderators' channel where the button stands, else only to who typed it."""
    return Answer(done(text), private=asked.pressed is None, statements=(made,))


async def _declined(asked: Asked, review: Review) -> bool:
    """The goal is reached and nothing waits: a moderator said no before, and may think again."""
    if review.live:
        return False
    member = asked.people.member(review.case.person.account)
    lines = [p for p in await asked.records.progress(member, asked.t) if p.achievement == review.achievement]
    return any(p.value >= p.goal for p in lines)


def _nothing_waits(asked: Asked, review: Review) -> Refusal:
    t = asked.t
    if any(a.state == "awarded" for a in review.live):
        return asked.refuse(t.gettext("{name} holds {badge} already.").format(**review.names))
    text = t.gettext("{name} has not reached {badge}. To give it by hand, use /plaudit grant.")
    return asked.refuse(text.format(**review.names))
