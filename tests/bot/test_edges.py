"""What the platforms tell, before it reaches the store."""

from __future__ import annotations

from pathlib import Path

from adapters.storage.store import open_store
from bot.desk import FrontDesk
from bot.edges import Edges, LiveInbox, storable
from bot.settings import read as settings
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


async def test_a_workspace_is_known_as_soon_as_it_has_said_who_it_is_and_while_the_line_is_down(tmp_path: Path) -> None:
    store = await open_store(fresh(tmp_path), [book(THREE)], lambda: NOON)
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1-2-a", "SLACK_APP_TOKEN": "xapp-1-A-2-a"}
    edges = Edges(settings(tokens, None), store, FrontDesk(store), lambda: NOON)
    assert (edges.sources(), edges.all_known()) == ([], False)
    assert edges.slack is not None
    edges.slack.roster.identify({"team_id": "T1", "user_id": "UBOT", "bot_id": "B1"})
    assert (edges.sources(), edges.all_known()) == (["slack:T1"], True)
    assert dict(edges.messengers()) == {}
    await store.close()


async def test_a_platform_that_was_not_heard_yet_has_not_caught_up(tmp_path: Path) -> None:
    store = await open_store(fresh(tmp_path), [book(THREE)], lambda: NOON)
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1-2-a", "SLACK_APP_TOKEN": "xapp-1-A-2-a"}
    found = [Edges(settings(given, None), store, FrontDesk(store), lambda: NOON).caught_up() for given in ({}, tokens)]
    assert found == [True, False]
    await store.close()


def test_whole_texts_are_left_alone() -> None:
    statement = post(1, channel="#grüße 🎉")
    assert storable(statement) is statement
    assert body(storable(post(1, channel=HALF)))
