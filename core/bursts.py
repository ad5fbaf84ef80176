"""What waited in a channel and is said there together, in one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.announcements import Badge
from core.awards import Award, Happened
from core.cards import Button, Card, Line, Mention, Section, Text, line
from core.effects import Telling, account_of, badge_of, destination_json, messages, rooms_of
from core.events import Account
from core.hushing import told_alone, told_weekly
from core.language import ENGLISH, Language, fill
from core.languages import ours
from core.members import Member
from core.names import by_name, listed
from core.noise import HOUR, Room, State, free
from core.plan import Plan
from core.ports import Destination, Outgoing, Transaction
from core.rules.grammar import MOST
from core.rules.noise import Noise
from core.serving import Served

MOST_BADGES = 6
MOST_NAMES = 12
EVERYTHING = Noise.model_validate({"per_channel_hour": MOST, "quiet_hours": []})
_ELSEWHERE = ("private", "none", "dm")
Waiting = Sequence[tuple[int, Award]]


def say_what_waits(tx: Transaction, served: Served, now: int) -> int:
    """Say it in every channel where something is due and there is room. Returns how many messages that are."""
    plan, said = served.plan, 0
    noise = plan.book.noise or EVERYTHING
    for room, rows in tx.waiting(now).items():
        heard = tx.heard([room], now - HOUR)[room]
        at = free(now, heard, noise, plan.calendar)
        if at > now:
            tx.told([number for number, _ in rows], "waiting", at)
            continue
        standing = _wanted(tx, plan, rows, now)
        if standing:
            sent, left = _said(tx, served, room, standing, now)
            _keep(tx, plan, room, left, free(now, replace(heard, said=(*heard.said, now)), noise, plan.calendar), now)
            said += sent
    return said


def burst(badges: Mapping[Badge, Sequence[Mention]], more: int = 0, t: Language = ENGLISH) -> Card:
    """One card for several badges. `more`: how many are left for later. Names follow the alphabet."""
    people = {person.account for there in badges.values() for person in there}
    who = _people(len(people), t)
    if len(badges) == 1:
        [(badge, there)] = badges.items()
        head = fill(t.gettext("{people} earned {badge}: "), people=who, badge=badge.title())
        lines = [(*head, *_names(there, t))]
    else:
        head = fill(t.gettext("{people} earned badges:"), people=who)
        lines = [head, *((badge.title(), Text(": "), *_names(there, t)) for badge, there in badges.items())]
    if more:
        lines.append(line(t.counted("{n} more is told later.", "{n} more are told later.", more)))
    emoji = next(iter(badges)).emoji if len(badges) == 1 else None
    button = Button("achievements", t.gettext("My achievements"))
    return Card((Section(tuple(lines)),), emoji=emoji, buttons=(button,), tone="award")


def _people(number: int, t: Language) -> str:
    in_words = {
        2: t.gettext("Two people"),
        3: t.gettext("Three people"),
        4: t.gettext("Four people"),
        5: t.gettext("Five people"),
        6: t.gettext("Six people"),
        7: t.gettext("Seven people"),
        8: t.gettext("Eight people"),
        9: t.gettext("Nine people"),
    }
    return in_words.get(number) or t.counted("{n} person", "{n} people", number)


def _names(there: Sequence[Mention], t: Language) -> Line:
    people = sorted(there, key=by_name)
    return listed(people, t)


def _wanted(tx: Transaction, plan: Plan, rows: Sequence[tuple[int, Award | None]], now: int) -> Waiting:
    """Those awards that still stand and whose people let them be told aloud."""
    choices = tx.choices({award.member for _, award in rows if award is not None})
    standing: list[tuple[int, Award]] = []
    for number, award in rows:
        how = _quietest(award, plan, choices)
        if award is None or how == "dropped":
            tx.told([number], "dropped", now)
        elif how == "digest":
            tx.told([number], "digest", now)
        else:
            standing.append((number, award))
    return standing


def _quietest(award: Award | None, plan: Plan, choices: Mapping[Member, tuple[str | None, bool, bool]]) -> State:
    """What its rule and its person say by now: both may have changed while it waited."""
    wanted = None if award is None else plan.wanted.get(award.achievement)
    if award is None or wanted is None:
        return "dropped"
    announce, _, tracked = choices.get(award.member, (None, False, True))
    if not tracked or not {announce, wanted.rule.announce}.isdisjoint(_ELSEWHERE):
        return "dropped"
    return "digest" if "digest" in (announce, wanted.rule.announce) else "waiting"


def _said(tx: Transaction, served: Served, room: Room, waiting: Waiting, now: int) -> tuple[int, Waiting]:
    """How many messages were sent for it, and what found no place in them."""
    telling = _telling(tx, served, [award for _, award in waiting], now)
    left: Waiting = ()
    if len(waiting) == 1:
        sent = [*messages(Happened("awarded", None, waiting[0][1]), None, served.plan, telling)]
    else:
        there, left = _chosen(waiting, served.plan, telling)
        to = Destination(room.source, "channel", room.channel)
        cause = f"burst:{room.source}/{room.channel}:{now}"
        card = burst(there, len(left), ours(served.plan.book))
        sent = [Outgoing(cause, room.source, "card", destination_json(to), card, now)]
    tx.send(sent)
    unsaid = {number for number, _ in left}
    message = told_alone(waiting[0][1].id) if len(waiting) == 1 else f"burst:{now}"
    tx.told([number for number, _ in waiting if number not in unsaid], "told" if sent else "dropped", now, message)
    return len(sent), left


def _chosen(waiting: Waiting, plan: Plan, telling: Telling) -> tuple[dict[Badge, list[Mention]], Waiting]:
    """As many badges and people as one message names, the first first; and the others."""
    there: dict[Badge, dict[Account, Mention]] = {}
    left: list[tuple[int, Award]] = []
    for number, award in waiting:
        badge, account = badge_of(award.achievement, plan, award.tier), account_of(award, telling)
        names = there.get(badge, {})
        if (badge not in there and len(there) >= MOST_BADGES) or (account not in names and len(names) >= MOST_NAMES):
            left.append((number, award))
        else:
            name = telling.names.get(account, account.rpartition("/")[2])
            there.setdefault(badge, {})[account] = Mention(account, name, bold=False)
    return {badge: list(names.values()) for badge, names in there.items()}, left


def _keep(tx: Transaction, plan: Plan, room: Room, left: Waiting, at: int, now: int) -> None:
    weekly = told_weekly(tx, plan, [award for _, award in left])
    tx.told([number for number, award in left if weekly(award, room)], "digest", now)
    tx.told([number for number, award in left if not weekly(award, room)], "waiting", max(at, now + 1))


def _telling(tx: Transaction, served: Served, awards: Sequence[Award], now: int) -> Telling:
    members: set[Member] = {award.member for award in awards}
    groups = served.people.groups
    named = {account for m in members for account in groups.get(m, (m,))} | {a.by for a in awards if a.by is not None}
    return Telling(now, rooms_of(served.plan), tx.names(named), {}, groups, roles=False)
