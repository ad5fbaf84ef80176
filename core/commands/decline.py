"""`/plaudit decline @member ACHIEVEMENT [reason]`: a moderator says no to what a rule found. Nobody else is told."""

from __future__ import annotations

from dataclasses import replace

from core.commands.asked import Asked
from core.commands.confirm import decided, open_review
from core.commands.moderation import statement
from core.commands.second import over
from core.giving import Say
from core.plan import DECLINED
from core.requests import Answer


async def answer(asked: Asked) -> Answer:
    review = await open_review(asked)
    if not review.waiting:
        text = asked.t.gettext("Nothing of {name} waits for a decision on {badge}.")
        raise asked.refuse(text.format(**review.names))
    made = statement(asked, DECLINED, "decline", review.case, review.facts, asked.request.account)
    text = asked.t.gettext("Declined: {name} does not receive {badge}, and is not told.")
    answer = decided(asked, text.format(**review.names), made)
    ended = await over(asked, review.proposal, review.achievement, "declined")
    return replace(answer, statements=(), changes=(*ended, Say(made))) if ended else answer
