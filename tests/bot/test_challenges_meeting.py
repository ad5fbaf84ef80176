"""Challenges where two things meet: two who change one, a name that comes twice, a stop at the end, a link afterwards,
a private channel, and a rule book that changes what was made in the chat."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.storage.challenges import joined, read_challenges
from adapters.storage.history import SqlHistory
from adapters.storage.store import open_store
from adapters.storage.transactions import SqlTransaction
from adapters.terminal.cards import render
from bot.arrears import LONGEST
from bot.challenge_export import as_toml, find
from bot.challenges import COUNTERS, Challengekeeper, with_challenges
from bot.checks import check
from bot.desk import FrontDesk
from core.challenge_rules import rule_text
from core.challenges import SETTLING, Result, closed, made
from core.errors import ConfigurationError
from core.events import Statement
from core.pipeline import ingest
from core.ports import Destination, Person
from core.serving import Mode
from tests.adapters.storage.said import DAY, HOUR, NOON, book, chose, post
from tests.bot.office import BOOK, Office, opened
from tests.bot.test_challenge_life import ID, SIGNAL, restart, settings
from tests.bot.test_challenges import DATES, MADE, begin, button, posted, tick

TODAY = "2026-03-18"
EVERYWHERE = BOOK.replace('quiet_start = "0 days"', 'quiet_start = "0 days"\ncount_private = true')


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK) as office:
        yield office


async def ended(office: Office) -> None:
    """Twelve days later, with the results."""
    office.clock.now += 12 * DAY
    await tick(office)


def two_each(who: str, *, private: bool = False) -> list[Statement]:
    everybody = enumerate(one for one in who for _ in range(2))
    return [post(n, one, NOON - HOUR + n, private=private) for n, one in everybody]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["dropped first", "changed first"])
async def test_one_changes_it_while_another_drops_it(office: Office, order: Sequence[int]) -> None:
    await begin(office)
    preview = await office.ask("N", "challenge-filled", about=f"c:{ID}", **{**MADE, **DATES, "goal": "3"})
    both = (
        lambda: office.said("O", "challenge-ended", about=ID, reason="Rain"),
        lambda: office.press("N", "challenge-start", button(preview, "Change it")),
    )
    said = await asyncio.gather(*(both[n]() for n in order))
    assert "Dropped: it will not begin." in said
    assert "dropped before it began: Rain" in await office.said("A", "challenge", name="busy")
    assert "It has ended already." in await office.said("O", "challenge-ended", about=ID, reason="Rain")
    assert ID not in office.store.communities.served["default"].plan.book.achievements
    again = await office.said("N", "challenge-filled", about=f"c:{ID}", **MADE, **DATES)
    assert "It was dropped before it began: Rain" in again


async def test_one_that_was_dropped_does_not_stand_before_one_of_its_name(office: Office) -> None:
    await begin(office, first=TODAY)
    await begin(office)
    await office.said("N", "challenge-ended", about=f"{ID}_2", reason="Twice")
    assert "11 days left" in await office.said("A", "challenge", name="busy fortnight")
    assert "Twice" in await office.said("A", "challenge", name=f"{ID}_2")


async def test_who_reached_it_in_a_private_channel_is_named_only_if_they_joined(tmp_path: Path) -> None:
    async with opened(tmp_path, EVERYWHERE) as office:
        await begin(office, first=TODAY)
        await office.press("J", "challenge-join", ID)
        await office.store.take(two_each("AJ", private=True))
        await ended(office)
        (row,) = office.rows("SELECT card FROM outbox WHERE cause = ?", f"challenge:{ID}:closed")
        assert "Jonas" in str(row)
        assert "Amira" not in str(row)
        over = await office.said("L", "challenge", name="busy")
        assert "Reached by: Jonas and 1 more" in over
        assert "You reached it." in await office.said("A", "challenge", name="busy")


async def test_after_a_stop_the_results_wait_for_what_was_missed(office: Office) -> None:
    await begin(office, first=TODAY)
    office.clock.now += 12 * DAY  # nobody listened meanwhile
    keeper = Challengekeeper(office.store, lambda *_: [], office.clock.now)
    await keeper.tick()
    await office.store.take(two_each("A"))
    office.clock.now += SETTLING - 1
    await keeper.tick()
    assert posted(office) == []
    office.clock.now += 1
    await keeper.tick()
    assert posted(office) == [f"challenge:{ID}:closed"]
    assert "Reached by: Amira" in await office.said("J", "challenge", name="busy")


async def test_the_results_wait_until_all_is_read(office: Office) -> None:
    await begin(office, first=TODAY)
    office.clock.now += 12 * DAY
    read: list[bool] = []
    keeper = Challengekeeper(office.store, lambda *_: [], office.clock.now, lambda: bool(read))
    for _ in range(2):
        await keeper.tick()
        office.clock.now += SETTLING
    assert posted(office) == []
    read.append(True)
    await keeper.tick()
    assert posted(office) == [f"challenge:{ID}:closed"]


async def test_the_results_do_not_wait_for_a_platform_that_stays_away(office: Office) -> None:
    await begin(office, first=TODAY)
    office.clock.now += 12 * DAY
    keeper = Challengekeeper(office.store, lambda *_: [], office.clock.now, lambda: False)
    await keeper.tick()
    office.clock.now += LONGEST - 1
    await keeper.tick()
    assert posted(office) == []
    office.clock.now += 1
    await keeper.tick()
    assert posted(office) == [f"challenge:{ID}:closed"]


async def test_accounts_that_were_linked_afterwards_have_reached_it_too(office: Office) -> None:
    other = "discord:2/5"
    await office.store.meet([Person(other, "Annie")])
    await begin(office, first=TODAY)
    await office.store.take(two_each("A"))
    await ended(office)
    at = office.clock.now
    link = Statement("moderator", "link:A", at, "member.linked", actor=other, target="slack:T1/A")
    await office.store.take([link])
    assert "You reached it." in await office.said("A", "challenge", name="busy")
    await office.store.take([chose("A", at + 1, boards="hidden")])
    shown = await office.said("J", "challenge", name="busy")
    assert "1 person reached it." in shown
    assert "You reached it." not in shown


async def test_people_are_counted_and_not_their_accounts(office: Office) -> None:
    await begin(office, first=TODAY)
    for who in ("A", "J"):
        await office.press(who, "challenge-join", ID)
    link = Statement("moderator", "link:A", NOON, "member.linked", actor="slack:T1/A", target="slack:T1/J")
    await office.store.take([link])
    await Challengekeeper(office.store, lambda *_: [Destination("slack:T1", "channel", "#wins")]).tick()
    (row,) = office.rows("SELECT card FROM outbox WHERE cause = ?", f"challenge:{ID}:started")
    assert "1 person is in." in str(row)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\U0001f469\u200d\U0001f4bb week", "\U0001f469\u200d\U0001f4bb week"),
        ("\u0645\u06cc\u200c\u0631\u0648\u0645", "\u0645\u06cc\u200c\u0631\u0648\u0645"),
        ("a\u202eb\u200b", "ab"),
    ],
    ids=["joined emoji", "Persian", "direction"],
)
async def test_a_name_keeps_what_its_script_needs_and_nothing_that_disturbs(
    office: Office, typed: str, kept: str
) -> None:
    await begin(office, name=typed)
    (there,) = (await office.store.look(lambda db: read_challenges(SqlHistory(db, "default")))).values()
    assert there.name == kept


async def test_a_book_that_changes_a_rule_from_the_chat_says_how_it_comes_into_the_file(
    office: Office, tmp_path: Path
) -> None:
    await begin(office, first=TODAY)
    await office.store.take(two_each("A"))
    await office.said("N", "challenge-ended", about=ID, reason="Storm")
    await ended(office)
    lisbon = office.text.replace("Europe/Berlin", "Europe/Lisbon")
    lisbon = lisbon.replace("]\nname", ']\nversion = 2\nexisting = "keep"\nname')
    told = f"plaudit challenges export {ID} prints, and these lines in place of its version:\n    version = 3"
    with pytest.raises(ConfigurationError, match=told):
        await restart(office, lisbon)
    report = check(settings(office, tmp_path).rules, office.url, office.clock(), replay=False)
    assert report.errors == []
    (tmp_path / "rules.toml").write_text(lisbon)
    (found,) = check(tmp_path / "rules.toml", office.url, office.clock(), replay=False).errors
    assert told in found.text
    rule = as_toml(find(settings(office, tmp_path), ID)).replace("version = 2", 'version = 3\nexisting = "keep"')
    await restart(office, lisbon + rule)
    assert office.awards("A") == {ID}


async def put(office: Office, said: Sequence[Statement]) -> None:
    served = office.store.communities.served["default"]
    quiet = Mode(announce=False)
    await office.store.perform(lambda db: ingest(SqlTransaction(db, "default"), served, said, NOON, quiet))


async def test_of_many_the_digest_and_the_archive_show_some_and_say_how_many_more(office: Office) -> None:
    await begin(office, name="Sprint 0", first=TODAY)
    first = (await office.store.look(lambda db: read_challenges(SqlHistory(db, "default"))))["sprint_0"]
    there = [
        replace(first, id=f"s{n}", rule=rule_text(f"s{n}", wish, 1), wish=wish, made_at=NOON + n)
        for n, wish in ((n, replace(first.wish, name=f"Sprint {n}")) for n in range(12))
    ]
    await put(office, [made(c) for c in there])
    digest = await with_challenges(None, office.store, "default")
    assert digest is not None
    assert render(digest).splitlines()[10:] == [
        "Under way: Sprint 8, until Sunday 29 March, 24:00 (Berlin)",
        "and 3 more",
    ]
    await put(office, [closed(c, Result((), (), (), NOON + DAY)) for c in there])
    shown = await office.said("A", "challenge-archive")
    assert "Sprint 11" in shown
    assert "Sprint 1 " not in shown
    assert "and 2 more" in shown


async def test_when_everybody_looks_at_once_it_is_counted_once_for_all(office: Office) -> None:
    await begin(office, first=TODAY)
    gate = threading.Event()
    held = [COUNTERS.submit(gate.wait, 10) for _ in range(2)]
    asked = [asyncio.create_task(office.said("A", "challenge", name="busy")) for _ in range(30)]
    try:
        async with asyncio.timeout(5):
            while not COUNTERS._work_queue.qsize():  # noqa: ASYNC110 - a queue of threads tells nobody
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        assert COUNTERS._work_queue.qsize() == 1
    finally:
        gate.set()
    assert len({said.partition("\n")[0] for said in await asyncio.gather(*asked)}) == 1
    assert all(job.result() for job in held)


async def start_for(office: Office, whom: str) -> None:
    preview = await office.ask("N", "challenge-filled", **{**MADE, **DATES, "first": TODAY, "goal": "9"})
    more = {"each": "*", "whom": whom, "role": "*", "place": "announcements"}
    preview = await office.ask("N", "challenge-rounded", about=button(preview, "Start it"), **more)
    await office.press("N", "challenge-start", button(preview, "Start it"))


async def test_what_all_have_together_is_nobodys_own(office: Office) -> None:
    await start_for(office, "community")
    await office.press("A", "challenge-join", ID)
    await office.store.take(two_each("AJ"))
    for who in ("A", "L"):
        shown = await office.said(who, "challenge", name="busy")
        assert "Together: 4 of 9" in shown
        assert "You: " not in shown


async def test_what_a_team_has_is_said_as_the_teams(office: Office) -> None:
    await start_for(office, "team")
    await office.press("A", "challenge-join", ID)
    said = [replace(s, facts={**s.facts, "team": "Blue"}) for s in two_each("AJ")]
    await office.store.take(said)
    shown = await office.said("A", "challenge", name="busy")
    assert "Blue · 4" in shown
    assert "You: " not in shown
    assert "place" not in shown


async def test_another_process_that_has_not_taken_it_up_asks_for_a_moment(office: Office) -> None:
    other = await open_store(office.url, [book(office.text)], office.clock)
    await begin(office, first=TODAY)
    office.desk, here = FrontDesk(other), office.desk
    assert "try again in a moment" in await office.said("A", "challenge", name="busy")
    await other.take(two_each("A"))
    assert "11 days left" in await office.said("A", "challenge", name="busy")
    office.desk = here
    await other.close()


async def test_who_joins_first_is_first(office: Office) -> None:
    await begin(office, first=TODAY)
    for who in "LJA":
        await office.press(who, "challenge-join", ID)
        office.clock.now += 1
    there = await office.store.look(lambda db: joined(SqlHistory(db, "default"), ID))
    assert there == ["slack:T1/L", "slack:T1/J", "slack:T1/A"]


async def test_a_check_says_before_the_start_what_an_open_challenge_needs(office: Office, tmp_path: Path) -> None:
    await restart(office, office.text + SIGNAL)
    await begin(office, first=TODAY, what="long_post")
    file = settings(office, tmp_path).rules
    assert check(file, office.url, office.clock(), replay=False).errors == []
    file.write_text(BOOK)
    (found,) = check(file, office.url, office.clock(), replay=False).errors
    assert "the challenge “Busy fortnight” needs what this book does not say" in found.text


async def test_what_ends_tonight_is_not_offered_to_be_ended_again(office: Office) -> None:
    await begin(office, first=TODAY)
    labels = [[b.label for b in (await office.ask("N", "challenge", name="busy")).card.buttons]]
    await office.said("N", "challenge-ended", about=ID, reason="Storm")
    labels.append([b.label for b in (await office.ask("N", "challenge", name="busy")).card.buttons])
    assert labels == [["Join", "End early…"], ["Join"]]
