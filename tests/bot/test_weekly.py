"""The weekly moment end to end: late with the right week, one's own by request, by mail, and as a newsletter block."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.mail.messenger import SOURCE, MailMessenger
from adapters.mail.sender import MailSender, read_server
from adapters.storage import own_digests
from adapters.storage.cards import read_card
from adapters.storage.departures import depart
from adapters.storage.history import SqlHistory
from adapters.storage.store import Store, open_store
from adapters.terminal.cards import render
from bot import weekly
from bot.courier import Courier
from bot.newsletter import look
from bot.posts import Posts
from bot.schedule import Schedule
from bot.settings import Settings
from bot.settings import read as settings
from core.cards import note
from core.digests import Due
from core.errors import ConfigurationError
from core.newsletter import Block
from core.pictures import alt
from core.ports import Destination, Outgoing, Person
from core.times import read_time
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import DAY, HEAD, HOUR, book, chose, post
from tests.commands import plaudit
from tests.databases import fresh
from tests.mailserver import mail_server

WEDNESDAY = read_time("2026-03-18T12:00:00Z")
MONDAY = read_time("2026-03-23T08:00:00Z")  # nine in Berlin
BOOK = f"""{HEAD}
[channels]
digest = {{ slack = "C9" }}
moderators = {{ slack = "C8" }}
[digest]
mail = ["list@example.org"]
[achievement.first]
name = "First post"
when = "message.posted"
announce = "digest"
[achievement.ten]
name = "Ten posts"
when = "message.posted"
goal = 3
[score.posts]
name = "Posts"
when = "message.posted"
give = 1
"""


class Town:
    """Two processes on one file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock(WEDNESDAY)
        self.url = fresh(folder)
        self.stores: list[Store] = []

    async def process(self, mails: bool = False, text: str = BOOK) -> Schedule:
        self.stores.append(await open_store(self.url, [book(text)], self.clock))
        return Schedule(self.stores[-1], lambda: ["slack:T1"], dict, mails=mails)

    async def names(self, *people: str) -> None:
        await self.stores[0].meet([Person(f"slack:T1/{name}", name) for name in people])

    def alt(self, start: str) -> list[str]:
        """What is said of the pictures of such cards; "" where there is none."""
        query = "SELECT card FROM outbox WHERE substr(cause, 1, ?) = ? ORDER BY id"
        with sqlite3.connect(self.url.removeprefix("sqlite+aiosqlite:///")) as db:
            cards = [read_card(row[0]) for row in db.execute(query, (len(start), start))]
        return [alt(card.picture) if card.picture else "" for card in cards]

    def sent(self, start: str) -> list[tuple[str, dict[str, str], str]]:
        """Causes that begin so: with the destination, and the card as text."""
        query = "SELECT cause, destination, card FROM outbox WHERE substr(cause, 1, ?) = ? ORDER BY id"
        with sqlite3.connect(self.url.removeprefix("sqlite+aiosqlite:///")) as db:
            rows = db.execute(query, (len(start), start)).fetchall()
        return [(cause, json.loads(to), render(read_card(card))) for cause, to, card in rows]

    def settings(self) -> Settings:
        (self.folder / "rules.toml").write_text(BOOK)
        return settings({"PLAUDIT_DATABASE_URL": self.url, "PLAUDIT_RULES": str(self.folder / "rules.toml")}, None)

    async def close(self) -> None:
        for store in self.stores:
            await store.close()
        self.stores.clear()


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    town = Town(tmp_path)
    yield town
    await town.close()


async def test_a_bot_that_was_away_sends_on_its_return_with_the_right_week(town: Town) -> None:
    await town.process()
    await town.names("Amira", "Jonas")
    await town.stores[0].take([post(1, "Amira", at=town.clock.now)])
    await town.close()
    town.clock.now = MONDAY + 2 * DAY  # down over the hour it was due
    first, second = await town.process(), await town.process()
    await town.stores[0].take([post(2, "Jonas", at=town.clock.now)])  # of the next week
    for schedule in (first, second, first):
        await schedule.tick()
    [(cause, _, said)] = town.sent("digest:")
    assert cause == "digest:2026-W12"
    assert "Amira" in said
    assert "Jonas" not in said


async def test_a_week_is_claimed_by_one(town: Town) -> None:
    await town.process()
    claims = [
        await town.stores[0].run_once(
            "default", "digest", "2026-W12", note(who), [Destination("slack:T1", "channel", who)]
        )
        for who in ("C1", "C2")
    ]
    assert claims == [True, False]
    assert [to["channel"] for _, to, _ in town.sent("digest:")] == ["C1"]


