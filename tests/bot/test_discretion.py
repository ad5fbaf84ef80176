"""Who is erased, or chooses not to be shown, while something is written, is not named by it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
from structlog.testing import capture_logs

from adapters.storage import challenge_changes, fairness, snapshots
from adapters.storage.departures import depart
from adapters.storage.store import Store
from bot import weekly
from bot.boardkeeper import Boardkeeper
from bot.challenges import CLOSING, StoredChallenges, language
from core import challenge_cards
from core.boards import Reading, ended
from core.cards import Card, Line, Mention, Picture, Row, Section, line
from core.challenges import Result
from core.digests import Due
from core.events import Statement
from core.fairness import Finding
from core.outgoing import DIGEST
from core.ports import Destination
from tests.adapters.storage.said import DAY, HOUR, NOON, chose, gone, post
from tests.bot.office import BOOK, Office, opened
from tests.bot.test_challenges import begin, posted, tick

ROOM = [Destination("slack:T1", "channel", "C9")]
KEEP = '[defaults]\nif_undone = "keep"\n'
BOARD = '[score.posts]\nwhen = "message.posted"\ngive = 1\n[board.posts]\nname = "Posts"\nperiod = "week"\n'
FIRST = '[achievement.first]\nname = "First post"\nwhen = "message.posted"\nannounce = "digest"\n'
LINKED = Statement(
    "moderator", "link:1", NOON, "member.linked", actor="slack:T1/A", target="slack:T1/J", facts={"way": "moderator"}
)
Change = Literal["erased", "hidden", "anonymous", "opted out"]
CHANGES: tuple[Change, ...] = ("erased", "hidden", "anonymous", "opted out")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK + KEEP + FIRST + BOARD) as office:
        yield office


async def change(office: Office, what: Change) -> None:
    """Amira changes her mind."""
    if what == "erased":
        await depart(office.store, "slack:T1/A")
        return
    choice = {"tracking": "off"} if what == "opted out" else {"boards": what}
    await office.store.take([chose("A", office.clock.now, **choice)])


async def composed(store: Store, due: Due) -> Card:
    card = await weekly.community_card(store, "default", due)
    assert card is not None
    return card


@pytest.mark.parametrize("what", CHANGES)
async def test_a_digest_names_nobody_who_left_while_it_was_written(office: Office, what: Change) -> None:
    store, now = office.store, office.clock.now
    due = Due("2026-W12", now - DAY, now + DAY)
    await store.take([post(n, who, now - HOUR + n) for n, who in enumerate("AJ")])
    card = await composed(store, due)
    assert "Amira" in str(card)
    await change(office, what)
    with capture_logs() as logged:
        assert not await store.run_once("default", DIGEST, due.name, card, ROOM, due.end)
    assert [entry["event"].partition(":")[2] for entry in logged] == [" it is written anew"]
    assert await store.last_run("default", DIGEST) is None
    anew = await composed(store, due)
    assert await store.run_once("default", DIGEST, due.name, anew, ROOM, due.end)
    [(said,)] = office.rows("SELECT card FROM outbox WHERE cause = 'digest:2026-W12'")
    assert b"Jonas" in said
    assert b"Amira" not in said


async def test_what_stayed_with_a_linked_account_is_told_as_its_person_chose(office: Office) -> None:
    store, now = office.store, office.clock.now
    due = Due("2026-W12", now - DAY, now + DAY)
    posts = [post(n, who, now - HOUR + n) for n, who in enumerate("AJL")]
    await store.take(posts)
    await store.take([gone(said, now - HOUR // 2) for said in posts[:2]])
    await store.take([LINKED])
    assert office.rows("SELECT COUNT(*) FROM award WHERE kept") == [(2,)]
    assert "Jonas" not in str(await composed(store, due))  # Amira and he are one
    await change(office, "hidden")
    card = await composed(store, due)
    assert "Lena" in str(card)
    assert "Jonas" not in str(card)
    assert await store.run_once("default", DIGEST, due.name, card, ROOM, due.end)


async def test_moderators_read_who_hides_but_not_who_was_erased(office: Office) -> None:
    [card] = cards(line(Mention("slack:T1/A", "Amira")))
    await change(office, "hidden")
    assert await office.store.run_once("default", "moderators", "2026-W12", card, ROOM)
    await change(office, "erased")
    assert not await office.store.run_once("default", "moderators", "2026-W13", card, ROOM)


def cards(*lines: Line) -> list[Card]:
    return [Card((Section((said,)),)) for said in lines]


async def test_names_in_the_title_and_in_the_picture_count_too(office: Office) -> None:
    name = line(Mention("slack:T1/A", "Amira"))
    rows, headed = Picture((), (Row(name),)), Picture(name, ())
    await change(office, "erased")
    for card in (Card((), name), Card((), picture=rows), Card((), picture=headed)):
        assert not await office.store.run_once("default", "claims", "2026-03-18", card, ROOM)


@pytest.mark.parametrize("what", CHANGES)
async def test_the_results_of_a_challenge_are_written_anew(office: Office, what: Change) -> None:
    store = office.store
    await begin(office, first="2026-03-18")
    at = office.clock.now - HOUR
    await store.take([post(n, who, at + n) for n, who in enumerate("AAJJ")])
    office.clock.now += 12 * DAY
    there = StoredChallenges(store, "default")
    [challenge] = (await there.all()).values()
    board = await there.board(challenge, CLOSING)
    served = store.communities.served["default"]
    result = Result(board.reached, board.joined, board.teams, office.clock.now)
    card = challenge_cards.ceremony(challenge, result, board.people, language(served))
    assert "Amira" in str(card)
    await change(office, what)
    assert not await store.perform(lambda db: challenge_changes.close(db, served, challenge, result, card, ROOM))
    await tick(office)
    assert posted(office)[-1] == f"challenge:{challenge.id}:closed"
    [(said,)] = office.rows("SELECT card FROM outbox WHERE cause LIKE '%:closed'")
    assert b"Jonas" in said
    assert b"Amira" not in said


async def test_the_results_of_a_challenge_say_what_stayed_with_a_linked_account_as_its_person_chose(
    office: Office,
) -> None:
    store = office.store
    await begin(office, first="2026-03-18")
    at = office.clock.now - HOUR
    posts = [post(n, who, at + n) for n, who in enumerate("JJLL")]
    await store.take(posts)
    office.clock.now += 20 * DAY
    await store.settle()
    await store.take([*(gone(said, office.clock.now) for said in posts[:2]), LINKED])
    assert office.rows("SELECT member FROM award WHERE kept AND achievement <> 'first'") == [("slack:T1/J",)]
    await change(office, "hidden")
    await tick(office)
    [(said,)] = office.rows("SELECT card FROM outbox WHERE cause LIKE '%:closed'")
    assert b"Lena" in said
    assert b"Jonas" not in said


async def test_a_board_is_not_closed_with_somebody_who_was_erased_meanwhile(office: Office) -> None:
    store, served = office.store, office.store.communities.served["default"]
    await store.take([post(n, who, office.clock.now + n) for n, who in enumerate("AAJ")])
    office.clock.now += 14 * DAY
    plan, rule = served.plan, served.plan.book.boards["posts"]
    window = [*ended(rule, "week", plan.book, plan.calendar, office.clock.now)][1]
    reading = Reading("posts", rule, window, plan.calendar)
    board, checksum = await store.boards.read(served, reading)
    await change(office, "erased")
    now = office.clock.now
    assert not await store.perform(lambda db: snapshots.keep(db, "default", reading, board, checksum, now))
    assert "slack:T1/A" not in "\n".join(office.dump())
    await Boardkeeper(store).tick()
    assert office.rows("SELECT name FROM snapshot") != []


async def test_moderators_are_shown_no_finding_about_somebody_who_was_erased_meanwhile(office: Office) -> None:
    store, now = office.store, office.clock.now
    plan = store.communities.served["default"].plan
    pairs = [tuple(f"slack:T1/{who}" for who in pair) for pair in ("AJ", "JL")]
    found = [Finding("ring", people, (("slack:T1", "reaction:1"),), now, now, 1) for people in pairs]
    await change(office, "erased")
    await store.perform(lambda db: fairness.report(db, plan, "2026-03-18", found, ROOM, now))
    numbered = await store.perform(lambda db: fairness.numbered(db, "default", found))
    assert [f.people for _, f in numbered] == [pairs[1]]
    assert "slack:T1/A" not in "\n".join(office.dump())
