"""`/plaudit audit`: what was done by hand lately, for managers."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from adapters.storage.tables import act
from core.commands import answer
from tests.village import AMIRA, COMMUNITY, JONAS, NOW, Village, ask, book, said


def _note(village: Village, **found: object) -> None:
    row = {"community": COMMUNITY, "at": NOW, "by": JONAS, "what": "grant.made", "about": AMIRA, "reason": "well done"}
    village.keep(sa.insert(act).values({**row, "before": "helper: not held", "after": "helper: awarded", **found}))


async def _told(village: Village, **arguments: str) -> str:
    return said(await answer(replace(ask("audit", **arguments), role="manager"), book(), village.records))


async def test_it_says_who_what_why_and_what_changed(village: Village) -> None:
    _note(village)
    text = await _told(village)
    assert "Jonas, grant.made, Amira (helper: not held → helper: awarded): well done" in text


async def test_it_is_about_one_person_where_one_is_named(village: Village) -> None:
    _note(village)
    _note(village, about=JONAS, reason="another matter")
    text = await _told(village, member=JONAS)
    assert "another matter" in text
    assert "well done" not in text


async def test_an_empty_trail_is_no_error(village: Village) -> None:
    assert "Nobody did anything here yet" in await _told(village)
