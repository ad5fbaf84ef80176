"""The export drop over HTTP: what comes back, what changes with the rules, and what is refused."""

import asyncio
import json
import tempfile
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from adapters.web.server import serving
from bot.playground.exports import Busy, Nothing, Refused, TrialDesk, Wish
from bot.playground.exports.quiet import cares, unnoticed
from bot.playground.exports.routes import ZIP, add_exports
from core.events import Statement
from tests.bot.playground.exports import SECRET, user, write_export
from tests.shared import needs_shared, shared

HEADERS = {"Content-Type": ZIP}
LARGEST = 40_000
AMIRA = "slack:T1/UAMIRA"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    found = tmp_path / "room"
    found.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(found))
    return found


@pytest.fixture
def desk(room: Path) -> TrialDesk:
    return TrialDesk(LARGEST)


async def pieces(file: Path) -> AsyncIterator[bytes]:
    """As they come from a browser."""
    data = await asyncio.to_thread(file.read_bytes)
    for at in range(0, len(data), 1_000):
        yield data[at : at + 1_000]


@pytest.fixture
async def found(desk: TrialDesk, tmp_path: Path) -> dict[str, Any]:
    """What the page shows once the small export was dropped."""
    return await desk.take(pieces(write_export(tmp_path / "e.zip")))


def holders(found: dict[str, Any], achievement: str) -> list[str]:
    return [p["name"] for p in found["people"] if any(b["id"] == achievement for b in p["badges"])]


async def behind(desk: TrialDesk, who: str, achievement: str, found: dict[str, Any]) -> dict[str, Any]:
    person = next(p for p in found["people"] if p["member"] == who)
    at = next(b["at"] for b in person["badges"] if b["id"] == achievement)
    return await desk.evidence(who, achievement, at)


async def test_a_dropped_export_says_who_would_have_been_recognised_and_whom_nobody_noticed(found):
    numbers = {"people": 5, "messages": 10, "answers": 5, "reactions": 3, "badges": 6, "holders": 5}
    assert found["numbers"] == numbers
    assert holders(found, "helpful_answer") == ["Amira"]
    unnoticed = [(p["name"], p["turned_to"], p["marks"], p["holds"]) for p in found["quiet"]]
    assert unnoticed == [("Kofi", 5, 0, ["Said hello"])]
    assert "Left out: 1 × from before this year." in found["notes"]


async def test_whoever_waits_for_an_answer_about_an_export_that_is_forgotten_is_told_so(desk, found):
    first, second = (asyncio.create_task(desk.ask(Wish())) for _ in range(2))
    await asyncio.sleep(0)
    desk.forget()
    assert (await first)["numbers"] == found["numbers"]
    with pytest.raises(Nothing):
        await second


async def test_no_word_and_no_file_is_kept(desk, found, room):
    evidence = await behind(desk, AMIRA, "helpful_answer", found)
    assert SECRET not in json.dumps([found, evidence])
    assert list(room.iterdir()) == []


async def test_a_badge_shows_the_marks_behind_it_without_their_words(desk, found):
    evidence = await behind(desk, AMIRA, "helpful_answer", found)
    assert (evidence["total"], evidence["caption"]) == (3, "marked by Jonas, Lena, Mei")
    assert evidence["facts"][0]["words"] == "✅ from Jonas on an answer in #help, 1 March 2025 13:08, 30 characters"
    assert {f["message"] for f in evidence["facts"]} == {"1740830900.000100"}
    with pytest.raises(LookupError):
        await desk.evidence(AMIRA, "helpful_answer", 1)


async def test_another_goal_moves_the_numbers_and_the_words_of_the_rule(desk, found):
    assert holders(await desk.ask(Wish(goals={"signal helpful_answer": 4})), "helpful_answer") == []
    two = await desk.ask(Wish(goals={"signal helpful_answer": 2}))
    assert holders(two, "helpful_answer") == ["Amira"]
    text = next(r["text"] for r in two["rules"] if r["key"] == "signal helpful_answer")
    assert "from two other people" in text
    assert "✅" in text


async def test_other_marks_may_say_that_something_helped(desk, found):
    counted = [m["name"] for m in found["marks"] if m["counts"]]
    assert counted[0] == "white_check_mark"
    assert holders(await desk.ask(Wish(marks=("tada",))), "helpful_answer") == []


async def test_the_number_of_people_turned_to_can_be_set(desk, found):
    assert (await desk.ask(Wish(least=6)))["quiet"] == []
    assert [p["name"] for p in (await desk.ask(Wish(least=5)))["quiet"]] == ["Kofi"]


@pytest.mark.parametrize(
    "wish",
    [{"goals": {"signal good_start": 0}}, {"goals": {"x": 3}}, {"marks": ['"] x = ["']}, {"marks": []}, {"rules": ""}],
)
def test_a_wish_that_makes_no_sense_is_refused(wish):
    with pytest.raises(ValidationError):
        Wish.model_validate(wish)


async def test_what_was_forgotten_is_gone(desk, found):
    desk.forget()
    with pytest.raises(Nothing, match="There is no export any more"):
        await desk.ask(Wish())
    with pytest.raises(Nothing):
        await desk.evidence(AMIRA, "helpful_answer", 1)


