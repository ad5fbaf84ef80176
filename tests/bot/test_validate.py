"""A moderator vouches for something at the desk, and takes it back where it was a mistake."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.office import Office, opened


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path) as office:
        yield office


async def test_what_was_vouched_for_by_mistake_is_taken_back(office: Office) -> None:
    given = await office.ask("N", "validate", member="slack:T1/O", kind="workshop")
    (button,) = given.card.buttons
    assert office.awards("O") == {"teacher"}
    office.clock.now += 1
    assert "Only moderators" in await office.press("L", button.verb, button.argument)
    assert "Not for yourself" in await office.press("O", button.verb, button.argument)
    assert office.awards("O") == {"teacher"}
    assert "Taken back" in await office.press("N", button.verb, button.argument)
    assert office.awards("O") == set()
    assert "nothing to take back" in await office.press("N", button.verb, button.argument)


async def test_nothing_else_is_taken_back_by_that_button(office: Office) -> None:
    await office.ask("N", "grant", member="slack:T1/J", achievement="beyond", reason="A talk")
    (id_,) = office.rows("SELECT id FROM statement")[0]
    office.clock.now += 1
    assert "nothing to take back" in await office.press("O", "validate-undo", id_)
    assert office.awards("J") == {"beyond"}
