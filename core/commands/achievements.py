"""`/achievements`: what one has earned and what is under way, or what somebody else shows."""

from __future__ import annotations

from collections.abc import Sequence

from core.announcements import LONGEST_ARGUMENT
from core.badges import is_over, name_of, shown
from core.cards import Button, Card, Line, Section, Span, Text, line
from core.commands.asked import Asked, mention
from core.ladder import has_needed
from core.language import fill
from core.privacy import is_public
from core.records import Amount, HeldAward, LadderRow, ProgressLine
from core.requests import Answer
from core.rules.conditions import Achievement, Level

FEW = 3
MANY = 20
BOXES, MOST_BOXES = 5, 10
_ALL = "all"


async def answer(asked: Asked) -> Answer:
    whose, everything = _wish(asked)
    if whose and asked.people.member(whose) != asked.member:
        return asked.answer(await _of_another(asked, whose, everything))
    return asked.answer(await own(asked, MANY if everything else FEW))


def _wish(asked: Asked) -> tuple[str, bool]:
    """Whose badges, and whether all of them: from the command, or from the button's "all {account}"."""
    if asked.pressed is None:
        return asked.named(), False
    word, _, account = asked.pressed.partition(" ")
    return account, word == _ALL


async def own(asked: Asked, most: int) -> Card:
    """The badge case of the person who asks, `most` lines of each kind."""
    t = asked.t
    awards = await asked.records.awards(asked.member)
    choice = await asked.records.choice(asked.member)
    held = [a for a in awards if a.state == "awarded"]
    ahead = await under_way(asked, awards)
    earned, begun = [_earned(asked, a) for a in held], [_under_way(asked, p) for p in ahead]
    sections = [Section(_first(asked, earned, most), t.gettext("Earned"))] if held else []
    if ahead:
        sections.append(Section(_first(asked, begun, most), t.gettext("Under way")))
        sections += _next_step(asked, ahead[0])
    sections += await _level(asked, {a.achievement for a in held})
    if not choice.tracked:
        sections.append(Section((line(t.gettext("You opted out: nothing you do is counted.")),), small=True))
    if not sections:
        sections = [Section((line(t.gettext("Nothing yet. Say hello: the first badge is not far.")),))]
    return Card(tuple(sections), line(t.gettext("Your badges")), buttons=_buttons(asked, held, ahead, most))


def _first(asked: Asked, lines: Sequence[Line], most: int) -> tuple[Line, ...]:
    """So many of them. Where no button leads to the others, it is said how many these are."""
    more = len(lines) - most if most >= MANY else 0
    told = (line(asked.t.counted("and {n} more", "and {n} more", more)),) if more > 0 else ()
    return (*lines[:most], *told)


def _buttons(
    asked: Asked, held: Sequence[object], ahead: Sequence[object], most: int, whose: str = ""
) -> tuple[Button, ...]:
    if max(len(held), len(ahead)) > most and most < MANY:
        return (Button("achievements", asked.t.gettext("Show all"), f"{_ALL} {whose}".strip()),)
    return ()


async def under_way(asked: Asked, awards: Sequence[HeldAward]) -> list[ProgressLine]:
    """What has begun and can still be earned, the nearest first."""
    today = asked.calendar.day(asked.request.at)
    open_ = {name: rule for name, rule in shown(asked.book).items() if not is_over(rule, today)}
    lines = [
        p
        for p in await asked.records.progress(asked.member, asked.t)
        if p.value > 0 and (rule := open_.get(p.achievement)) and _goes_on(rule, p, awards)
    ]
    return sorted(lines, key=lambda p: (-p.nearness, p.achievement))


def _goes_on(rule: Achievement, progress: ProgressLine, awards: Sequence[HeldAward]) -> bool:
    """Nothing that is had and full: all tiers, or what can be earned again but not before the next period."""
    states = {a.state for a in awards if a.achievement == progress.achievement}
    if "awarded" not in states:
        return True
    if progress.value >= progress.goal and rule.top is None:
        return "pending" in states
    return bool(rule.tiers) or rule.repeats


