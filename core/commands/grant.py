"""`/plaudit grant @member ACHIEVEMENT reason…`: a badge by hand, said by a moderator, or by a giver of that badge."""

from __future__ import annotations

from core.badges import shown
from core.commands import second
from core.commands.asked import Asked
from core.commands.finding import find
from core.commands.given import Allowance, allowance
from core.commands.kudos import refuse_untracked
from core.commands.moderation import Case, done, held, open_case, refuse_opted_out, statement
from core.events import Statement
from core.givers import entries_of
from core.giving import Say
from core.requests import Answer
from core.rules.book import Achievement
from core.two_people import takes_two


async def answer(asked: Asked) -> Answer:
    giver = not asked.request.moderator and bool(entries_of(asked.book, asked.request))
    case = await open_case(asked, giver=giver)
    refuse_opted_out(asked, case)
    among = grantable(asked)
    achievement = _named(asked, among) if giver else find(asked, asked.argument("achievement"), among)
    await _refuse_twice(asked, case, achievement, among[achievement])
    left = await _left(asked, achievement) if giver else None
    if takes_two(asked.book, achievement):
        by = await asked.person(asked.request.account)
        return second.propose(asked, case, achievement, by, left.quota if left else None)
    facts = {"achievement": achievement, **case.said}
    made = statement(asked, "grant.made", "grant", case, facts, asked.request.account)
    return _given(asked, case, made, among[achievement].name, left)


def _given(asked: Asked, case: Case, made: Statement, badge: str, left: Allowance | None) -> Answer:
    text = asked.t.gettext("{name} receives {badge}. Your reason goes with it.")
    if case.note:
        text = asked.t.gettext("{name} receives {badge}, with your note. The reason is kept for the record.")
    text = text.format(name=case.person.name, badge=badge)
    if left is None:
        return Answer(done(text), statements=(made,))
    more = asked.t.counted("You can give {n} more this month.", "You can give {n} more this month.", left.after)
    return Answer(done(f"{text} {more}"), changes=(Say(made, left.quota, alive=False),))


def grantable(asked: Asked) -> dict[str, Achievement]:
    """Every active achievement that the person may give, those made to be given by hand first; moderators know the
    secret ones, and may all of them."""
    book = asked.book
    everything = shown(book, held=book.achievements)
    if not asked.request.moderator:
        theirs = {name for giver in entries_of(book, asked.request) for name in giver.achievements}
        everything = {name: rule for name, rule in everything.items() if name in theirs}
    return dict(sorted(everything.items(), key=lambda entry: entry[1].manual is None))


def _named(asked: Asked, among: dict[str, Achievement]) -> str:
    """What a giver named. Raises Refusal for a badge that they do not give."""
    visible = shown(asked.book, held=among)
    achievement = find(asked, asked.argument("achievement"), visible)
    if achievement not in among:
        text = asked.t.gettext("{badge} is given by moderators. What you can give: {names}.")
        names = asked.t.listed(rule.name for rule in among.values()) or asked.t.gettext("nothing at the moment")
        raise asked.refuse(text.format(badge=visible[achievement].name, names=names))
    return achievement


async def _left(asked: Asked, achievement: str) -> Allowance:
    """Raises Refusal where nothing is left, and for somebody who opted out: their grants would not be in the log."""
    await refuse_untracked(asked)
    left = await allowance(asked, achievement)
    if left.after < 0:
        text = asked.t.counted(
            "You have given your {n} badge of this month. Next month there is another; a moderator can give it today.",
            "You have given your {n} badges of this month. Next month there are more; a moderator can give it today.",
            left.quota.most,
        )
        raise asked.refuse(text)
    return left


async def _refuse_twice(asked: Asked, case: Case, achievement: str, rule: Achievement) -> None:
    t, have = asked.t, await held(asked, case.person.account, achievement)
    names = {"name": case.person.name, "badge": rule.name}
    if have and not rule.repeats:
        since = t.date(have[0].earned_at, asked.request.at)
        text = t.gettext("{name} already holds {badge}, since {date}. It is given once.")
        raise asked.refuse(text.format(date=since, **names))
    if rule.most_awards is not None and len(have) >= rule.most_awards:
        text = t.gettext("{name} already holds {badge} as often as it is given: {n} times.")
        raise asked.refuse(text.format(n=rule.most_awards, **names))
