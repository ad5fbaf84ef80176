"""The card that asks moderators about an award which a rule found and a person must confirm."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from core.announcements import LONGEST_ARGUMENT, Badge
from core.cards import Button, Card, Mention, Section, line
from core.events import Account
from core.language import ENGLISH, Language, fill
from core.ports import Destination


def review(badge: Badge, person: Mention, rule: str, evidence: int, t: Language = ENGLISH) -> Card:
    """Who, which badge, the rule in a sentence, how many facts; and the two answers."""
    head = fill(t.gettext("{person} has reached {badge}. Shall they have it?"), person=person, badge=badge.title())
    grounds = t.counted("Counted: {n} fact.", "Counted: {n} facts.", evidence)
    buttons = _buttons(badge, person.account, t)
    lines = (head, line(rule), line(grounds), *(() if buttons else (line(_by_command(badge, person, t)),)))
    return Card((Section(lines),), line(t.gettext("For you to decide")), emoji=badge.emoji, buttons=buttons)


def argument_of(achievement: str, account: Account, tier: str | None) -> str:
    """What the buttons of a card carry; a tier comes last, as it may hold blanks."""
    return " ".join(part for part in (achievement, account, tier) if part)


def named_in(argument: str) -> tuple[str, Account, str]:
    """Achievement, account and tier ("" for none) of a button."""
    achievement, _, rest = argument.partition(" ")
    account, _, tier = rest.partition(" ")
    return achievement, account, tier


def _buttons(badge: Badge, account: Account, t: Language) -> tuple[Button, ...]:
    """None where the names are too long for a button: the command does it too."""
    argument = argument_of(badge.id, account, badge.tier)
    if len(argument) > LONGEST_ARGUMENT:
        return ()
    return (
        Button("confirm", t.gettext("Confirm"), argument, "primary"),
        Button("decline", t.gettext("Decline"), argument),
    )


def _by_command(badge: Badge, person: Mention, t: Language) -> str:
    text = t.gettext("Answer with /plaudit confirm @{name} {badge} or /plaudit decline @{name} {badge}.")
    return text.format(name=person.name, badge=badge.id)


def room_for(
    accounts: Iterable[Account], rooms: Mapping[str, str], sources: Collection[str] | None = None
) -> Destination | None:
    """The moderators' channel on the first platform of a member's accounts that has one. `rooms`: by platform;
    `sources`: those of the community, as a forwarded fact may name somebody of another; None for all."""
    for account in accounts:
        source = account.partition("/")[0]
        room = rooms.get(source.partition(":")[0])
        if room is not None and (sources is None or source in sources):
            return Destination(source, "channel", room)
    return None