async def test_who_asks_for_it_gets_their_own_and_nobody_else(town: Town) -> None:
    first, second = await town.process(), await town.process()
    await town.names("Amira", "Jonas")
    await town.stores[0].take([chose("Amira", WEDNESDAY - HOUR, digest="private")])
    for n, who in enumerate(("Amira", "Amira", "Jonas")):
        await town.stores[0].take([post(n, who, at=town.clock.now + n)])
    town.clock.now = MONDAY
    for schedule in (first, second):
        await schedule.tick()
    [(cause, to, said)] = town.sent("own digest:")
    assert cause == "own digest:2026-W12"
    assert (to["kind"], to["account"]) == ("direct", "slack:T1/Amira")
    assert said.startswith("Your week\nNew badges:\n  First post\nUnder way:\n  Ten posts ▰▰▰▱▱ 2 of 3")
    assert "Jonas" not in said
    town.clock.now += 7 * DAY
    await town.stores[0].take([chose("Amira", MONDAY + HOUR, digest="off")])
    await first.tick()
    assert len(town.sent("own digest:")) == 1


@pytest.mark.parametrize("on", [True, False])
async def test_ones_own_has_a_picture_where_the_community_wants_them(town: Town, on: bool) -> None:
    schedule = await town.process(text=f"{BOOK}[pictures]\non = {str(on).lower()}\n")
    await town.names("Amira")
    await town.stores[0].take([chose("Amira", WEDNESDAY - HOUR, digest="private")])
    await town.stores[0].take([post(n, "Amira", at=town.clock.now + n) for n in range(2)])
    town.clock.now = MONDAY
    await schedule.tick()
    said = "Your week\nNew badges: First post\nUnder way: Ten posts · 2/3"
    assert town.alt("own digest:") == [said if on else ""]


async def test_what_is_near_is_told_without_names(town: Town) -> None:
    schedule = await town.process()
    await town.names("Amira", "Jonas")
    for n, who in enumerate(("Amira", "Jonas", "Amira", "Jonas")):
        await town.stores[0].take([post(n, who, at=town.clock.now + n)])
    town.clock.now = MONDAY
    await schedule.tick()
    [(_, _, said)] = town.sent("digest:")
    assert said.endswith("Within reach: Ten posts for 2 people. /achievements shows yours.")
    assert "Thank you, Amira · Posts\nThank you, Jonas · Posts\n" in said


async def test_moderators_alone_read_who_takes_part(town: Town) -> None:
    schedule = await town.process()
    for week in range(7):
        at = WEDNESDAY - week * 7 * DAY
        people = ("A", "B") if week else ("A", "C")
        await town.stores[0].take([post(10 * week + n, who, at=at + n) for n, who in enumerate(people)])
    town.clock.now = MONDAY
    await schedule.tick()
    [(_, to, said)] = town.sent("moderators:")
    assert to["channel"] == "C8"
    assert "2 people did something. Usually: 2." in said
    assert "People of the week before who were here again: 1 of 2. Usually: 100 %." in said
    assert all("did something" not in card for _, _, card in town.sent("digest:"))


async def test_the_digest_goes_by_mail_too_and_waits_for_the_server(town: Town) -> None:
    schedule = await town.process(mails=True)
    await town.names("Amira")
    await town.stores[0].take([post(1, "Amira", at=town.clock.now)])
    town.clock.now = MONDAY
    await schedule.tick()
    async with mail_server() as server:
        mailer = MailMessenger(MailSender(read_server(server.url), "plaudit@example.org", slowest_step=0.2))
        courier = Courier(town.stores[0], lambda: {SOURCE: mailer})
        server.trouble = "hangs up"
        assert await _carried(courier) == 1
        server.trouble = None
        town.clock.now += HOUR
        assert await _carried(courier) == 1
        assert await _carried(courier) == 0
        ((to, message),) = server.taken
    assert (to, message["Subject"]) == ("list@example.org", "This week")
    plain, html = message.iter_parts()
    assert "Amira" in plain.get_content()
    assert html.get_content_type() == "text/html"
    assert message["Message-ID"].endswith("@example.org>")


async def _carried(courier: Courier) -> int:
    number = await courier._set_out()
    await courier.close(5)
    courier._setting_out.release()
    return number


async def test_a_newsletter_names_only_who_agreed(town: Town) -> None:
    await town.process()
    await town.names("Amira", "Jonas", "Lena", "Mei")
    store = town.stores[0]
    await store.take([chose("Amira", WEDNESDAY - 2, newsletter="named"), chose("Jonas", WEDNESDAY - 1)])
    await store.take([chose("Lena", WEDNESDAY, newsletter="named", boards="hidden")])
    for n, who in enumerate(("Amira", "Jonas", "Lena", "Mei")):
        await store.take([post(n, who, at=town.clock.now + n)])
    await town.close()

    def asked(week: str | None, now: int = MONDAY) -> Block:
        return look(town.settings(), None, week, now)

    found = await asyncio.to_thread(asked, "2026-W12")
    assert [(p.name, p.reasons) for p in found.people] == [("Amira", ("Posts", "First post"))]
    assert await asyncio.to_thread(asked, None, MONDAY + DAY) == found
    assert (await asyncio.to_thread(asked, "2026-W10")).people == ()
    for wrong in ("W12", "2026-W60", "2026-W1", "9999-W52", "0001-W01", "\N{ARABIC-INDIC DIGIT TWO}026-W46"):
        with pytest.raises(ConfigurationError, match="write it as 2026-W46"):
            await asyncio.to_thread(asked, wrong)


