"""What roles say of teams, where a file holds two communities."""

from __future__ import annotations

import asyncio
from pathlib import Path

from adapters.storage.memberships import StoredTeams, concerned, follow_roles
from adapters.storage.store import Store, open_store
from core.memberships import Stay
from core.ports import Person
from core.rules.book import RuleBook
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import NOON, book
from tests.databases import fresh


def community(name: str, source: str, more: str = "") -> RuleBook:
    return book(f'rules = 1\n[community]\nid = "{name}"\nsources = ["{source}"]\n{more}')


BLUE = '[team.blue]\nname = "Blue"\nslack = "@blue"\n'
PEOPLE = [Person(f"{source}/A", "Amira", roles=("@blue",)) for source in ("slack:T1", "slack:T2", "discord:3")]


async def test_each_community_has_the_teams_of_its_own_book(tmp_path: Path) -> None:
    url = await asyncio.to_thread(fresh, tmp_path)
    books = [community("one", "slack:T1", BLUE), community("two", "slack:T2"), community("three", "discord:3", BLUE)]
    store = await open_store(url, books, Clock())
    try:
        await store.meet(PEOPLE)
        assert [*concerned(store.communities, PEOPLE)] == ["one"]
        assert await store.perform(lambda db: follow_roles(db, store.communities, PEOPLE, NOON)) == 1
        assert [await teams(store, name).sizes() for name in ("one", "two", "three")] == [{"Blue": 1}, {}, {}]
        assert await teams(store, "one").stays("slack:T1/A") == [Stay("Blue", NOON)]
        assert await teams(store, "two").stays("slack:T2/A") == []
    finally:
        await store.close()


def teams(store: Store, name: str) -> StoredTeams:
    return StoredTeams(store.look, store.communities.served[name], NOON)
