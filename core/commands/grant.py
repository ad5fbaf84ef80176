"""`/plaudit grant @member ACHIEVEMENT reason…`: a badge by hand, said by a moderator."""

from __future__ import annotations

from core.badges import shown
from core.commands import second
from core.commands.asked import Asked
from core.commands.finding import find
from core.commands.moderation import Case, done, held, open_case, refuse_opted_out, statement
from core.requests import Answer
from core.rules.book import Achievement
from core.two_people import takes_two


async def answer(asked: Asked) -> Answer:
    case = await open_case(asked)
    refuse_opted_out(asked, case)
    among = grantable(asked)
    achievement = find(asked, asked.argument("achievement"), among)
    await _refuse_twice(asked, case, achievement, among[achievement])
    if takes_two(asked.book, achievement):
        return second.propose(asked, case, achievement, await asked.person(asked.request.account))
    made = statement(
        asked,
        "grant.made",
        "grant",
        case,
        {"achievement": achievement, **case.said},
        asked.request.account,
    )
    text = asked.t.gettext("{name} receives {badge}. Your reason goes with it.")
    if case.note:
        text = asked.t.gettext("{name} receives {badge}, with your note. The reason is kept for the record.")
    card = done(text.format(name=case.person.name, badge=among[achievement].name))
    return Answer(card, statements=(made,))


def grantable(asked: Asked) -> dict[str, Achievement]:
    """Every active achievement, those made to be given by hand first; moderators know the secret ones."""
    book = asked.book
    everything = shown(book, held=book.achievements)
    return dict(sorted(everything.items(), key=lambda entry: entry[1].manual is None))


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
