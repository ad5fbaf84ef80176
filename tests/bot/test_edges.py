"""What the platforms tell, before it reaches the store."""

from __future__ import annotations

from pathlib import Path

from adapters.storage.store import open_store
from bot.edges import LiveInbox, storable
from core.events import body
from core.ports import Person
from tests.adapters.storage.said import NOON, THREE, book, post
from tests.databases import fresh

HALF = "half \ud800"


async def test_half_a_character_in_a_name_or_a_fact_is_replaced_and_stored(tmp_path: Path) -> None:
    url = fresh(tmp_path)
    store = await open_store(url, [book(THREE)], lambda: NOON)
    inbox = LiveInbox(store)
    await inbox.meet([Person("slack:T1/A", HALF, roles=(HALF,))])
    taken = await inbox.take([post(1, channel=HALF, actor_role=(HALF, "helper"))])
    assert taken.new == 1
    assert (await store.records("default").people(["slack:T1/A"]))["slack:T1/A"].name == "half ?"
    await store.close()


def test_whole_texts_are_left_alone() -> None:
    statement = post(1, channel="#grüße 🎉")
    assert storable(statement) is statement
    assert body(storable(post(1, channel=HALF)))
