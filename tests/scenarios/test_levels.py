"""The ladder over the score: a level brings its role, the digest tells of it, and it falls with the score."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.scenarios.street import Street
from tests.scenarios.town import GIVERS, Town

LADDER = """
[[level]]
name = "Regular"
at = 5
gives_role = "Trusted helper"
[[level]]
name = "Guide"
at = 50
needs = ["teacher"]
"""


@pytest.fixture
def rules() -> str:
    return LADDER


async def test_a_level_brings_its_role_and_takes_it_again(street: Street, town: Town) -> None:
    answer = await street.helped("jonas", GIVERS)
    await town.until(lambda: street.holds_role("jonas"))
    assert "trusted_helper" not in street.awards("jonas")
    own = await street.ask("jonas", "/achievements")
    assert "Regular · 5 of 50 to Guide, missing: Teacher" in own
    await street.unreact("lena", answer)
    await town.until(lambda: not street.holds_role("jonas"))
    assert "Regular" not in await street.ask("jonas", "/achievements")
    await street.react("lena", answer)
    await town.until(lambda: street.holds_role("jonas"))


async def test_a_level_is_told_in_the_digest_and_nowhere_else(street: Street, town: Town) -> None:
    await street.helped("jonas", GIVERS)
    await street.earned("jonas", "helpful_answer")
    await town.until(lambda: len(street.said()) == 1)
    assert not any("Regular" in text for room in street.side.channels for text in street.said(room))
    town.clock.forward_to(0, dt.time(9, 0, 1), "Europe/Berlin")
    await town.until(lambda: len(street.said()) == 2)
    digest = street.said()[1]
    assert "New levels" in digest
    assert street.shows(digest[digest.index("New levels") :], "jonas")
