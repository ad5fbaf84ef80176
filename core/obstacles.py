"""What stands between the number and the award: who somebody is, what moderators said, places that are taken."""

from __future__ import annotations

from collections.abc import Iterator

from core.awards import Deserved
from core.court import Court
from core.judgement import Judgement
from core.language import ENGLISH, Language
from core.passing import fits, in_cohort, teams_of
from core.plan import CONFIRMED, DECLINED, REVOCATION, TEAM
from core.rules.book import RuleBook
from core.rules.explain import parts
from core.rules.explain.english import counted, date
from core.rules.explain.moments import Clock
from core.rules.explain.tails import who_text
from core.rules.grammar import Who
from core.standing import Standing
from core.wanted import Wanted


def obstacles(court: Court, j: Judgement, wanted: Wanted, stands: Standing, t: Language = ENGLISH) -> Iterator[str]:
    """Clauses, as "only for members with the role Helper"; none where only the number is missing.

    Needed achievements, settling and places of `first` stand in the words of the progress already.
    """
    rule = wanted.rule
    clock = Clock(court.now, j.sieve.calendar(wanted, court.now))
    if rule.who is not None:
        yield from (_who(court.plan.book, part, t) for part in _parts(rule.who) if not _is(j, wanted, part))
    if rule.for_ == "team" and stands.own is None:
        yield t.gettext("it is for teams, and nothing counted for one of yours")
    if rule.retired is not None and is_over(wanted, clock):
        text = t.gettext("it is retired since {date} and cannot be earned any more")
        yield text.format(date=date(rule.retired) if t.is_english else t.full(rule.retired))
    if not in_cohort(wanted, j.member):
        yield t.gettext("it is being tried with some of the members only")
    yield from _by_people(j, wanted, t)
    yield from _by_time(j, wanted, clock, t)


def is_over(wanted: Wanted, clock: Clock) -> bool:
    """Is the rule retired by now?"""
    end = wanted.rule.retired
    return end is not None and clock.now >= clock.calendar.first_instant(end.toordinal(), "day")


def _parts(who: Who) -> Iterator[Who]:
    """Each word of `who` by itself."""
    for name in Who.model_fields:
        value = getattr(who, name)
        if value not in (None, ()):
            yield Who.model_construct(**{**Who().__dict__, name: value})


def _is(j: Judgement, wanted: Wanted, who: Who) -> bool:
    """Does the member fulfil it now?"""
    if who.level is not None:
        numbers = [n for n, level in enumerate(j.plan.book.levels, 1) if who.level in (n, level.name)]
        return any(r.number >= n for r in j.levels(j.now) for n in numbers)
    teams = teams_of(j.sieve.named([TEAM]), lambda a: j.people.member(a) == j.member)
    return fits(who, j.now, j.sieve.acts, teams, j.sieve.calendar(wanted, j.now))


def _by_people(j: Judgement, wanted: Wanted, t: Language) -> Iterator[str]:
    """What moderators took back or declined, and nothing later made good."""
    awards = j.deserved(wanted.id)
    if not awards and j.about(REVOCATION, wanted.id):
        yield t.gettext("a moderator took it back")
    if not wanted.rule.ask:
        return
    yes, no = (max((f.at for f in j.about(type_, wanted.id)), default=-1) for type_ in (CONFIRMED, DECLINED))
    if no > yes:
        yield t.gettext("a moderator declined it")


def _by_time(j: Judgement, wanted: Wanted, clock: Clock, t: Language) -> Iterator[str]:
    """What ran out, and what must wait before it is given again."""
    awards = j.deserved(wanted.id)
    if not awards:
        return
    last: Deserved = awards[-1]
    if last.lapses_at is not None and last.lapses_at <= j.now:
        ran_out = t.gettext("it was held and ran out {day}").format(day=_day(last.lapses_at, clock, t))
        yield ran_out if last.lapses_at > 0 else t.gettext("it holds no longer")
    most = wanted.rule.most_awards
    if most is not None and len(awards) >= most:
        times = counted(most, "time") if t.is_english else t.number(most)
        yield t.gettext("it is given {times} at most").format(times=times)
    cooldown = wanted.rule.cooldown
    if cooldown is not None and j.now < last.earned_at + cooldown.microseconds:
        again = _day(last.earned_at + cooldown.microseconds, clock, t)
        yield t.gettext("it can be earned again {day}").format(day=again)


def _day(at: int, clock: Clock, t: Language) -> str:
    return clock.day(at) if t.is_english else t.date(at, clock.now)


def _who(book: RuleBook, who: Who, t: Language) -> str:
    return who_text(book, who) if t.is_english else parts.who(book, who, t)
