"""The Home tab: the badge case with the way to what each badge rests on, and the settings that hold."""

from __future__ import annotations

from dataclasses import replace

from core.announcements import LONGEST_ARGUMENT
from core.cards import Button, Card, Section
from core.commands import achievements, settings
from core.commands.asked import Asked
from core.duties import entrusting

MOST_DOORS = 10


async def card(asked: Asked) -> Card:
    """For the person alone."""
    case, t = await achievements.own(asked, achievements.MANY), asked.t
    held = list(dict.fromkeys(a.achievement for a in await asked.records.awards(asked.member) if a.state == "awarded"))
    doors = [name for name in held if len(name) <= LONGEST_ARGUMENT][:MOST_DOORS]
    more = [Button("settings", t.gettext("Change settings")), Button("privacy", t.gettext("My data"))]
    if not entrusting(asked.book).keys().isdisjoint(held):
        more.insert(0, Button("handback", t.gettext("Hand a duty back")))
    whys = (achievements.door(asked, name, name) for name in doors)
    sections = (*case.sections, Section(await settings.summary(asked), t.gettext("Your settings")))
    return replace(case, sections=sections, buttons=(*whys, *more))
