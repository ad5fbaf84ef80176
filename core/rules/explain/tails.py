"""What stands behind the condition of a rule: caps, who can earn it, when it is confirmed, how often, how long."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from core.calendar import DERIVED
from core.rules.book import RuleBook, conditions
from core.rules.conditions import Achievement, Source
from core.rules.durations import Duration
from core.rules.explain.english import date, listed, number
from core.rules.explain.frames import limits, thing
from core.rules.explain.nouns import counts_others
from core.rules.grammar import Who

_WORTH_A_WORD = 3600  # seconds: whoever has to wait less does not notice
_HIDDEN = "a secret achievement"


def tails(book: RuleBook, rule: Achievement) -> list[str]:
    """What else must be known about a rule, each as a clause of its own."""
    return [text for text in (*_counting(book, rule), *_giving(book, rule), *_keeping(rule)) if text]


def _counting(book: RuleBook, rule: Achievement) -> Iterator[str]:
    if rule.limit is not None:
        yield limits(rule)
    yield _oneself(book, rule)
    if rule.timezone == "member" and _by_calendar(rule):
        yield "by each member's own clock"


def _giving(book: RuleBook, rule: Achievement) -> Iterator[str]:
    if rule.counts and rule.needs is not None:
        yield f"it also needs {needed(book, rule)}"
    if rule.who is not None:
        yield who_text(book, rule.who)
    if rule.top is not None:
        yield "ties share a place"
    if rule.first is not None:
        yield f"only for the first {number(rule.first)}" if rule.first > 1 else "only for the first"
    if rule.for_ != "member":
        yield "everybody who contributed gets it"
    if rule.only_in is not None:
        yield f"only in {listed(rule.only_in, 'or')}"
    if rule.cohort is not None:
        yield f"tried with {_share(rule.cohort)} of the members"
    if rule.settle.count and rule.settle.seconds >= _WORTH_A_WORD and rule.manual is None:
        yield f"confirmed {rule.settle} later if it still holds"
    if rule.ask:
        yield "a moderator has the last word"


def _keeping(rule: Achievement) -> Iterator[str]:
    if rule.repeats:
        yield _repeat(rule) + (f", at least {rule.cooldown} apart" if rule.cooldown is not None else "")
    if rule.lasts == "while true":
        yield "held only while this is true"
    elif isinstance(rule.lasts, Duration):
        yield f"valid for {rule.lasts}"
    if rule.retired is not None:
        yield f"not given any more since {date(rule.retired)}"


def _oneself(book: RuleBook, rule: Achievement) -> str:
    counted = [source for source in conditions(rule) if source.when and not _only_signals(book, source)]
    received = [source for source in counted if source.credit in ("author", "target")]
    if any(source.self_ for source in received):
        return "one's own count too"
    return "one's own do not count" if any(not counts_others(source) for source in received) else ""


def _only_signals(book: RuleBook, rule: Source) -> bool:
    return all(name in book.signals for name in rule.when)


def _by_calendar(rule: Achievement) -> bool:
    """Whether it makes a difference whose day and hour it is."""
    return rule.season is not None or any(
        c.in_one or c.streak or c.distinct in DERIVED or any(f.fact in DERIVED for f in c.where)
        for c in conditions(rule)
    )


def needed(book: RuleBook, rule: Achievement) -> str:
    """The achievements that a rule needs, by name; of a secret one only that there is one."""
    if rule.needs is None:
        return ""
    found = [book.achievements[name] for name in rule.needs.of if name in book.achievements]
    names = [_HIDDEN if one.secret else one.name for one in found]
    if rule.needs.at_least >= len(names):
        return listed(names)
    return f"{number(rule.needs.at_least)} of {listed(names)}"


def who_text(book: RuleBook, who: Who) -> str:
    """As "only for members with the role Helper"."""
    texts = [
        f"with the role {listed(who.role, 'or')}" if who.role else "",
        f"without the role {listed(who.not_role, 'or')}" if who.not_role else "",
        f"in the team {listed(who.team, 'or')}" if who.team else "",
        f"at level {_level(book, who.level)} or higher" if who.level is not None else "",
        f"who have been here for {who.member_for}" if who.member_for is not None else "",
        f"who joined before {date(who.joined_before)}" if who.joined_before is not None else "",
        f"who joined after {date(who.joined_after)}" if who.joined_after is not None else "",
    ]
    told = [text for text in texts if text]
    return f"only for members {listed(told)}" if told else ""


def _level(book: RuleBook, level: int | str) -> str:
    """A level's name; a number counts the levels of the book from one."""
    if isinstance(level, int) and 1 <= level <= len(book.levels):
        return book.levels[level - 1].name
    return str(level)


def _repeat(rule: Achievement) -> str:
    if rule.most_awards is not None:
        return f"it can be earned {number(rule.most_awards)} times" if rule.most_awards > 1 else "it is earned once"
    frame = rule.in_one or ("year" if rule.season is not None else None)
    if frame is not None:
        return f"it can be earned every {frame}"
    return f"it can be earned for every {thing(rule)}" if rule.each is not None else "it can be earned again"


def _share(share: int | Decimal | str) -> str:
    return share if isinstance(share, str) else f"{share} %"
