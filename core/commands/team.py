"""`/team`: in which team one is, which there are, joining and leaving. A change begins now: what was done before stays
with the team of that time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.cards import Button, Card, Line, Section, Text, line
from core.commands.asked import Asked, mention, short
from core.commands.moderation import done, open_case, refuse_opted_out, statement
from core.events import Account, Statement
from core.language import fill
from core.memberships import NOWHERE, Stay, Teams, find
from core.plan import TEAM
from core.requests import Answer
from core.rules.teams import Team

FEW = 3
MOST = 25


async def answer(asked: Asked) -> Answer:
    """One's own team; for moderators also somebody else's."""
    whose = asked.named()
    if whose and not asked.is_own(whose):
        return await _of_another(asked, whose)
    stays = await _teams(asked).stays(asked.member)
    sections = [Section(tuple(_history(asked, stays)))]
    if joinable := _open(asked, but=_current(stays)):
        names = asked.t.listed(team.name for _, team in joinable)
        text = asked.t.gettext("Open to everybody: {names}. Join with /team join NAME.")
        sections.append(Section((line(text.format(names=names)),), small=True))
    card = Card(tuple(sections), line(asked.t.gettext("Your team")), buttons=_buttons(asked, stays, joinable))
    return asked.answer(card)


async def roll(asked: Asked) -> Answer:
    """`/team list`: every team and how many are in it. Nobody is named."""
    sizes, t = await _teams(asked).sizes(), asked.t
    mine = _current(await _teams(asked).stays(asked.member))
    listed = dict.fromkeys([*(team.name for team in asked.book.teams.values()), *sorted(sizes)])
    lines = [_size(asked, name, sizes.get(name, 0), mine=name == mine) for name in [*listed][:MOST]]
    if not lines:
        raise asked.refuse(t.gettext("There are no teams here."))
    return asked.answer(Card((Section(tuple(lines)),), line(t.gettext("Teams"))))


async def join(asked: Asked) -> Answer:
    """Into an open team; moderators put others into any."""
    whose = asked.named()
    if whose and not asked.is_own(whose):
        return await _moved(asked, await _any_team(asked))
    team, t = _open_team(asked), asked.t
    await _refuse_uncounted(asked)
    if _current(await _teams(asked).stays(asked.member)) == team.name:
        raise asked.refuse(t.gettext("You are in {team} already.").format(team=team.name))
    text = t.gettext("You are in {team} now. What you did before stays with the team you were in then.")
    return replace(asked.answer(done(text.format(team=team.name))), statements=(_said(asked, team.name),))


async def leave(asked: Asked) -> Answer:
    """Out of an open team; moderators take others out of any."""
    whose = asked.named()
    if whose and not asked.is_own(whose):
        return await _moved(asked, NOWHERE)
    mine, t = _current(await _teams(asked).stays(asked.member)), asked.t
    if not mine:
        raise asked.refuse(t.gettext("You are in no team."))
    known = find(asked.book.teams, mine)
    if known is None or not known.open:
        raise asked.refuse(t.gettext("{team} is not open: a moderator can move you.").format(team=mine))
    await _refuse_uncounted(asked)
    text = t.gettext("You are in no team any more. What you did in {team} stays with it.")
    return replace(asked.answer(done(text.format(team=mine))), statements=(_said(asked, NOWHERE),))


def _teams(asked: Asked) -> Teams:
    """Raises Refusal where nobody keeps teams."""
    if asked.teams is None:
        raise asked.refuse(asked.t.gettext("There are no teams here."))
    return asked.teams


# ---- what is shown


async def _of_another(asked: Asked, account: Account) -> Answer:
    if not asked.request.moderator:
        raise asked.refuse(asked.t.gettext("Only moderators see in which team somebody is. Your own: /team"))
    stays = await _teams(asked).stays(asked.people.member(account))
    title = fill(asked.t.gettext("Team of {person}"), person=mention(await asked.person(account)))
    return asked.answer(Card((Section(tuple(_history(asked, stays, own=False))),), title))


def _history(asked: Asked, stays: Sequence[Stay], *, own: bool = True) -> list[Line]:
    """The team of now, and a few of those before."""
    t, now = asked.t, asked.request.at
    nowhere = t.gettext("You are in no team.") if own else t.gettext("In no team.")
    lines = [line(nowhere)] if not _current(stays) else []
    for stay, end in reversed([*zip(stays, [*(s.since for s in stays[1:]), None], strict=False)][-FEW - 1 :]):
        if not stay.team:
            continue
        name, since = Text(stay.team, bold=True), t.day(stay.since, now)
        if end is None:
            lines.append(fill(t.gettext("{team} · since {since}"), team=name, since=since))
        else:
            lines.append(fill(t.gettext("{team} · {since} to {until}"), team=name, since=since, until=t.day(end, now)))
    return lines


def _buttons(asked: Asked, stays: Sequence[Stay], joinable: Sequence[tuple[str, Team]]) -> tuple[Button, ...]:
    t = asked.t
    buttons = [Button("team-join", t.gettext("Join {team}").format(team=team.name)[:40], id_) for id_, team in joinable]
    mine = find(asked.book.teams, _current(stays))
    leaving = [Button("team-leave", t.gettext("Leave"))] if mine is not None and mine.open else []
    return (*buttons[:FEW], *leaving, Button("team-list", t.gettext("All teams")))


def _size(asked: Asked, name: str, size: int, *, mine: bool) -> Line:
    known = find(asked.book.teams, name)
    words = [asked.t.counted("{n} person", "{n} people", size)]
    words += [asked.t.gettext("open")] if known is not None and known.open else []
    words += [asked.t.gettext("yours")] if mine else []
    return (Text(name, bold=mine), Text(f" · {asked.t.listed(words)}"))


def _current(stays: Sequence[Stay]) -> str:
    return stays[-1].team if stays else NOWHERE


def _open(asked: Asked, but: str) -> list[tuple[str, Team]]:
    return [(id_, team) for id_, team in asked.book.teams.items() if team.open and team.name != but]


# ---- what is changed


def _open_team(asked: Asked) -> Team:
    """The team that was named, if members may join it. Raises Refusal."""
    t, typed = asked.t, asked.pressed or asked.argument("team")
    names = t.listed(team.name for _, team in _open(asked, but=NOWHERE))
    if not names:
        raise asked.refuse(t.gettext("No team here is open: a moderator can move you."))
    team = find(asked.book.teams, typed) if typed else None
    if team is None:
        raise asked.refuse(t.gettext("Which team? Open to everybody: {names}.").format(names=names))
    if not team.open:
        raise asked.refuse(t.gettext("{team} is not open: a moderator can move you.").format(team=team.name))
    return team


async def _any_team(asked: Asked) -> str:
    """For moderators: one of the book, or one in which a roster has somebody. Raises Refusal."""
    typed = asked.argument("team")
    if (known := find(asked.book.teams, typed)) is not None:
        return known.name
    others = [*(team.name for team in asked.book.teams.values()), *await _teams(asked).sizes()]
    found = next((name for name in others if typed and name.casefold() == typed.casefold()), None)
    if found is None:
        names = asked.t.listed(dict.fromkeys(others)) or asked.t.gettext("none; the rule book can name some")
        text = asked.t.gettext("I know no team “{typed}”. There are: {names}.")
        raise asked.refuse(text.format(typed=short(typed), names=names))
    return found


async def _moved(asked: Asked, team: str) -> Answer:
    """Somebody else, by a moderator."""
    case, t = await open_case(asked, reason_needed=False), asked.t
    refuse_opted_out(asked, case)
    before = _current(await _teams(asked).stays(asked.people.member(case.person.account)))
    if before == team:
        text = t.gettext("{name} is there already: {team}.") if team else t.gettext("{name} is in no team.")
        raise asked.refuse(text.format(name=case.person.name, team=team))
    made = replace(statement(asked, TEAM, "team", case, {"team": team}, case.person.account), actor=None)
    text = t.gettext("{name} is in {team} from now on.") if team else t.gettext("{name} is in no team from now on.")
    kept = t.gettext("What was done before stays with the team of that time.")
    return replace(asked.answer(done(text.format(name=case.person.name, team=team), kept)), statements=(made,))


async def _refuse_uncounted(asked: Asked) -> None:
    if not (await asked.records.choice(asked.member)).tracked:
        raise asked.refuse(asked.t.gettext("You opted out: nothing about you is recorded, and so no team."))


def _said(asked: Asked, team: str) -> Statement:
    """What the person says about themselves; delivered twice, it is the same statement."""
    account = asked.request.account
    source, id_ = account.partition("/")[0], f"team:{asked.request.id}"
    return Statement(source, id_, asked.request.at, TEAM, target=account, facts={"team": team}, by=account)
