"""`/challenge`: what is under way, where it stands, joining and leaving, and what was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core import challenge_cards, trouble
from core.cards import Button, Card, Line, Section, Span, Text, line, note
from core.challenge_boards import MOST as EVERYBODY
from core.challenge_boards import Board, Challenges, Ranked, ranked
from core.challenges import Challenge, joined, left
from core.commands.asked import Asked, Refusal, mention, short
from core.commands.kudos import refuse_untracked
from core.giving import Say
from core.language import fill
from core.requests import Answer
from core.rights import at_least
from core.rules.explain import sentence

MOST = 5
TOP = 8
ARCHIVED = 10
_ALONE = ("all", "new")


async def answer(asked: Asked) -> Answer:
    """The list, or with a name the one challenge. Raises Refusal for a name that nobody knows."""
    return await (_one(asked) if asked.pressed or asked.argument("name") else _list(asked))


async def join(asked: Asked) -> Answer:
    """Raises Refusal for somebody who opted out, and after the end."""
    await refuse_untracked(asked)
    challenge = await challenge_of(asked)
    if challenge.state(asked.calendar, asked.request.at) in ("closed", "dropped"):
        raise asked.refuse(asked.t.gettext("That one is over. /challenge shows what is under way."))
    if await _mine(asked, challenge):
        return Answer(note(asked.t.gettext("You are in already.")))
    say = Say(joined(challenge.id, asked.request.account, asked.request.at), alive=False)
    t, name = asked.t, Text(challenge.name, bold=True)
    lines = (
        fill(t.gettext("You are in: {name}."), name=name),
        line(t.gettext("What counts is the same with and without joining. You are shown where it stands.")),
    )
    buttons = (challenge_cards.look_button(challenge, t), _leave_button(asked, challenge))
    return Answer(Card((Section(lines),), buttons=buttons), changes=(say,))


async def leave(asked: Asked) -> Answer:
    """Takes somebody off the list of those who take part; what they did still counts."""
    challenge, t = await challenge_of(asked), asked.t
    mine = await _mine(asked, challenge)
    said = note(t.gettext("You are not in it any more. What you did still counts."))
    at = asked.request.at
    return Answer(said, changes=tuple(Say(left(challenge.id, account, at), alive=True) for account in mine))


async def archive(asked: Asked) -> Answer:
    """What was, the latest first."""
    t, over = asked.t, [c for c in (await challenges_of(asked).all()).values() if c.result is not None]
    if not over:
        raise asked.refuse(t.gettext("No challenge is over yet."))
    shown = sorted(over, key=lambda c: (c.wish.last, c.made_at), reverse=True)[:ARCHIVED]
    lines = [_past(asked, c) for c in shown]
    if (more := len(over) - len(shown)) > 0:
        lines.append(line(t.counted("and {n} more", "and {n} more", more)))
    buttons = tuple(Button("challenge", c.name[:40], c.id) for c in shown[:MOST])
    return asked.answer(Card((Section(tuple(lines)),), line(t.gettext("Past challenges")), buttons=buttons))


async def again(asked: Asked) -> Answer:
    """The results once more, for everybody here."""
    challenge = await challenge_of(asked)
    if challenge.result is None:
        raise asked.refuse(asked.t.gettext("It has no results yet."))
    board = await challenges_of(asked).board(challenge)
    said = challenge_cards.ceremony(challenge, challenge.result, board.people, asked.aloud)
    return Answer(note(asked.t.gettext("Said in the channel.")), said=said)


def challenges_of(asked: Asked) -> Challenges:
    """Raises Refusal where nobody keeps challenges."""
    if asked.challenges is None:
        raise asked.refuse(asked.t.gettext("Challenges are not kept here."))
    return asked.challenges


async def challenge_of(asked: Asked, id_: str = "") -> Challenge:
    """The one that a button or a form means by its id, else the latest whose id or name was typed: another one may have
    the same name, and one that was dropped stands behind. Raises Refusal where there is none."""
    there, meant = await challenges_of(asked).all(), id_ or asked.pressed or ""
    if meant in there:
        return there[meant]
    wanted = (meant or asked.argument("name")).casefold()
    found = [c for c in there.values() if c.id == wanted or c.name.casefold() == wanted]
    found = found or [c for c in there.values() if wanted and c.name.casefold().startswith(wanted)]
    found = [c for c in found if c.rule] or found
    if not found:
        text = asked.t.gettext("I know no challenge called “{typed}”. /challenge lists them.")
        raise asked.refuse(text.format(typed=short(wanted)))
    return found[-1]


def may_change(asked: Asked, challenge: Challenge) -> bool:
    """Whoever made it, and moderators."""
    makes = at_least(asked.request.role, "creator") and asked.is_own(challenge.by)
    return asked.request.moderator or makes


# ---- the list


async def _list(asked: Asked) -> Answer:
    t, now = asked.t, asked.request.at
    there = (await challenges_of(asked).all()).values()
    open_ = [c for c in there if c.state(asked.calendar, now) == "open"]
    coming = [c for c in there if c.state(asked.calendar, now) == "coming"]
    sections = [
        *([Section(tuple(_running(asked, c) for c in open_), t.gettext("Under way"))] if open_ else []),
        *([Section(tuple(_ahead(asked, c) for c in coming), t.gettext("Coming"))] if coming else []),
    ]
    if not sections:
        sections = [Section((line(t.gettext("No challenge is under way.")),))]
    buttons = [Button("challenge", c.name[:40], c.id) for c in (*open_, *coming)[:MOST]]
    if any(c.result is not None for c in there):
        buttons.append(Button("challenge-archive", t.gettext("Past challenges")))
    if at_least(asked.request.role, "creator"):
        buttons.append(Button("challenge-new", t.gettext("Make one…")))
    return asked.answer(Card(tuple(sections), line(t.gettext("Challenges")), buttons=tuple(buttons)))


def _running(asked: Asked, challenge: Challenge) -> Line:
    left_ = challenge_cards.left_of(challenge.ends(asked.calendar), asked.request.at, asked.t)
    return (Text(challenge.name, bold=True), Text(f" · {left_}"))


def _ahead(asked: Asked, challenge: Challenge) -> Line:
    day = challenge_cards.first_moment(challenge.wish.first, asked.calendar, asked.t)
    return (Text(challenge.name, bold=True), Text(" · " + asked.t.gettext("from {day}").format(day=day)))


def _past(asked: Asked, challenge: Challenge) -> Line:
    reached = len(challenge.result.reached) if challenge.result is not None else 0
    people = asked.t.counted("{n} person reached it", "{n} people reached it", reached)
    return (Text(challenge.name, bold=True), Text(f" · {asked.t.written(challenge.wish.last)} · {people}"))


# ---- one of them


async def _one(asked: Asked) -> Answer:
    challenge = await challenge_of(asked)
    board = await challenges_of(asked).board(challenge)
    if challenge.result is not None:
        return asked.answer(_over(asked, challenge, board))
    if challenge.state(asked.calendar, asked.request.at) == "dropped":
        t = asked.t.gettext("It was dropped before it began: {reason}").format(reason=challenge.reason)
        return asked.answer(note(t))
    if challenge.id not in asked.book.achievements:  # another process made it a moment ago
        raise Refusal(trouble.busy(asked.t))
    return asked.answer(_standing(asked, challenge, board))


def _over(asked: Asked, challenge: Challenge, board: Board) -> Card:
    result = challenge.result
    if result is None:
        raise ValueError("a challenge that is over has a result")
    card = challenge_cards.ceremony(challenge, result, board.people, asked.t)
    own = asked.t.gettext("You reached it.") if any(map(asked.is_own, result.reached)) else ""
    sections = (*card.sections, *([Section((line(own),))] if own else []))
    button = Button("challenge-again", asked.t.gettext("Post again"), challenge.id)
    buttons = (button,) if at_least(asked.request.role, "creator") else ()
    return replace(card, sections=sections, buttons=buttons)


def _standing(asked: Asked, challenge: Challenge, board: Board) -> Card:
    t, now = asked.t, asked.request.at
    head = [line(sentence(asked.book, challenge.id, asked.t)), line(_time(asked, challenge))]
    sections = [Section(tuple(head))]
    if challenge.state(asked.calendar, now) != "coming":
        sections += _places(asked, challenge, board)
    people = t.counted("{n} person is in.", "{n} people are in.", len(board.joined))
    sections.append(Section((line(people),)))
    return Card(tuple(sections), (Text(challenge.name, bold=True),), buttons=_buttons(asked, challenge, board))


def _time(asked: Asked, challenge: Challenge) -> str:
    t, calendar, now = asked.t, asked.calendar, asked.request.at
    if challenge.state(calendar, now) == "coming":
        return t.gettext("From {day}").format(day=challenge_cards.first_moment(challenge.wish.first, calendar, t))
    by = t.gettext("By {day}").format(day=challenge_cards.last_moment(challenge.wish.last, calendar, t))
    if challenge.state(calendar, now) == "closed":
        return t.gettext("It is over. The results come in a few minutes.")
    return f"{by}: {challenge_cards.left_of(challenge.ends(calendar), now, t)}"


def _places(asked: Asked, challenge: Challenge, board: Board) -> list[Section]:
    t, places = asked.t, ranked(board.rows, asked.book.community.staff, EVERYBODY)
    sections = []
    if board.joined:
        of = len(set(board.joined) & set(board.reached))
        text = t.gettext("{n} of {all} have reached it.").format(n=t.number(of), all=t.number(len(board.joined)))
        sections.append(Section((line(text),)))
    sections += _amounts(asked, challenge, board, places)
    own = _own(asked, challenge, board, places)
    return [*sections, *([Section((own,))] if own else [])]


def _amounts(asked: Asked, challenge: Challenge, board: Board, places: Sequence[Ranked]) -> list[Section]:
    """What all have together, or each team, or the first of those who joined."""
    t, wish = asked.t, challenge.wish
    if board.together is not None:
        text = t.gettext("Together: {n} of {goal}")
        return [Section((line(text.format(n=t.number(board.together), goal=t.number(wish.goal))),))]
    if board.teams:
        rows = tuple(line(f"{name} · {t.number(n)}") for name, n in board.teams[: challenge_cards.MOST_TEAMS])
        return [Section(rows, t.gettext("Teams"))]
    if places and wish.whom in _ALONE:
        return [Section(tuple(_place(asked, s, wish.goal) for s in places[:TOP]))]
    return []


def _place(asked: Asked, there: Ranked, goal: int) -> Line:
    row = there.row
    who: Span = mention(row.person)
    if row.person.account == asked.member:
        who = Text(asked.t.gettext("you"), bold=True)
    elif row.choice.anonymous:
        who = Text(asked.t.gettext("Someone"))
    amount = asked.t.gettext("{n} of {goal}").format(n=asked.t.number(row.amount), goal=asked.t.number(goal))
    return (Text(f"{there.place}. "), who, Text(f" · {amount}"))


def _own(asked: Asked, challenge: Challenge, board: Board, places: Sequence[Ranked]) -> Line:
    """The reader's own count and place, or that of their team; nothing for somebody who did not join."""
    t, goal = asked.t, asked.t.number(challenge.wish.goal)
    mine = next((r for r in board.rows if r.person.account == asked.member), None)
    if mine is None:
        return ()
    if asked.member in board.reached:
        return line(t.gettext("You have reached it."))
    if challenge.wish.whom == "community":
        return ()
    if challenge.wish.whom == "team":
        return line(t.gettext("Your team: {n} of {goal}").format(n=t.number(mine.amount), goal=goal))
    place = next((s.place for s in places if s.row.person.account == asked.member), None)
    said = t.gettext("You: {n} of {goal}").format(n=t.number(mine.amount), goal=goal)
    return line(said if place is None else f"{said}, " + t.gettext("place {place}").format(place=place))


def _buttons(asked: Asked, challenge: Challenge, board: Board) -> tuple[Button, ...]:
    t, state = asked.t, challenge.state(asked.calendar, asked.request.at)
    buttons = []
    if state in ("open", "coming"):
        is_in = asked.member in board.joined
        buttons.append(_leave_button(asked, challenge) if is_in else challenge_cards.join_button(challenge, t))
    if may_change(asked, challenge) and state == "coming":
        buttons.append(Button("challenge-fill", t.gettext("Change…"), f"c:{challenge.id}"))
        buttons.append(Button("challenge-end", t.gettext("Drop…"), challenge.id, "danger"))
    if may_change(asked, challenge) and state == "open" and challenge.ended_at is None:
        buttons.append(Button("challenge-end", t.gettext("End early…"), challenge.id, "danger"))
    return tuple(buttons)


def _leave_button(asked: Asked, challenge: Challenge) -> Button:
    return Button("challenge-leave", asked.t.gettext("Leave"), challenge.id)


async def _mine(asked: Asked, challenge: Challenge) -> list[str]:
    """The person's accounts that take part."""
    return [a for a in await challenges_of(asked).joined(challenge.id) if asked.is_own(a)]
