"""What is old and needed by no rule goes for good; what is needed stays, and so does all that hangs on it."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.storage import retention
from adapters.storage.engines import database_file
from adapters.storage.history import SqlHistory
from adapters.storage.retention import Tally, preview, preview_beside, step, step_beside
from adapters.storage.store import Store, open_store
from adapters.storage.transactions import SqlTransaction
from bot.verification import compare
from core.events import Statement
from core.retention import needs_of
from core.serving import Mode
from tests.adapters.storage.said import DAY, HEAD, NOON, TEAM, book, by_hand, chose, gone, mark, post
from tests.databases import fresh

POSTS = f"""{HEAD}
[achievement.three]
name = "Three"
when = "message.posted"
where.length = {{ at_least = 5 }}
goal = 3
"""
MARKS = f"""{HEAD}
[achievement.marked]
name = "Marked"
when = "reaction.added"
credit = "author"
goal = 2
"""
OUTBOX = """
INSERT INTO outbox (id, community, cause, source, destination, kind, card, state, due_at, attempts, created_at)
VALUES (?, 'default', ?, 's', 'd', 'card', x'7b7d', ?, ?, 1, ?)
"""
IGNORED = """
INSERT INTO ignored (community, source, statement, hash, reason, at) VALUES ('default', 's', x'7b7d', ?, 'unknown', ?)
"""
INBOX = """
INSERT INTO inbox (community, statement, hash, state, attempts, due_at)
VALUES ('default', x'7b7d', ?, 'done', 0, ?)
"""
OLD = NOON - 30 * DAY
LIMIT = NOON - DAY


class Bed:
    """One store, and what it holds."""

    def __init__(self, url: str, store: Store, text: str) -> None:
        self.url, self.store, self.book = url, store, book(text)
        self.plan = store.communities.served[self.book.community.id].plan

    async def take(self, *said: Statement) -> None:
        await self.store.take(said, Mode(announce=False, recall=False))

    async def thin(self, most: int | None = None) -> Tally:
        needs, after, total = needs_of(self.plan), 0, Tally()
        while True:
            share = await self.store.perform(
                lambda db, a=after: step(SqlTransaction(db, self.plan.community), needs, LIMIT, a)
            )
            total.add(share.tally)
            assert most is None or share.tally.gone.total() + share.tally.thinned.total() <= most
            if share.after is None:
                return total
            after = share.after

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(database_file(self.url)) as db:
            return db.execute(query).fetchall()

    def ids(self) -> list[object]:
        return [row[0] for row in self.rows("SELECT id FROM statement ORDER BY seq")]

    def holds(self, trace: bytes) -> bool:
        return trace in Path(database_file(self.url)).read_bytes()

    def change(self, query: str, *values: object) -> None:
        with sqlite3.connect(database_file(self.url)) as db:
            db.execute(query, values)


@pytest.fixture
async def bed(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Bed]:
    text, url = getattr(request, "param", POSTS), fresh(tmp_path)
    store = await open_store(url, [book(text)], lambda: NOON)
    yield Bed(url, store, text)
    await store.close()


def vote(n: int, at: int = OLD, **facts: str) -> Statement:
    """Something that no rule counts."""
    return Statement(TEAM, f"vote:{n}", at, "poll.voted", actor=f"{TEAM}/A", target=f"{TEAM}/B", facts=facts)


LAST = replace(vote(0, NOON), id="vote:last")


async def test_what_no_rule_counts_goes_with_all_that_was_said_about_it(bed: Bed) -> None:
    edited = replace(vote(1, OLD + 5), target=f"{TEAM}/C")
    await bed.take(vote(1), edited, vote(2), gone(vote(2), OLD + 9), LAST)
    tally = await bed.thin()
    assert tally.gone == {"poll.voted": 4}
    assert bed.ids() == ["vote:last"]
    assert {row[0] for row in bed.rows("SELECT seq FROM party")} == {5}


async def test_what_is_young_or_was_spoken_of_lately_stays(bed: Bed) -> None:
    await bed.take(vote(1), replace(vote(1, LIMIT), target=f"{TEAM}/C"), vote(2), gone(vote(2), NOON), LAST)
    assert not await bed.thin()
    assert len(bed.ids()) == 5


async def test_the_last_place_of_the_log_is_never_given_again(bed: Bed) -> None:
    await bed.take(vote(1), vote(2))
    await bed.thin()
    assert bed.ids() == ["vote:2"]
    await bed.take(LAST)
    assert bed.rows("SELECT seq FROM statement ORDER BY seq") == [(2,), (3,)]


async def test_what_changes_something_by_itself_stays_whole(bed: Bed) -> None:
    kept = [
        by_hand("grant.made", "three", "A", OLD),
        chose("A", OLD, boards="hidden"),
        Statement(TEAM, "member:A", OLD, "member.joined", actor=f"{TEAM}/A", facts={"noise": "x"}),
        Statement(TEAM, "n", OLD, "nomination.made", actor=f"{TEAM}/A", target=f"{TEAM}/B", facts={"achievement": "x"}),
        gone(post(7), OLD),
    ]
    await bed.take(*kept, LAST)
    before = bed.rows("SELECT * FROM statement")
    assert not await bed.thin()
    assert bed.rows("SELECT * FROM statement") == before


async def test_of_what_counts_only_that_stays_at_which_somebody_looks(bed: Bed) -> None:
    said = [post(n, at=OLD + n, length=9, words=2, mentions=(f"{TEAM}/B",), private=False) for n in range(3)]
    await bed.take(*said, LAST)
    hashes = bed.rows("SELECT seq, id, at, hash FROM statement")
    tally = await bed.thin()
    assert (tally.thinned, tally.dropped) == ({"message.posted": 3}, 6)
    names = {row[0] for row in bed.rows("SELECT j.key FROM statement s, json_each(CAST(s.body AS TEXT), '$.facts') j")}
    assert names == {"message", "channel", "channel_id", "post_kind", "private", "length"}
    assert bed.rows("SELECT seq, id, at, hash FROM statement") == hashes
    assert compare(bed.url, [bed.book], NOON) == []
    await bed.take(*said)
    assert len(bed.ids()) == 4
    assert not await bed.thin()


async def test_what_is_withdrawn_after_that_counts_no_more(bed: Bed) -> None:
    said = [post(n, at=OLD + n, length=9, words=2) for n in range(4)]
    await bed.take(*said, LAST)
    await bed.thin()
    await bed.take(gone(said[0], NOON), replace(said[1], at=NOON, facts={**said[1].facts, "length": 1}))
    assert bed.rows("SELECT COUNT(*) FROM party WHERE type = 'message.posted'") == [(3,)]
    assert compare(bed.url, [bed.book], NOON) == []


async def test_of_two_words_for_one_moment_the_same_still_speaks(bed: Bed) -> None:
    """Without `delay`, the one with the shorter length would be the greater."""
    one, other = (post(1, at=OLD, length=length, delay=delay) for length, delay in ((10, 2), (9, 1)))
    await bed.take(one, other, post(2, at=OLD, words=1), post(2, at=OLD, words=2), LAST)
    before = bed.rows("SELECT seq FROM party ORDER BY seq")
    tally = await bed.thin()
    assert tally.thinned == {}
    assert bed.rows("SELECT seq FROM party ORDER BY seq") == before


@pytest.mark.parametrize("bed", [MARKS], indirect=True)
async def test_an_old_message_still_tells_whose_it_is_when_it_is_marked(bed: Bed) -> None:
    await bed.take(post(1, at=OLD, length=9), post(2, at=OLD, length=9), gone(post(2), OLD + 1), vote(1), LAST)
    assert (await bed.thin()).gone == {"poll.voted": 1}
    marks = [mark(n, who, NOON) for n, who in ((1, "B"), (1, "C"), (2, "B"))]
    await bed.take(*(replace(m, author=None, facts={"message": m.facts["message"]}) for m in marks))
    assert bed.rows("SELECT member, evidence FROM award") == [(f"{TEAM}/A", 2)]
    assert compare(bed.url, [bed.book], NOON) == []


async def test_no_transaction_is_long(bed: Bed) -> None:
    edits = [replace(vote(n, OLD + e), facts={"e": str(e)}) for e in range(2) for n in range(1_500)]
    await bed.take(*edits, LAST)
    tally = await bed.thin(most=retention.MOST)
    assert tally.gone == {"poll.voted": 3_000}
    assert bed.ids() == ["vote:last"]


async def test_looking_changes_nothing_and_says_the_same(bed: Bed) -> None:
    await bed.take(vote(1), vote(2), post(1, at=OLD, words=1), LAST)
    needs, community = needs_of(bed.plan), bed.plan.community
    said = await bed.store.look(lambda db: preview(SqlHistory(db, community), needs, LIMIT, 0))
    assert len(bed.ids()) == 4
    assert said.tally == await bed.thin()


async def test_what_was_deleted_is_not_in_the_file_any_more(bed: Bed) -> None:
    await bed.take(*(vote(n, choice="canary" * 50) for n in range(200)), LAST)
    await bed.store.perform(lambda db: db.exec_driver_sql("PRAGMA secure_delete=OFF").close())
    await bed.thin()
    await bed.store.close()
    assert bed.holds(b"vote:last")
    assert not bed.holds(b"canary")


async def test_old_rows_of_other_tables_go_and_what_was_posted_once_is_remembered(bed: Bed) -> None:
    for id_, cause, state in ((1, "award:1", "sent"), (2, "review:1", "sent"), (3, "award:2", "waiting")):
        bed.change(OUTBOX, id_, cause, state, OLD, OLD)
    for at in (OLD, NOON):
        bed.change("INSERT INTO request_seen (source, delivery, at) VALUES ('github', ?, ?)", at, at)
        bed.change("INSERT INTO guess (who, at) VALUES ('A', ?)", at)
        bed.change(IGNORED, at, at)
        bed.change(INBOX, at, at)
    community = bed.plan.community
    one = {"ignored": 1, "inbox": 1, "outbox": 2}
    found = await bed.store.look(lambda db: preview_beside(SqlHistory(db, community), LIMIT, shared=False))
    assert found.beside == one

    async def go(*, shared: bool) -> Tally:
        return await bed.store.perform(lambda db: step_beside(SqlTransaction(db, community), LIMIT, shared=shared))

    assert (await go(shared=False)).beside == one
    assert bed.rows("SELECT id, card IS NULL FROM outbox ORDER BY id") == [(2, 1), (3, 0)]
    assert (await go(shared=True)).beside == {"request_seen": 1, "guess": 1}
    assert not await go(shared=True)
    for table in ("request_seen", "guess", "ignored", "inbox"):
        assert bed.rows(f"SELECT COUNT(*) FROM {table}") == [(1,)]  # noqa: S608 - names in this test


HELPERS = f"""{POSTS}
[achievement.helpers]
name = "Helpers"
when = "message.posted"
who.role = ["Helper"]
"""


@pytest.mark.parametrize("bed", [HELPERS], indirect=True)
@pytest.mark.parametrize("at", [OLD, OLD + DAY], ids=["as it was", "edited since"])
async def test_an_import_takes_nobodys_role_away(bed: Bed, at: int) -> None:
    live = post(1, "A", OLD, actor_role=("Helper",), words=9)
    await bed.take(live, LAST)
    assert (await bed.thin()).thinned
    held = "SELECT achievement, state, kept FROM award ORDER BY 1"
    before = bed.rows(held)
    assert ("helpers", "awarded", 0) in before
    exported = {name: value for name, value in live.facts.items() if name != "actor_role"}
    found = replace(live, at=at, facts={**exported, "recovered": True})
    assert (await bed.store.take([found], Mode(announce=False))).new == 1
    assert bed.rows(held) == before
    assert (await bed.store.take([found], Mode(announce=False))).new == 0
    assert compare(bed.url, [book(HELPERS)], NOON) == []
