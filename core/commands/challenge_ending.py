"""Ending a challenge before its time, with the reason; one that has not begun is dropped."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from core.cards import note
from core.challenge_rules import own_ids, rule_text
from core.challenges import Challenge, Put, ended
from core.commands.asked import Asked
from core.commands.challenge import challenge_of, may_change
from core.commands.claim import form, words
from core.forms import Field, Form
from core.requests import Answer

LONGEST_REASON = 200


async def answer(asked: Asked) -> Answer:
    """Opens the form for the reason."""
    challenge, t = await _endable(asked, asked.pressed or ""), asked.t
    coming = challenge.state(asked.calendar, asked.request.at) == "coming"
    title = t.gettext("Drop it") if coming else t.gettext("End it tonight")
    fields = (Field("reason", t.gettext("Why, for everybody to read"), "text", most=LONGEST_REASON),)
    made = Form("challenge-ended", title, title, fields, challenge.id)
    return form(asked, made, t.gettext("I cannot open a form here. Press the button in a channel."))


async def send(asked: Asked) -> Answer:
    """Ends it with this day: days are what its rule counts by. What was earned stays."""
    challenge, t = await _endable(asked, asked.argument("about")), asked.t
    reason, by, now = words(asked, "reason", LONGEST_REASON), asked.request.account, asked.request.at
    version = challenge.version + 1
    if challenge.state(asked.calendar, now) == "coming":
        over = replace(challenge, rule="", version=version, reason=reason)
        return Answer(note(t.gettext("Dropped: it will not begin.")), changes=(Put(ended(over, by, now)),))
    wish = replace(challenge.wish, last=dt.date.fromordinal(asked.calendar.day(now)))
    over = replace(challenge, wish=wish, rule=rule_text(challenge.id, wish, version), version=version, reason=reason)
    said = t.gettext("It ends with this day. What was earned stays, and the results follow.")
    return Answer(note(said), changes=(Put(ended(over, by, now)),))


async def _endable(asked: Asked, id_: str) -> Challenge:
    challenge, t = await challenge_of(asked, id_), asked.t
    if not may_change(asked, challenge):
        raise asked.refuse(t.gettext("Only whoever made it, and moderators, can end it."))
    if challenge.id in own_ids(asked.book):
        raise asked.refuse(t.gettext("It is written in the rule book now. A manager ends it there."))
    if challenge.ended_at is not None or challenge.state(asked.calendar, asked.request.at) == "closed":
        raise asked.refuse(t.gettext("It has ended already."))
    return challenge