def _earned(asked: Asked, award: HeldAward) -> Line:
    name = name_of(asked.book, award.achievement)
    title = Text(f"{name}: {award.tier}" if award.tier else name, bold=True)
    return (title, Text(" · "), asked.t.day(award.earned_at, asked.request.at))


def _under_way(asked: Asked, progress: ProgressLine) -> Line:
    name = Text(name_of(asked.book, progress.achievement), bold=True)
    return line(name, f" {bar(progress.nearness, _boxes(progress.goal))} {progress.text}")


def _boxes(goal: Amount) -> int:
    """One box for each step where these are few."""
    return int(goal) if 2 <= goal <= MOST_BOXES and goal == int(goal) else BOXES


def bar(nearness: float, length: int) -> str:
    """As ▰▰▰▱▱; full only when it is done."""
    full = int(nearness * length + 1e-9)
    return "▰" * full + "▱" * (length - full)


async def _level(asked: Asked, held: set[str]) -> list[Section]:
    """The highest level, and the way to the next; nothing before the first point."""
    t, book = asked.t, asked.book
    here = await asked.records.ladder(asked.member) if book.levels else LadderRow()
    if not here.score and not here.levels:
        return []
    mine = [level for level in book.levels if level.name in here.levels]
    ahead = next((level for level in book.levels if level.name not in here.levels and level.at >= _floor(mine)), None)
    spans: list[Span] = [Text(mine[-1].name, bold=True)] if mine else []
    if ahead is not None:
        spans += [Text(" · ")] if mine else []
        spans.append(Text(_way(asked, ahead, here.score, held)))
    return [Section((tuple(spans),), t.gettext("Level"))]


def _floor(mine: Sequence[Level]) -> int:
    """A level below the highest that one holds is not ahead, even if it asks for a badge one does not have."""
    return mine[-1].at if mine else 0


def _way(asked: Asked, level: Level, score: int, held: set[str]) -> str:
    """As "420 of 500 to Guide", with the badges that are missing; secret ones without their names."""
    t, rules = asked.t, asked.book.achievements
    text = t.gettext("{score} of {goal} to {level}")
    told = text.format(score=t.number(min(score, level.at)), goal=t.number(level.at), level=level.name)
    missing = [n for n in level.needs.of if n not in held] if level.needs and not has_needed(level, held) else []
    names = [rules[n].name if n in rules and not rules[n].secret else "???" for n in missing]
    return t.gettext("{way}, missing: {names}").format(way=told, names=t.listed(names)) if names else told


def _next_step(asked: Asked, nearest: ProgressLine) -> list[Section]:
    if not nearest.next_step or nearest.next_step in nearest.text:
        return []
    return [Section((fill(asked.t.gettext("Next: {step}."), step=nearest.next_step.rstrip(".")),))]


async def _of_another(asked: Asked, account: str, everything: bool) -> Card:
    """What others may see: the same words for somebody who hides and for somebody who has nothing."""
    t, member = asked.t, asked.people.member(account)
    person = await asked.person(account)
    choice = await asked.records.choice(member)
    awards = [a for a in await asked.records.awards(member) if is_public(a, choice, asked.book)]
    title = fill(t.gettext("Badges of {person}"), person=mention(person))
    if not awards:
        return Card((Section((line(t.gettext("No badges to show.")),)),), title)
    most = MANY if everything else FEW
    section = Section(_first(asked, [_earned(asked, a) for a in awards], most))
    buttons = (*_doors(asked, awards, account), *_buttons(asked, awards, (), most, account))
    return Card((section,), title, buttons=buttons)


def _doors(asked: Asked, awards: Sequence[HeldAward], account: str) -> tuple[Button, ...]:
    """The way to what the latest badges rest on."""
    names = dict.fromkeys(a.achievement for a in awards)
    doors = [(name, f"{name} {account}") for name in names if len(f"{name} {account}") <= LONGEST_ARGUMENT]
    return tuple(door(asked, name, about) for name, about in doors[:FEW])


def door(asked: Asked, achievement: str, about: str) -> Button:
    """The way to what a badge rests on."""
    label = asked.t.gettext("How {badge} was earned").format(badge=name_of(asked.book, achievement))
    return Button("why", label, about)
