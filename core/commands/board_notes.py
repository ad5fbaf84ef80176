"""What stands below a board: what it counts, over which days, how ties and absences are treated, if it is closed."""

from __future__ import annotations

from collections.abc import Iterator

from core.badges import in_words, name_of
from core.boards import EVER, Window
from core.cards import Line, line
from core.commands.asked import Asked
from core.commands.board_choice import Choice
from core.language import fill
from core.records import Shown
from core.rules.book import ScoreRule
from core.rules.explain import signal_text

_DAY = 86_400_000_000


def notes(asked: Asked, choice: Choice, window: Window, shown: Shown) -> tuple[Line, ...]:
    found = [_counted(asked, choice)]
    if window.first > EVER[0]:
        found.append(_days(asked, window))
    if choice.over:
        found += _closed(asked, window, shown)
    return (*found, line(_ties(asked, choice)))


def _counted(asked: Asked, choice: Choice) -> Line:
    t, book, rule = asked.t, asked.book, choice.rule
    match rule.kind:
        case "score":
            return fill(
                t.gettext("Score: {rules}."), rules=t.listed(_gives(asked, *one) for one in book.scores.items())
            )
        case "signal":
            return fill(t.gettext("Counted: {what}."), what=signal_text(book, rule.what, t).rstrip("."))
        case "points":
            return line(t.gettext("Counted: points of badges, on the day they were earned."))
        case "awards":
            return line(t.gettext("Counted: badges, on the day they were earned."))
        case _:
            return fill(t.gettext("Counted: how often “{badge}” was earned."), badge=name_of(book, rule.what))


def _gives(asked: Asked, key: str, rule: ScoreRule) -> str:
    """As "5 for an answer that three people marked as helpful"."""
    only = rule.when[0] if len(rule.when) == 1 else ""
    words = rule.name or (signal_text(asked.book, only, asked.t) if only in asked.book.signals else in_words(key))
    return asked.t.gettext("{amount} for {what}").format(amount=rule.give, what=words.rstrip("."))


def _days(asked: Asked, window: Window) -> Line:
    calendar, t, now = asked.calendar, asked.t, asked.request.at
    first, last = (t.date(calendar.first_instant(day, "day"), now) for day in (window.first, window.last))
    text = t.gettext("{first} to {last}; days begin at {time} ({zone}).")
    return fill(text, first=first, last=last, time=calendar.day_starts, zone=calendar.timezone)


def _closed(asked: Asked, window: Window, shown: Shown) -> Iterator[Line]:
    t, closed, now = asked.t, shown.closed, asked.request.at
    if closed is None:
        until = window.end(asked.calendar) + asked.book.community.late_grace.microseconds
        if now < until:
            yield fill(t.gettext("Not closed yet: what arrives late counts until {day}."), day=t.day(until, now))
        return
    yield fill(t.gettext("As it was closed on {day}; nothing changes it any more."), day=t.day(closed.closed_at, now))
    if closed.differs_at is not None:
        yield line(t.gettext("What arrived later, or a changed rule, would have changed it."))


def _ties(asked: Asked, choice: Choice) -> str:
    t = asked.t
    if choice.rule.for_ == "team":
        text = t.gettext("Ties share a place: 1, 1, 3. What hidden people, staff, bots and leavers did does not count;")
        return f"{text} {t.gettext('each day counts for the team in which somebody was then.')}"
    text = t.gettext("Ties share a place: 1, 1, 3. Hidden people, staff, bots and leavers are not listed.")
    return f"{text} {t.gettext('Listed are those who joined in this time.')}" if choice.rule.newcomers else text
