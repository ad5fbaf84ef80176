"""Somebody asks to be erased: not a byte of them is left, nobody else loses anything, and nothing brings them back."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.imports.slack_export import open_export
from adapters.storage.departures import depart, readmit
from adapters.storage.engines import database_file
from adapters.storage.erasure import erase
from adapters.storage.store import Store
from bot.imports import bring_in
from bot.verification import compare
from core.erasure import AT_THE_DOOR
from core.errors import ConfigurationError
from core.events import Statement
from core.ports import Person
from tests.adapters.storage.conftest import Open
from tests.adapters.storage.said import HEAD, NOON, TEAM, book, by_hand, chose, gone, mark, post

USER, NAME, EMAIL = "UCANARY7", "Amira Canary", "amira@canary.example"
WHO = f"{TEAM}/{USER}"
CLAIMS = ((1, "open"), (2, "approved"))
TRACES = (USER, NAME, EMAIL, "Canary", "git-workshop-canary")
BOOK = f"""{HEAD}[channels]
announcements = {{ slack = "#wins" }}
[signal.helpful]
when = "reaction.added"
each = "message"
distinct = "actor"
credit = "author"
goal = 2
[achievement.two_posts]
name = "Two posts"
when = "message.posted"
goal = 2
points = 3
announce = "channel"
[achievement.helper]
name = "Helper"
when = "helpful"
[achievement.marker]
name = "Marker"
when = "reaction.added"
distinct = "author"
goal = 2
points = 1
[achievement.early]
name = "Early"
when = "message.posted"
first = 1
[achievement.all_of_us]
name = "All of us"
when = "message.posted"
for = "community"
goal = 4
[achievement.gift]
name = "Gift"
manual = "moderator"
[score.posts]
when = "message.posted"
give = 2
"""


def history() -> list[Statement]:
    """Amira posts, marks and is marked, is thanked by hand and has settings; what others did hangs on hers."""
    hers = [post(1, USER), post(2, USER, mentions=(f"{TEAM}/B",)), mark(3, USER, NOON, author="B")]
    others = [post(3, "B"), post(4, "B", mentions=(WHO,)), mark(1, "B", NOON, author=USER), mark(1, "C", NOON, USER)]
    more = [
        mark(3, "C", NOON, author="B"),
        by_hand("grant.made", "gift", USER, NOON),
        chose(USER, NOON, boards="shown"),
    ]
    told = replace(more[1], facts={**more[1].facts, "reason": f"{NAME}, {EMAIL}: git-workshop-canary"})
    return [*hers, *others, more[0], told, more[2], gone(mark(3, USER, NOON, author="B"), NOON)]


def sums(url: str) -> list[tuple[object, ...]]:
    """What is counted, without saying for whom."""
    queries = (
        "SELECT achievement, state, COUNT(*), SUM(evidence) FROM award GROUP BY 1, 2 ORDER BY 1",
        "SELECT SUM(points), COUNT(*) FROM ledger",
        "SELECT SUM(amount) FROM score",
        "SELECT COUNT(*) FROM party WHERE type <> 'member.settings_changed'",
    )
    with sqlite3.connect(database_file(url)) as db:
        return [tuple(row) for query in queries for row in db.execute(query)]


def of(url: str, user: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(database_file(url)) as db:
        query = "SELECT achievement, evidence, earned_at FROM award WHERE member = ? ORDER BY 1"
        return list(db.execute(query, (f"{TEAM}/{user}",)))


def traces(folder: Path) -> list[str]:
    """Files that still hold something of the person, byte by byte."""
    found = []
    for file in (f for f in folder.rglob("*") if f.is_file()):
        content = file.read_bytes()
        found += [f"{file.name}: {trace}" for trace in TRACES if trace.encode() in content]
    return found


@pytest.fixture
async def store(opened: Open) -> Store:
    made = await opened(BOOK)
    await made.meet([Person(WHO, NAME), Person(f"{TEAM}/B", "Ben")])
    await made.take(history())
    return made


async def test_nothing_of_the_person_is_left_and_nothing_of_others_is_gone(
    store: Store, url: str, tmp_path: Path
) -> None:
    assert {t.partition(": ")[2] for t in traces(tmp_path)} == set(TRACES)
    before, of_ben = sums(url), of(url, "B")
    assert len(of_ben) > 1
    assert compare(url, [book(BOOK)], NOON + 10) == []
    pseudonyms = await depart(store, WHO, [EMAIL])
    await store.close()
    assert traces(tmp_path) == []
    assert (sums(url), of(url, "B")) == (before, of_ben)
    assert of(url, pseudonyms[WHO].partition("/")[2]) != []
    assert compare(url, [book(BOOK)], NOON + 10) == []


async def test_the_same_holds_after_a_restart_and_for_what_is_counted_anew(
    store: Store, url: str, tmp_path: Path, opened: Open
) -> None:
    await depart(store, WHO, [EMAIL])
    await store.close()
    again = await opened(BOOK)
    await again.take([post(9, "B"), mark(4, "C", NOON, author="B"), mark(4, "D", NOON, author="B")])
    assert compare(url, [book(BOOK)], NOON + 10) == []
    await again.close()
    assert traces(tmp_path) == []


async def test_what_arrives_later_about_the_person_is_left_at_the_door(store: Store, url: str, tmp_path: Path) -> None:
    await depart(store, WHO, [EMAIL])
    before = sums(url)
    again = await store.take(history())
    assert (again.new, set(again.ignored)) == (0, {AT_THE_DOOR})
    later = [post(20, USER), mark(3, USER, NOON + 5, author="B"), gone(mark(4, USER, NOON), NOON + 6)]
    assert (await store.take(later)).new == 0
    await store.meet([Person(WHO, NAME)])
    assert sums(url) == before
    taken = await store.take([mark(2, "B", NOON + 7, author=USER), post(21, "C", mentions=(WHO, f"{TEAM}/B"))])
    assert taken.new == 2
    assert compare(url, [book(BOOK)], NOON + 10) == []
    await store.close()
    assert traces(tmp_path) == []


async def test_an_import_does_not_bring_the_person_back(store: Store, url: str, tmp_path: Path) -> None:
    await depart(store, WHO, [EMAIL])
    zipped = tmp_path.parent / f"{tmp_path.name}-export.zip"
    said = {"user": USER, "ts": "1583140500.000000", "text": "hello", "reactions": [{"name": "tada", "users": ["B"]}]}
    people = [{"id": u, "team_id": "T1", "name": n} for u, n in ((USER, NAME), ("B", "ben"))]
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("users.json", json.dumps(people))
        archive.writestr("channels.json", json.dumps([{"id": "C1", "name": "general"}]))
        archive.writestr("general/2020-03-02.json", json.dumps([said]))
    with open_export(zipped, None) as export:
        summary = await bring_in(export, store, "default", lambda _: None)
    assert summary.ignored[AT_THE_DOOR] == 1
    assert compare(url, [book(BOOK)], NOON + 10) == []
    await store.close()
    assert traces(tmp_path) == []


async def test_whoever_asks_is_counted_again_as_somebody_new(store: Store, url: str) -> None:
    await depart(store, WHO)
    assert not await readmit(store, f"{TEAM}/B")
    assert await readmit(store, WHO)
    assert (await store.take([post(30, USER), post(31, USER)])).new == 2
    assert [row[0] for row in of(url, USER)] == ["two_posts"]
    assert compare(url, [book(BOOK)], NOON + 10) == []


async def test_an_old_database_is_brought_up_to_the_erasures_that_followed(
    store: Store, url: str, tmp_path: Path, opened: Open
) -> None:
    old = shutil.copy(database_file(url), tmp_path.parent / f"{tmp_path.name}-old.db")
    await depart(store, WHO, [EMAIL])
    after = sums(url)
    await store.close()
    shutil.move(old, database_file(url))
    again = await opened(BOOK)
    assert (await again.take([post(20, USER)])).new == 0
    await again.close()
    left = traces(tmp_path)
    assert (left, sums(url)) == ([], after)
    assert compare(url, [book(BOOK)], NOON + 10) == []


async def test_an_erasure_that_broke_off_is_done_at_the_next_start(
    store: Store, url: str, tmp_path: Path, opened: Open
) -> None:
    def broken(db: sa.Connection) -> None:
        erase(db, "default", [WHO], [EMAIL], store.communities.served["default"].plan, NOON)
        raise OSError("the power went")

    with pytest.raises(OSError, match="power"):
        await store.perform(broken)
    await store.close()
    assert traces(tmp_path) != []
    await (await opened(BOOK)).close()
    assert traces(tmp_path) == []
    assert compare(url, [book(BOOK)], NOON + 10) == []


async def test_without_its_key_the_list_is_of_no_use_and_the_bot_says_so(
    store: Store, tmp_path: Path, opened: Open
) -> None:
    await depart(store, WHO)
    await store.close()
    assert stat.S_IMODE(os.stat(tmp_path / "plaudit.key").st_mode) == 0o600
    os.unlink(tmp_path / "plaudit.key")
    with pytest.raises(ConfigurationError, match=r"plaudit\.key: is missing"):
        await opened(BOOK)


async def test_what_was_claimed_goes_with_the_person(store: Store, url: str) -> None:
    columns = "community, id, account, member, kind, by_hand, at, note, proof, state, opened_at"
    rows = [("default", n, WHO, WHO, "talk", False, 1, NAME, "git-workshop-canary", state, 1) for n, state in CLAIMS]
    with sqlite3.connect(database_file(url)) as db:
        db.executemany(f"INSERT INTO claim ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608 - the columns above
    found = await depart(store, WHO)
    with sqlite3.connect(database_file(url)) as db:
        assert db.execute("SELECT id, account, note, proof FROM claim").fetchall() == [(2, found[WHO], "", "")]


async def test_words_are_found_only_as_whole_words(store: Store, url: str) -> None:
    await store.take([post(40, f"{USER}0"), post(41, f"{USER}0")])
    before = of(url, f"{USER}0")
    await depart(store, WHO)
    assert of(url, f"{USER}0") == before != []


async def test_somebody_of_no_community_cannot_be_erased(opened: Open) -> None:
    store = await opened(BOOK.replace("[community]\n", '[community]\nsources = ["slack:T1"]\n'))
    with pytest.raises(ConfigurationError, match="belongs to no community"):
        await depart(store, "slack:T2/U1")


async def test_states_that_are_packed_and_long_ids_are_cleaned_too(store: Store, url: str) -> None:
    await store.take([mark(4, who, NOON, author="B") for who in (USER, *(f"X{n}" for n in range(60)))])
    with sqlite3.connect(database_file(url)) as db:
        packed = [row[0] for row in db.execute("SELECT state FROM progress WHERE member = ?", (f"{TEAM}/B",))]
    assert any(state.startswith(b"\x78\x01") for state in packed)
    assert any(USER.encode() in unpacked(state) for state in packed)
    await depart(store, WHO)
    with sqlite3.connect(database_file(url)) as db:
        states = [row[0] for row in db.execute("SELECT state FROM progress")]
    assert [state for state in states if USER.encode() in unpacked(state)] == []
    await store.take([mark(95, "B", NOON, author="Y")])
    assert compare(url, [book(BOOK)], NOON + 10) == []


def unpacked(state: bytes) -> bytes:
    return zlib.decompress(state) if state.startswith(b"\x78\x01") else state


async def test_the_trail_says_that_somebody_was_erased_and_not_who(store: Store, url: str) -> None:
    found = await depart(store, WHO, [EMAIL], "operator", "asked by mail")
    with sqlite3.connect(database_file(url)) as db:
        rows = db.execute("SELECT by, about, reason FROM act WHERE what = 'member.erased'").fetchall()
    assert rows == [("operator", found[WHO], "asked by mail")]


def remnants(folder: Path) -> list[str]:
    return [f.name for f in folder.iterdir() if b"was here" in f.read_bytes()]


async def test_bytes_that_were_deleted_long_ago_are_gone_too(store: Store, url: str, tmp_path: Path) -> None:
    with sqlite3.connect(database_file(url)) as db:
        db.execute("PRAGMA secure_delete=OFF")
        db.execute("INSERT INTO notebook VALUES ('old', ?)", (f"{USER} was here" * 300,))
        db.commit()
        db.execute("DELETE FROM notebook")
    assert remnants(tmp_path)
    await depart(store, WHO, [EMAIL])
    await store.close()
    assert not remnants(tmp_path)


async def test_of_several_heads_the_same_one_names_the_member_afterwards(store: Store, url: str) -> None:
    heads = [f"{TEAM}/H{n}" for n in range(8)]
    links = [
        Statement("engine", f"link:{head}", NOON, "member.linked", actor=head, target=f"{TEAM}/K", by=head)
        for head in heads
    ]
    await store.take([*links, *(post(40 + n, "H5") for n in range(5))])
    assert compare(url, [book(BOOK)], NOON + 10) == []
    assert of(url, "H0") != []
    await depart(store, heads[5])
    assert compare(url, [book(BOOK)], NOON + 10) == []
