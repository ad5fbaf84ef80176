"""The time zone in `/plaudit settings`: a person's own choice, which no platform overrides."""

from __future__ import annotations

from core import zones
from core.cards import Line, Text
from core.commands.asked import Asked, short
from core.events import Statement
from core.members import NO_LIFE
from core.plan import ZONE


def choose(asked: Asked, typed: str) -> str:
    """The zone that was typed. Raises Refusal for a name that is none."""
    found, t = zones.find(typed), asked.t
    if found is not None:
        return found
    near = zones.near(typed) if typed else []
    if near:
        text = t.gettext("No time zone is called “{typed}”. Did you mean {names}?")
        raise asked.refuse(text.format(typed=short(typed), names=t.listed(near)))
    text = t.gettext("No time zone is called “{typed}”. Write one like Europe/Lisbon.")
    raise asked.refuse(text.format(typed=short(typed)))


def chosen(asked: Asked, zone: str) -> Statement:
    """What the person said: it holds from now on."""
    account = asked.request.account
    return Statement(
        source=account.partition("/")[0],
        id=f"zone:{account}/{asked.request.id}",
        at=asked.request.at,
        type=ZONE,
        actor=account,
        facts={"timezone": zone, "chosen": True},
        by=account,
    )


def zone_line(asked: Asked, zone: str | None) -> Line:
    """`zone`: chosen just now, None for the one that holds."""
    t = asked.t
    zone = zone or asked.people.lives.get(asked.member, NO_LIFE).zone(asked.request.at)
    text = zone or t.gettext("the community's, {zone}").format(zone=asked.calendar.timezone)
    how = t.gettext("to change it: /plaudit settings timezone Europe/Lisbon")
    return (Text(t.gettext("Time zone"), bold=True), Text(f" · {text} · {how}"))
