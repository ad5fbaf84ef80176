"""Whatever is let go of, nothing that anybody holds changes, now or when more arrives."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from adapters.storage import judging
from adapters.storage.engines import database_file
from adapters.storage.retention import step
from adapters.storage.store import Store, open_store
from adapters.storage.transactions import SqlTransaction
from bot.explanations import as_lines
from bot.verification import compare
from core.events import Statement, content
from core.retention import Needs, needs_of
from core.rules.book import RuleBook
from core.rules.loading import load
from core.serving import Mode, Served
from tests.databases import fresh
from tests.properties.kinds import KINDS, Kind, invented
from tests.properties.storyteller import DAY, PEOPLE
from tests.properties.storyteller import history as told

QUICK = ("counting",)
QUIET = Mode(announce=False)
Rows = list[tuple[object, ...]]
QUERIES = (
    "SELECT member, achievement, version, tier, occurrence, period, state, kept, earned_at, due_at, evidence, since,"
    " place FROM award ORDER BY 1, 2, 3, 4, 5",
    "SELECT member, rule, day, amount FROM score WHERE amount <> 0 ORDER BY 1, 2, 3",
    "SELECT member, points, at, cause FROM ledger ORDER BY 1, 2, 3, 4",
    "SELECT member, name FROM level ORDER BY 1, 2",
    "SELECT member, achievement, at FROM wake ORDER BY 1, 2, 3",
)
WHOLE_STATES = "SELECT member, thing, state FROM progress ORDER BY 1, 2"


def noisy(random: Random, said: Sequence[Statement]) -> list[Statement]:
    """With facts that no rule looks at, and with things that no rule counts, edited and withdrawn as others are."""
    found = []
    for s in said:
        extra = {"words": random.randrange(50), "noise": "x" * random.randrange(9)} if s.op == "assert" else {}
        found.append(replace(s, facts={**s.facts, **extra}))
        if random.random() < 0.5:
            type_ = random.choice(["poll.voted", "command.used"]) if s.op == "assert" else None
            found.append(replace(found[-1], id=f"noise of {s.id}", type=type_))
    return found


def held(url: str) -> list[Rows]:
    with sqlite3.connect(database_file(url)) as db:
        return [db.execute(query).fetchall() for query in QUERIES]


async def seen(store: Store, served: Served, now: int) -> list[object]:
    """What everybody is shown: how far they are, and why they have what they have."""

    def look(db: sa.Connection) -> list[object]:
        members = sorted({served.people.member(account) for account in PEOPLE})
        lines: list[object] = [judging.progress(db, served, member, now) for member in members]
        asked = [judging.examine(db, served, m, name, now, own=True) for m in members for name in served.plan.wanted]
        return lines + [list(as_lines(found, missing=more)) for found in asked if found for more in (False, True)]

    return await store.look(look)


async def thin(store: Store, needs: Needs, community: str, limit: int) -> int:
    """How many statements went or lost something."""
    after: int | None = 0
    changed = 0
    while after is not None:
        share = await store.perform(lambda db, a=after: step(SqlTransaction(db, community), needs, limit, a))
        changed += share.tally.gone.total() + share.tally.thinned.total()
        after = share.after
    return changed


def halves(said: Sequence[Statement]) -> tuple[list[Statement], list[Statement]]:
    """The second without other words for a moment of which the first speaks: the greater of both would be asked for,
    and that may be gone."""
    first, rest = list(said[: len(said) * 2 // 3]), said[len(said) * 2 // 3 :]
    moments = {(s.source, s.id, s.at): content(s) for s in first}
    return first, [s for s in rest if moments.get((s.source, s.id, s.at), content(s)) == content(s)]


async def check(folder: Path, kind: Kind, seed: int) -> int:
    """Two worlds hear the same; in one, what is old is thinned in between."""
    random = Random(f"{kind.name} {seed}")  # noqa: S311 - a history, no secret
    story, now = told(random, kind.acts, 70)
    first, rest = halves(noisy(random, story))
    book = load(kind.book, f"{kind.name}.toml")
    (folder / "thinned").mkdir()
    (folder / "whole").mkdir()
    urls = [fresh(folder / "thinned"), fresh(folder / "whole")]
    stores = [await open_store(url, [book], lambda: now) for url in urls]
    for store in stores:
        await store.take(first, QUIET)
        await store.settle()
    changed = await _thinned(stores[0], urls[0], book, sorted(s.at for s in first)[len(first) * 4 // 5], now)
    for store in stores:
        await store.take(rest, QUIET)
        await store.settle()
    served = [store.communities.served[book.community.id] for store in stores]
    shown = [await seen(store, there, now) for store, there in zip(stores, served, strict=True)]
    for store in stores:
        await store.close()
    assert shown[0] == shown[1], f"{kind.name} {seed}"
    assert held(urls[0]) == held(urls[1]), f"{kind.name} {seed}"
    assert compare(urls[0], [book], now) == [], f"{kind.name} {seed}"
    await _counted_anew(urls, load(kind.changed, f"{kind.name}.toml"), now)
    return changed


async def _counted_anew(urls: Sequence[str], book: RuleBook, now: int) -> None:
    """A rule asks for more and counts all that is left."""
    for url in urls:
        await (await open_store(url, [book], lambda: now)).close()
    assert held(urls[0]) == held(urls[1])
    assert compare(urls[0], [book], now) == []


async def _thinned(store: Store, url: str, book: RuleBook, limit: int, now: int) -> int:
    served = store.communities.served[book.community.id]
    before, shown = held(url), await seen(store, served, now)
    with sqlite3.connect(database_file(url)) as db:
        states = db.execute(WHOLE_STATES).fetchall()
    changed = await thin(store, needs_of(served.plan), book.community.id, limit)
    served.memory.clear()
    assert held(url) == before
    assert await seen(store, served, now) == shown
    with sqlite3.connect(database_file(url)) as db:
        assert db.execute(WHOLE_STATES).fetchall() == states
    assert compare(url, [book], now) == []
    return changed


@pytest.mark.parametrize("name", QUICK)
async def test_nothing_that_is_held_changes(tmp_path: Path, name: str) -> None:
    assert await check(tmp_path, KINDS[name], 0) > 5


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", KINDS)
async def test_nothing_that_is_held_changes_in_many_histories(tmp_path: Path, name: str) -> None:
    for seed in range(1, 7):
        (tmp_path / str(seed)).mkdir()
        await check(tmp_path / str(seed), KINDS[name], seed)


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_nothing_that_is_held_changes_under_invented_rules(tmp_path: Path) -> None:
    for seed in range(12):
        (tmp_path / str(seed)).mkdir()
        await check(tmp_path / str(seed), invented(seed), seed)


async def test_a_fact_that_a_rule_looks_at_would_be_missed(tmp_path: Path) -> None:
    """The check above sees it: the name of a fact that a rule reads is taken from what is needed."""
    random = Random(1)  # noqa: S311 - a history, no secret
    story, now = told(random, KINDS["counting"].acts, 60)
    book = load(KINDS["counting"].book, "rules.toml")
    url = fresh(tmp_path)
    store = await open_store(url, [book], lambda: now)
    await store.take(story, QUIET)
    await store.settle()
    needs = needs_of(store.communities.served[book.community.id].plan)
    assert "emoji" in needs.facts
    await thin(store, replace(needs, facts=needs.facts - {"emoji"}), book.community.id, now + DAY)
    await store.close()
    assert compare(url, [book], now) != []
