"""The audit trail: every act of one person over another, with its reason and what it changed."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.storage.audit import Wanted
from bot import audit
from bot.settings import read
from core.audit import Act
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import HOUR, NOON, TEAM, THREE, by_hand, gone, mark, post
from tests.adapters.storage.test_links import HERE, THERE, link, part

M = f"{TEAM}/M"


Trail = Callable[..., list[audit.Found]]


@pytest.fixture
def trail(url: str, tmp_path: Path) -> Trail:
    """Reads the trail of the one community, anew at each call."""
    (tmp_path / "rules.toml").write_text(THREE)
    settings = read({"PLAUDIT_DATABASE_URL": url, "PLAUDIT_RULES": str(tmp_path / "rules.toml")})
    return lambda by=None, about=None, **asked: audit.find(settings, Wanted(**asked), by, about)


async def test_a_grant_and_a_revocation_say_who_why_and_what_changed(opened: Open, trail: Trail) -> None:
    store = await opened(THREE)
    await store.take([by_hand("grant.made", "three", "A", NOON - HOUR)])
    await store.take([by_hand("award.revoked", "three", "A", NOON)])
    (found,) = trail()
    assert found.acts == [
        Act(NOON, M, "award.revoked", HERE, "as agreed", "three: awarded, 1 fact", "three: revoked, 1 fact"),
        Act(NOON, M, "grant.made", HERE, "as agreed", "three: not held", "three: awarded, 1 fact"),
    ]


async def test_what_is_undone_is_an_act_too_and_members_own_posts_are_none(
    opened: Open, trail: Trail, clock: Clock
) -> None:
    store = await opened(THREE)
    grant = by_hand("grant.made", "three", "A", NOON - HOUR)
    await store.take([post(0), grant, gone(post(0), NOON)])
    clock.now += 1
    await store.take([gone(grant, NOON, "the wrong person")])
    (found,) = trail(what="undone")
    assert [(a.what, a.reason, a.after) for a in found.acts] == [
        ("undone grant.made", "the wrong person", "three: revoked, 1 fact")
    ]
    (everything,) = trail()
    assert len(everything.acts) == 2


async def test_links_are_acts_and_are_found_by_any_account_of_the_person(opened: Open, trail: Trail) -> None:
    store = await opened(THREE)
    await store.take([post(n, "5", source="discord:9") for n in range(3)])
    await store.take([link(HERE, THERE)])
    (found,) = trail(about=HERE)
    (act,) = found.acts
    assert (act.what, act.about) == ("member.linked", THERE)
    assert act.before == "three: not held; three: awarded, 3 facts"
    assert act.after == "three: awarded, 3 facts; three: revoked, 3 facts"
    await store.take([part(HERE, THERE)])
    assert [len(f.acts) for f in trail(about=HERE)] == [0]


async def test_it_is_exported_for_programs_and_for_spreadsheets(opened: Open, trail: Trail) -> None:
    store = await opened(THREE)
    said = by_hand("grant.made", "three", "A", NOON)
    await store.take([said, mark(0, "B", NOON)])
    found = trail()
    assert json.loads(audit.as_json_text(found))["acts"][0]["at"] == "2026-03-18T12:00:00Z"
    heading, row = csv.reader(audit.as_csv(found).splitlines())
    assert dict(zip(heading, row, strict=True))["by"] == M
    assert audit.as_lines(found)[0].endswith("slack:T1/M: grant.made, slack:T1/A (as agreed)")