def bomb(file: Path) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("users.json", b" " * 25_000_000)
    return file


def text(file: Path) -> Path:
    file.write_text("no zip")
    return file


def without_users(file: Path) -> Path:
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("help/2025-03-01.json", "[]")
    return file


def large(file: Path) -> Path:
    file.write_bytes(b"\0" * (LARGEST + 1))
    return file


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (text, "This is no zip file."),
        (bomb, "unpacks to far more than any export would"),
        (without_users, "The zip file has no users.json"),
        (large, "exports up to 0.04 MB"),
        (lambda file: write_export(file, []), "There is no message"),
    ],
)
async def test_what_cannot_be_read_is_refused_in_words_and_not_kept(desk, room, tmp_path, make, words):
    with pytest.raises(Refused, match=words) as refused:
        await desk.take(pieces(make(tmp_path / "e.zip")))
    assert str(tmp_path) not in str(refused.value)
    assert list(room.iterdir()) == []


async def test_only_one_export_is_read_at_a_time(desk, tmp_path):
    hold, began = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        began.set()
        await hold.wait()
        yield b"PK"

    first = asyncio.create_task(desk.take(slowly()))
    await began.wait()
    with pytest.raises(Busy):
        await desk.take(pieces(write_export(tmp_path / "e.zip")))
    hold.set()
    with pytest.raises(Refused):
        await first


async def test_people_who_left_and_bots_are_not_listed_as_unnoticed(desk, tmp_path):
    people = [user("kofi", deleted=True), user("jonas"), user("lena")]
    assert (await desk.take(pieces(write_export(tmp_path / "e.zip", users=people))))["quiet"] == []


async def test_the_page_reaches_all_of_it_over_http_and_other_pages_do_not(desk, tmp_path):
    app = FastAPI()
    add_exports(app, desk)
    data = await asyncio.to_thread(write_export(tmp_path / "e.zip").read_bytes)
    at = {"member": AMIRA, "achievement": "said_hello", "at": 1}
    async with serving(app, "127.0.0.1", 0) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as page:

        async def status(method: str, path: str, **more: Any) -> int:
            async with page.request(method, path, timeout=aiohttp.ClientTimeout(10), **more) as answer:
                await answer.read()
                return answer.status

        assert await status("POST", "/export/trial", json={}) == 410
        assert await status("POST", "/export", data=data, headers={"Content-Type": "text/plain"}) == 415
        assert await status("POST", "/export", data=b"no zip", headers=HEADERS) == 422
        assert await status("POST", "/export", data=b"0" * (LARGEST + 1), headers=HEADERS) == 413
        assert await status("POST", "/export", data=data, headers=HEADERS) == 200
        assert await status("POST", "/export/trial", json={"goals": {"signal good_start": 0}}) == 422
        assert await status("POST", "/export/trial", json={"least": 2}) == 200
        assert await status("GET", "/export/evidence", params=at) == 404
        assert await status("DELETE", "/export") == 204
        assert await status("GET", "/export/evidence", params=at) == 410


def post(who: str, at: int, **facts: Any) -> Statement:
    named = facts.pop("author", None)
    type_ = "thread.replied" if named else "message.posted"
    return Statement("slack:T1", f"message:C1/{at}", at, type_, actor=who, author=named, facts=facts)


def mark(who: str, author: str, at: int) -> Statement:
    return Statement("slack:T1", f"reaction:C1/{at}/{who}/x", at, "reaction.added", actor=who, author=author, facts={})


def test_whoever_gets_as_much_back_as_they_give_was_noticed():
    given = [post("A", 1, author="B"), post("A", 2, mentions=["C", "A"])]
    assert [c.account for c in unnoticed(cares(given).values(), (), (), 2)] == ["A"]
    marked = cares([*given, mark("B", "A", 1), mark("C", "A", 1), mark("A", "A", 1)])
    assert len(marked["A"].marks) == 2  # one's own does not count
    assert unnoticed(marked.values(), (), (), 2) == []
    assert unnoticed(cares(given).values(), {"A"}, (), 2) == unnoticed(cares(given).values(), (), {"A"}, 2) == []


def test_an_edited_message_and_a_bot_count_as_they_should():
    found = cares([post("A", 1), post("A", 1), post("R", 2, bot=True)])
    assert {who: len(care.messages) for who, care in found.items()} == {"A": 1}


@pytest.mark.slow
@needs_shared
async def test_a_real_export_of_two_years_is_read_while_the_page_goes_on():
    desk, gaps = TrialDesk(), list[float]()
    ticking = asyncio.create_task(_tick(gaps))
    found = await desk.take(pieces(shared("data/slack-export-community-a.zip")))
    again = await desk.ask(Wish(goals={"achievement regular": 2}))
    ticking.cancel()
    assert found["numbers"]["messages"] == 11_451
    assert again["numbers"]["badges"] > found["numbers"]["badges"]
    assert again["seconds"] < 4.0  # half a second on a quiet machine
    assert max(gaps) < 1.0


async def _tick(gaps: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        await asyncio.sleep(0.02)
        gaps.append(loop.time() - began)
