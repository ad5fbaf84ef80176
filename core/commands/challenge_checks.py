"""What is looked at before a challenge is shown or started: days, numbers, who takes part, what it brings."""

from __future__ import annotations

import datetime as dt

from core import challenge_choices
from core.challenges import Wish
from core.commands.asked import Asked
from core.forms import Option
from core.rights import at_least

MOST_POINTS = 100_000
LONGEST = 366  # days


def roles(asked: Asked) -> tuple[Option, ...]:
    return tuple(challenge_choices.roles(asked.book, asked.t))


def chosen(asked: Asked, name: str, among: set[str]) -> str:
    return known(asked, asked.argument(name), among)


def known(asked: Asked, value: str, among: set[str]) -> str:
    if value not in among:
        raise asked.refuse(asked.t.gettext("Something that you chose is not there any more. Open the form again."))
    return value


def points(asked: Asked, typed: str) -> int:
    """What two people have to say yes to by hand, nobody below a manager promises alone."""
    above = asked.book.moderators.two_people_above
    most = MOST_POINTS if above is None or at_least(asked.request.role, "manager") else min(above, MOST_POINTS)
    return whole(asked, typed, asked.t.gettext("Points"), 0, most)


def whole(asked: Asked, typed: str, called: str, least: int, most: int) -> int:
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else -1
    if not least <= number <= most:
        text = asked.t.gettext("{field}: write a whole number from {least} to {most}.")
        raise asked.refuse(text.format(field=called, least=least, most=asked.t.number(most)))
    return number


def refuse_odd(asked: Asked, wish: Wish) -> None:
    """Also at the start: a draft may be older than the day, the book, or the rights of whoever filled it in."""
    _refuse_odd_days(asked, wish)
    _refuse_odd_teams(asked, wish)
    points(asked, str(wish.points))
    if wish.role:
        known(asked, wish.role, {o.value for o in roles(asked)})


def _refuse_odd_days(asked: Asked, wish: Wish) -> None:
    t = asked.t
    if wish.first < today(asked):
        raise asked.refuse(t.gettext("First day: it is past. Write today or a later day."))
    if wish.last < wish.first:
        raise asked.refuse(t.gettext("Last day: it is before the first one."))
    if (wish.last - wish.first).days >= LONGEST:
        raise asked.refuse(t.gettext("Last day: a challenge lasts a year at most."))
    if wish.each == "day" and wish.goal > (days := (wish.last - wish.first).days + 1):
        text = t.counted(
            "How many: from the first to the last day there is {n} day. Write {n} or less.",
            "How many: from the first to the last day there are {n} days. Write {n} or less.",
            days,
        )
        raise asked.refuse(text)


def _refuse_odd_teams(asked: Asked, wish: Wish) -> None:
    if wish.whom == "team" and not challenge_choices.by_oneself(asked.book, wish.what):
        text = asked.t.gettext("Who takes part: for teams choose something that people do themselves, as replies.")
        raise asked.refuse(text)


def today(asked: Asked) -> dt.date:
    return dt.date.fromordinal(asked.calendar.day(asked.request.at))
