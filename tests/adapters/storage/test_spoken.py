"""The language that a person chose, from the log of a real file."""

from __future__ import annotations

import pytest

from adapters.storage.store import Store
from core.events import Statement
from tests.adapters.storage.conftest import Open
from tests.adapters.storage.said import NOON, TEAM, THREE, post

ME = f"{TEAM}/A"


def chose(language: str | None, number: int) -> Statement:
    facts = {"announce": "private", "boards": "shown", "tracking": "on"} | ({"language": language} if language else {})
    return Statement(TEAM, f"s{number}", NOON + number, "member.settings_changed", actor=ME, facts=facts)


def spoken(store: Store) -> str:
    return store.communities.served["default"].speaking_to(ME).locale


async def test_a_choice_holds_over_a_restart_and_until_it_is_taken_back(opened: Open) -> None:
    store = await opened(THREE)
    assert spoken(store) == "en"
    await store.take([chose("ja", 1)])
    assert spoken(store) == "ja"
    await store.close()
    again = await opened(THREE)
    assert spoken(again) == "ja"
    await again.take([chose(None, 2)])
    assert spoken(again) == "en"


@pytest.mark.parametrize("unknown", ["tlh", ""])
async def test_a_language_that_is_not_spoken_is_nobodys_choice(opened: Open, unknown: str) -> None:
    store = await opened(THREE)
    await store.take([chose(unknown, 1)])
    assert spoken(store) == "en"


async def test_what_is_told_privately_is_in_the_language_of_the_person(opened: Open) -> None:
    store = await opened(THREE)
    await store.take([chose("ja", 1), *(post(n) for n in range(3))])
    (card,) = await store.look(
        lambda db: db.exec_driver_sql("SELECT card FROM outbox WHERE kind = 'card'").scalars().all()
    )
    assert "を獲得しました" in bytes(card).decode()


async def test_where_one_stands_is_told_in_the_language_that_was_asked_for(opened: Open) -> None:
    store = await opened(THREE)
    await store.take([chose("de", 1), post(0)])
    t = store.communities.served["default"].speaking_to(ME)
    (line,) = await store.records("default").progress(ME, t)
    found = await store.records("default").diagnosis(ME, "three", own=True, t=t)
    assert (line.text, line.next_step) == ("1 von 3 (Beiträge)", "noch 2 (Beiträge)")
    assert found is not None
    assert found.rule == "Gezählt: Beiträge · nötig: 3"
