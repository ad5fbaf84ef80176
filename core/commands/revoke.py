"""`/plaudit revoke @member ACHIEVEMENT reason…`: takes a badge back, with a reason the person will read."""

from __future__ import annotations

from core.commands.asked import Asked
from core.commands.finding import find
from core.commands.grant import grantable
from core.commands.moderation import done, held, open_case, statement
from core.requests import Answer


async def answer(asked: Asked) -> Answer:
    case = await open_case(asked)
    among = grantable(asked)
    achievement = find(asked, asked.argument("achievement"), among)
    names = {"name": case.person.name, "badge": among[achievement].name}
    if not await held(asked, case.person.account, achievement):
        raise asked.refuse(asked.t.gettext("{name} does not hold {badge}.").format(**names))
    made = statement(
        asked,
        "award.revoked",
        "revoke",
        case,
        {"achievement": achievement, **case.said},
        asked.request.account,
    )
    text = asked.t.gettext("{badge} is taken back from {name}, who is told privately and why.")
    return Answer(done(text.format(**names)), statements=(made,))