async def test_the_block_is_printed_as_html_or_markdown(town: Town) -> None:
    await town.process()
    await town.stores[0].meet([Person("slack:T1/Amira", "Amira <b>")])
    await town.stores[0].take([chose("Amira", WEDNESDAY, newsletter="named"), post(1, "Amira", at=town.clock.now)])
    await town.close()
    town.settings()

    def printed(*options: str) -> tuple[int, str]:
        arguments = ("digest", "block", "--week", "2026-W12", *options)
        told = plaudit(town.folder, *arguments, PLAUDIT_DATABASE_URL=town.url)
        return told.code, told.out

    html, markdown, both = [await asyncio.to_thread(printed, *o) for o in (["--html"], [], ["--html", "--markdown"])]
    assert html[1].splitlines()[2] == "<li><strong><bdi>Amira &lt;b&gt;</bdi></strong>: Posts, First post</li>"
    assert markdown[1] == "### Thank you this week\n\n- **Amira \\<b\\>**: Posts, First post\n"
    assert (html[0], markdown[0], both[0]) == (0, 0, 2)
    nobody = plaudit(town.folder, "digest", "block", "--week", "2026-W10", PLAUDIT_DATABASE_URL=town.url)
    assert (nobody.code, nobody.out) == (0, "")
    assert nobody.err.startswith("Nobody who agreed to be named")


def test_a_book_that_wants_mails_is_warned_about_where_none_are_sent() -> None:
    sender = MailSender(read_server("smtp://127.0.0.1:1"), "plaudit@example.org")
    ready, bare = Posts(dict, sender), Posts(dict, None)
    assert (list(ready.messengers()), list(bare.messengers())) == ([SOURCE], [])
    assert list(ready.warnings([book(BOOK)])) == []
    assert ["PLAUDIT_SMTP_URL" in warning for warning in bare.warnings([book(BOOK)])] == [True]


async def test_many_get_their_own_part_by_part_and_once(town: Town) -> None:
    first, second = [(await town.process(), town.stores[-1])[1] for _ in range(2)]
    people = [f"P{n}" for n in range(9)]
    await first.take([chose(who, WEDNESDAY - HOUR, digest="private") for who in people])
    await first.take([post(n, who, at=town.clock.now + n) for n, who in enumerate(people)])
    town.clock.now = MONDAY
    due = Due("2026-W12", MONDAY - 7 * DAY, MONDAY)
    done = [await weekly.post_own(first, "default", due, at_once=4)]
    some = [to["account"] for _, to, _ in town.sent("own digest:")]
    assert 0 < len(some) <= 4
    left = next(who for who in reversed(people) if f"slack:T1/{who}" not in some)
    await first.take([chose(left, MONDAY, digest="off")])
    for _ in range(len(people)):
        done += await asyncio.gather(*(weekly.post_own(store, "default", due, at_once=4) for store in (first, second)))
    assert done.count(True) == 1
    assert not await weekly.post_own(second, "default", due, at_once=4)
    got = [to["account"] for _, to, _ in town.sent("own digest:")]
    assert sorted(got) == sorted(f"slack:T1/{who}" for who in people if who != left)
    assert await first.last_run("default", weekly.OWN) == due.name


async def test_who_wants_no_own_digest_any_more_when_it_is_sent_gets_none(town: Town) -> None:
    await town.process()
    store, due = town.stores[0], Due("2026-W12", MONDAY - 7 * DAY, MONDAY)
    await store.take([chose(who, WEDNESDAY - HOUR, digest="private") for who in ("Amira", "Jonas", "Lena")])
    parts = await store.look(lambda db: own_digests.waiting(SqlHistory(db, "default"), due.name))
    parcels = {m: Outgoing("own", "slack:T1", "card", m, note(m), 0) for part in parts.values() for m in part}
    await store.take([chose("Amira", WEDNESDAY, digest="off")])
    await depart(store, "slack:T1/Jonas")
    assert await store.perform(lambda db: own_digests.post(db, "default", due, parts, parcels, 0, last=True))
    with sqlite3.connect(town.url.removeprefix("sqlite+aiosqlite:///")) as db:
        assert db.execute("SELECT destination FROM outbox").fetchall() == [("slack:T1/Lena",)]
