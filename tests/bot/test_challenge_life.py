"""Challenges over restarts, beside a changed rule book and another community, and with people who do not want to be
shown, or who leave for good."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.storage import books
from adapters.storage.serving import take_up
from adapters.storage.store import open_store
from adapters.storage.transactions import SqlTransaction
from adapters.terminal.cards import render
from bot.applying import carry_out, prepare
from bot.bookkeeper import Bookkeeper
from bot.challenge_export import as_lines, as_toml, find
from bot.challenges import Challengekeeper, with_challenges
from bot.codes import CodeDesk
from bot.desk import FrontDesk
from bot.settings import Settings, read
from bot.verification import compare
from core.errors import ConfigurationError
from core.ports import Destination
from core.requests import Answer, Request
from tests.adapters.storage.said import DAY, HOUR, book, chose, post
from tests.bot.office import BOOK, URL, Office, opened
from tests.bot.test_challenges import DATES, MADE, begin, button, posted, tick

SIGNAL = """
[signal.long_post]
when = "message.posted"
each = "message"
"""
ID = "busy_fortnight"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK) as office:
        yield office


def settings(office: Office, folder: Path) -> Settings:
    (folder / "rules.toml").write_text(office.text)
    return read({"PLAUDIT_DATABASE_URL": office.url, "PLAUDIT_RULES": str(folder / "rules.toml")}, None)


async def restart(office: Office, text: str) -> None:
    """The bot starts with another rule book."""
    await office.store.close()
    office.text, office.store = text, await open_store(office.url, [book(text)], office.clock)
    office.desk = FrontDesk(office.store, CodeDesk(office.store, URL))


async def open_now(office: Office, **other: str) -> None:
    await begin(office, first="2026-03-18", **other)


async def counts(office: Office, *people: str) -> None:
    at = office.clock.now
    said = [post(at // 1_000 + n, who, at - HOUR + n) for n, who in enumerate(p for p in people for _ in range(2))]
    await office.store.take(said)


async def test_after_a_restart_it_goes_on(office: Office) -> None:
    await open_now(office)
    await restart(office, office.text)
    await counts(office, "A")
    assert office.awards("A") == {ID}
    assert "Under way" in await office.said("J", "challenge")


async def test_a_changed_book_leaves_it_in_force(office: Office) -> None:
    await open_now(office)
    await restart(office, office.text + '[achievement.talker]\nname = "Talker"\nwhen = "message.posted"\n')
    await counts(office, "A")
    assert office.awards("A") == {ID, "talker"}


async def test_a_book_without_what_it_needs_is_refused_until_it_is_closed(office: Office) -> None:
    await restart(office, office.text + SIGNAL)
    await open_now(office, what="long_post")
    await counts(office, "A")
    with pytest.raises(ConfigurationError, match="the challenge “Busy fortnight” needs what this book does not say"):
        await restart(office, BOOK)
    await restart(office, BOOK + SIGNAL)
    office.clock.now += 12 * DAY
    await tick(office)
    await restart(office, BOOK)
    assert "Reached by: Amira" in await office.said("J", "challenge", name="busy")
    assert office.awards("A") == {ID}


async def test_an_applied_book_and_a_challenge_do_not_overwrite_each_other(office: Office, tmp_path: Path) -> None:
    where = settings(office, tmp_path)
    (tmp_path / "new.toml").write_text(office.text + '[achievement.talker]\nname = "Talker"\nwhen = "message.posted"\n')
    await counts(office, "J")
    await open_now(office)
    proposal = prepare(where, tmp_path / "new.toml")
    assert proposal.differences is not None
    assert {d.achievement: d.what for d in proposal.differences.rules if d.what != "same"} == {"talker": "new"}
    await office.store.close()
    carry_out(where, proposal, patience=0)
    assert office.rows("SELECT left_at FROM rule WHERE rule = ?", f"achievement:{ID}") == [(None,)]
    await restart(office, (tmp_path / "rules.toml").read_text())
    await Bookkeeper(office.store, tmp_path / "rules.toml").look()
    assert office.awards("J") == {ID, "talker"}


async def test_a_book_whose_file_is_still_to_be_written_stays_so(office: Office) -> None:
    """An apply was killed before its file was replaced; then somebody starts a challenge."""
    text = office.text + '[achievement.talker]\nname = "Talker"\nwhen = "message.posted"\n'

    def propose(db: sa.Connection) -> None:
        tx = SqlTransaction(db, "default")
        current = books.in_force(tx)
        assert current is not None
        number = books.propose(tx, text, current.revision, books.mark_of(office.text), office.clock.now)
        take_up(tx, office.store.communities.served["default"], books.revision(tx, number), office.clock.now)

    await office.store.perform(propose)
    await open_now(office)
    (row,) = office.rows("SELECT text, replaces FROM book WHERE state = 'in force'")
    assert row == (text, books.mark_of(office.text))
    office.text = text


async def test_another_process_counts_by_it_at_once(office: Office) -> None:
    other = await open_store(office.url, [book(office.text)], office.clock)
    await other.take([post(1, "L", office.clock.now - HOUR)])
    await open_now(office)
    at = office.clock.now - HOUR
    await other.take([post(n, "A", at + n) for n in (2, 3)])
    assert office.awards("A") == {ID}
    await other.close()


async def test_pasted_into_the_file_it_is_the_same_rule_and_is_changed_there(office: Office, tmp_path: Path) -> None:
    await open_now(office)
    await counts(office, "A")
    where = settings(office, tmp_path)
    text = as_toml(find(where, ID))
    assert "[achievement.busy_fortnight]" in text
    assert "busy_fortnight: Busy fortnight" in as_lines(find(where))[0]
    await restart(office, office.text + text)
    assert office.awards("A") == {ID}
    assert office.rows("SELECT version FROM rule WHERE rule = ?", f"achievement:{ID}") == [(1,)]
    assert "written in the rule book now" in await office.said("N", "challenge-ended", about=ID, reason="x")
    with pytest.raises(ConfigurationError, match="version = 2"):
        await restart(office, office.text.replace("goal = 2", "goal = 5"))
    await restart(office, office.text)


async def test_a_name_nobody_knows_is_said(office: Office, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no challenge is called"):
        find(settings(office, tmp_path), "nothing")
    assert "/challenge new" in as_lines(find(settings(office, tmp_path)))[0]


async def test_hidden_people_are_counted_and_not_named(office: Office) -> None:
    await open_now(office)
    await office.store.take([chose("J", office.clock.now - HOUR, boards="hidden")])
    await office.store.take([chose("L", office.clock.now - HOUR, boards="anonymous")])
    for who in ("A", "J", "L"):
        await office.press(who, "challenge-join", ID)
    await counts(office, "A", "J", "L")
    shown = await office.said("A", "challenge", name="busy")
    assert "3 of 3 have reached it." in shown
    assert "Someone · 2 of 2" in shown
    assert "Jonas" not in shown
    assert "Lena" not in shown
    office.clock.now += 12 * DAY
    await tick(office)
    over = await office.said("A", "challenge", name="busy")
    assert "Reached by: Amira and 2 more" in over
    assert "You reached it." in over
    (row,) = office.rows("SELECT card FROM outbox WHERE cause = ?", f"challenge:{ID}:closed")
    assert "Jonas" not in str(row)


async def test_joining_and_leaving_change_no_award(office: Office) -> None:
    await open_now(office)
    assert "You are in" in await office.press("A", "challenge-join", ID)
    assert "in already" in await office.press("A", "challenge-join", ID)
    await counts(office, "A", "J")
    assert "not in it any more" in await office.press("A", "challenge-leave", ID)
    assert (office.awards("A"), office.awards("J")) == ({ID}, {ID})
    shown = await office.ask("A", "challenge", name="busy")
    assert "0 people are in." in render(shown.card)
    assert "Join" in [b.label for b in shown.card.buttons]
    trail = office.rows("SELECT what, about, by FROM act")
    assert trail == [("challenge.made", ID, "slack:T1/N")]
    assert "You are in" in await office.press("A", "challenge-join", ID)


async def test_who_opted_out_does_not_join(office: Office) -> None:
    await open_now(office)
    await office.store.take([chose("J", office.clock.now - HOUR, tracking="off")])
    assert "You opted out" in await office.press("J", "challenge-join", ID)
    assert office.rows("SELECT COUNT(*) FROM statement WHERE id LIKE 'joined:%'") == [(0,)]


async def test_who_leaves_for_good_is_in_no_archive_and_no_draft(office: Office) -> None:
    await open_now(office)
    await office.press("J", "challenge-join", ID)
    await counts(office, "A", "J")
    office.clock.now += 12 * DAY
    await tick(office)
    await office.ask("J", "erase-confirmed", word="ERASE")
    assert not any("slack:T1/J" in line for line in office.dump())
    over = await office.said("A", "challenge", name="busy")
    assert "Reached by: Amira and 1 more" in over
    await office.ask("N", "challenge-filled", **{"name": "Mine", "what": "thread.replied", "goal": "2"}, **LATER)
    await office.ask("N", "erase-confirmed", word="ERASE")
    assert office.rows("SELECT COUNT(*) FROM challenge_draft") == [(0,)]
    assert "slack:T1/N" not in "".join(office.dump())


LATER = {"first": "2026-04-20", "last": "2026-04-26"}


def kept(answer: Answer) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(answer.files[0].content)) as archive:
        found: dict[str, Any] = json.loads(archive.read("plaudit.json"))
        return found


async def test_ones_own_part_is_in_the_export(office: Office) -> None:
    await open_now(office)
    await office.press("J", "challenge-join", ID)
    joined = kept(await office.ask("J", "export"))["statement"]
    assert [row["body"]["type"] for row in joined] == ["challenge.joined"]
    await office.ask("N", "challenge-filled", **{"name": "Mine", "what": "thread.replied", "goal": "2"}, **LATER)
    (draft,) = kept(await office.ask("N", "export"))["challenge_draft"]
    assert json.loads(draft["wish"])["name"] == "Mine"


async def test_the_digest_has_a_line_for_what_is_under_way_and_near(office: Office) -> None:
    await open_now(office)
    await begin(office, name="Next week", **DATES)
    await begin(office, name="Far away", first="2026-04-20", last="2026-04-26")
    card = await with_challenges(None, office.store, "default")
    assert card is not None
    said = render(card)
    assert "Under way: Busy fortnight, until Sunday 29 March, 24:00 (Berlin)" in said
    assert "Starting Monday 23 March: Next week" in said
    assert "Far away" not in said


async def test_the_results_are_said_again_by_creators_only(office: Office) -> None:
    await open_now(office)
    assert "no results yet" in await office.press("N", "challenge-again", ID)
    office.clock.now += 12 * DAY
    await tick(office)
    assert "Only those who run challenges" in await office.press("A", "challenge-again", ID)
    answer = await office.ask("N", "challenge-again", argument=ID)
    assert answer.said is not None
    assert "Nobody reached it this time." in render(answer.said)


async def test_two_processes_say_it_once(office: Office) -> None:
    await open_now(office)
    rooms = [Destination("slack:T1", "channel", "#wins")]
    keepers = [Challengekeeper(office.store, lambda *_: rooms) for _ in range(2)]
    other = await open_store(office.url, [book(office.text)], lambda: office.clock.now + 7)  # no two clocks agree
    keepers.append(Challengekeeper(other, lambda *_: rooms))
    for _ in range(2):
        await asyncio.gather(*(keeper.tick() for keeper in keepers for _ in range(3)))
        office.clock.now += 12 * DAY
    await other.close()
    assert office.rows("SELECT COUNT(*) FROM statement WHERE id = ?", f"challenge:{ID}:closed") == [(1,)]
    assert posted(office) == [f"challenge:{ID}:started", f"challenge:{ID}:closed"]


async def test_two_presses_at_once_start_it_once(office: Office) -> None:
    preview = await office.ask("N", "challenge-filled", **MADE, **DATES)
    draft = button(preview, "Start it")
    said = await asyncio.gather(*(office.press("N", "challenge-start", draft) for _ in range(3)))
    assert sum("It is set" in text for text in said) == 1
    assert office.rows("SELECT COUNT(*) FROM statement WHERE source = 'plaudit'") == [(1,)]


async def test_what_is_stored_for_it_is_compared_with_the_log(office: Office) -> None:
    await open_now(office)
    await counts(office, "A")
    change = "UPDATE award SET evidence = evidence + {} WHERE achievement = 'busy_fortnight'"
    await office.store.perform(lambda db: db.exec_driver_sql(change.format(1)))
    assert len(office.differences()) == 2
    await office.store.perform(lambda db: db.exec_driver_sql(change.format(-1)))


async def test_without_a_channel_in_the_book_it_is_said_where_it_was_made(office: Office) -> None:
    await open_now(office)
    await Challengekeeper(office.store, lambda *_: []).tick()
    (row,) = office.rows("SELECT destination FROM outbox WHERE cause LIKE 'challenge:%'")
    assert json.loads(row[0])["channel"] == "C1"


async def test_two_communities_do_not_see_each_other(tmp_path: Path) -> None:
    text = BOOK.replace("[community]", '[community]\nid = "here"')
    there = BOOK.replace("[community]", '[community]\nid = "there"').replace(
        '"slack:T1", "discord:2", "scout:acme"', '"slack:T2"'
    )
    async with opened(tmp_path, text) as office:
        await office.store.close()
        office.store = await open_store(office.url, [book(text), book(there)], office.clock)
        office.desk = FrontDesk(office.store, CodeDesk(office.store, URL))
        await open_now(office)
        request = Request("x1", "slack:T2", "slack:T2/N", "challenge", office.clock(), {}, "moderator", "C9")
        assert "No challenge is under way" in render((await office.desk.answer(request)).card)
        named = replace(request, arguments={"name": ID})
        assert "I know no challenge" in render((await office.desk.answer(named)).card)
        await office.store.take([post(n, "A", office.clock.now - HOUR + n, source="slack:T2") for n in (1, 2)])
        assert office.rows("SELECT COUNT(*) FROM award") == [(0,)]
        assert compare(office.url, [book(text), book(there)], office.clock()) == []
