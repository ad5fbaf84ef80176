"""Many decisions from a file, beside a running bot: all or nothing, once however often, and taken back whole."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import bulk
from bot.settings import Settings, read
from core.bulk import BulkRefused, Deed, Line
from core.events import Statement
from core.ports import Person
from tests.adapters.storage.said import NOON, chose
from tests.bot.office import BOOK, Office, opened

LOUD = BOOK.replace('name = "Beyond"\n', 'name = "Beyond"\nannounce = "channel"\n').replace(
    "[channels]\n", '[channels]\nannouncements = { slack = "#wins" }\n'
)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, LOUD) as office:
        yield office


@pytest.fixture
def settings(office: Office, tmp_path: Path) -> Settings:
    (tmp_path / "rules.toml").write_text(LOUD)
    return read({"PLAUDIT_DATABASE_URL": office.url, "PLAUDIT_RULES": str(tmp_path / "rules.toml")}, None)


def job(folder: Path, *lines: str, deed: Deed = "grant", head: str = "member,achievement,reason,note,at") -> bulk.Job:
    (folder / "thanks 2025.csv").write_text("\n".join((head, *lines)), encoding="utf-8-sig")
    return bulk.job(deed, folder / "thanks 2025.csv", None)


def cards(office: Office) -> int:
    return int(office.rows("SELECT COUNT(*) FROM outbox WHERE kind = 'card'")[0][0])


async def test_a_batch_is_done_once_and_taken_back_whole(office: Office, settings: Settings, tmp_path: Path) -> None:
    await office.said("N", "grant", member="slack:T1/L", achievement="beyond", reason="by hand before")
    told = cards(office)
    wanted = job(
        tmp_path, "Jonas,beyond,Moved the archive,Thank you!,", "slack:T1/A,Beyond,Moved the archive,,2026-03-01"
    )
    rows = bulk.preview(settings, None, wanted, office.clock())
    assert [(row.who, row.fate) for row in rows] == [("Jonas", "new"), ("Amira", "new")]
    assert office.awards("J") == set()
    assert bulk.carry_out(settings, None, wanted, office.clock()) == 2
    assert bulk.carry_out(settings, None, wanted, office.clock()) == 0
    assert office.awards("J") == office.awards("A") == {"beyond"}
    assert cards(office) == told, "one digest, no message for each"
    note, by = office.rows("SELECT note, by FROM award WHERE member = 'slack:T1/J'")[0]
    assert (note, by) == ("Thank you!", "")
    said = json.loads(office.rows("SELECT body FROM statement WHERE id LIKE 'bulk:%'")[0][0])
    assert (said["by"], said["reason"]) == ("operator", "Moved the archive")
    assert said["facts"]["batch"] == "thanks-2025"
    assert "actor" not in said
    (batch,) = bulk.batches(settings, None)
    assert (batch.name, batch.lines, batch.standing) == ("thanks-2025", 2, 2)
    assert bulk.undo(settings, None, "thanks-2025", office.clock()) == 2
    assert [office.awards(who) for who in "JAL"] == [set(), set(), {"beyond"}]
    assert bulk.batches(settings, None)[0].standing == 0
    with pytest.raises(BulkRefused, match="nothing of a batch"):
        bulk.undo(settings, None, "thanks-2025", office.clock())
    again = bulk.preview(settings, None, wanted, office.clock())
    assert {row.why for row in again} == {"this batch was undone; give it another name with --name"}


async def test_one_refused_line_keeps_the_others_from_being_done(
    office: Office, settings: Settings, tmp_path: Path
) -> None:
    await office.store.meet([Person("slack:T1/J2", "Jonas"), Person("slack:T1/B", "Beep", bot=True)])
    await office.store.take([chose("L", NOON, tracking="off")])
    wanted = job(
        tmp_path,
        "Amira,beyond,Good,,",
        "Jonas,beyond,Good,,",
        "Beep,beyond,Good,,",
        "Lena,beyond,Good,,",
        "Noor,bejond,Good,,",
        "Noor,beyond,,,",
        "Noor,beyond,Good,,soon",
        "Noor,beyond,Good,,2026-03-19",
        "Nobody,beyond,Good,,",
        "Amira,beyond,Good,,",
    )
    why = {
        row.line.number: row.why
        for row in bulk.preview(settings, None, wanted, office.clock())
        if row.fate == "refused"
    }
    told = (
        "several people are called Jonas: slack:T1/J, slack:T1/J2",
        "is a bot",
        "opted out",
        "no badge is called bejond",
        "the reason is missing",
        "at: soon is no time",
        "still to come",
        "nobody here is called Nobody",
        "the same as line 2",
    )
    assert sorted(why) == list(range(3, 12))
    for number, words in enumerate(told, 3):
        assert words in why[number]
    with pytest.raises(BulkRefused, match="nothing was changed"):
        bulk.carry_out(settings, None, wanted, office.clock())
    assert office.awards("A") == set()


async def test_who_holds_it_already_is_left_as_they_are(office: Office, settings: Settings, tmp_path: Path) -> None:
    link = Statement("discord:2", "link:9", NOON, "member.linked", actor="slack:T1/A", target="slack:T1/L", by="engine")
    await office.store.take([link])
    await office.said("N", "grant", member="slack:T1/A", achievement="beyond", reason="before")
    rows = bulk.preview(
        settings, None, job(tmp_path, "Lena,beyond,Good,,", "Jonas,beyond,One,,", "Jonas,beyond,Two,,"), NOON
    )
    assert [(row.fate, row.why) for row in rows] == [
        ("already", "has it already"),
        ("new", ""),
        ("already", "has it already"),
    ]


async def test_what_was_done_is_validated_in_one_go(office: Office, settings: Settings, tmp_path: Path) -> None:
    wanted = job(tmp_path, "Jonas,workshop,Seen it,2026-03-17", deed="validate", head="member,kind,reason,at")
    assert bulk.carry_out(settings, None, wanted, office.clock()) == 1
    assert office.awards("J") == {"teacher"}
    assert bulk.undo(settings, None, wanted.name, office.clock()) == 1
    assert office.awards("J") == set()


async def test_what_is_taken_back_is_told_privately(office: Office, settings: Settings, tmp_path: Path) -> None:
    await office.said("N", "grant", member="slack:T1/J", achievement="beyond", reason="before")
    told = cards(office)
    wanted = job(tmp_path, "Jonas,beyond,Wrong list,Sorry: the list was wrong,", deed="revoke")
    assert bulk.carry_out(settings, None, wanted, office.clock()) == 1
    assert office.awards("J") == set()
    assert cards(office) == told + 1
    kind, card = office.rows("SELECT json_extract(destination, '$.kind'), card FROM outbox ORDER BY id DESC LIMIT 1")[0]
    assert kind == "private"
    assert "the list was wrong" in str(card)


async def test_one_decision_of_the_operator(office: Office, settings: Settings) -> None:
    line = Line(1, "Jonas", "beyond", "Asked by the board", "From all of us")
    assert bulk.one(settings, None, "grant", line, office.clock()).who == "Jonas"
    assert office.awards("J") == {"beyond"}
    assert cards(office) == 1
    with pytest.raises(BulkRefused, match="Jonas: has it already"):
        bulk.one(settings, None, "grant", line, office.clock())
    assert bulk.batches(settings, None) == []


@pytest.mark.parametrize(
    ("deed", "thing", "badge"), [("grant", "beyond", "beyond"), ("validate", "workshop", "teacher")]
)
async def test_one_decision_is_taken_back_by_its_name(
    office: Office, settings: Settings, deed: Deed, thing: str, badge: str
) -> None:
    bulk.one(settings, None, deed, Line(1, "Jonas", thing, "Seen it"), office.clock())
    office.clock.now += 1
    bulk.one(settings, None, deed, Line(1, "Amira", thing, "Seen it"), office.clock())
    assert office.awards("J") == {badge}
    names = [line.split()[0] for line in bulk.as_names(bulk.alone_standing(settings, None))]
    assert names == [f"{deed}-{NOON + 1}", f"{deed}-{NOON}"]
    assert bulk.undo_one(settings, None, names[1], office.clock()).target == "slack:T1/J"
    assert (office.awards("J"), office.awards("A")) == (set(), {badge})
    with pytest.raises(BulkRefused, match="nothing called"):
        bulk.undo_one(settings, None, names[1], office.clock())
    what, by = office.rows('SELECT what, "by" FROM act ORDER BY rowid DESC LIMIT 1')[0]
    assert (what.split()[0], by) == ("undone", "operator")


async def test_a_revocation_that_is_taken_back_gives_the_badge_back(office: Office, settings: Settings) -> None:
    await office.said("N", "grant", member="slack:T1/J", achievement="beyond", reason="before")
    office.clock.now += 1
    bulk.one(settings, None, "revoke", Line(1, "Jonas", "beyond", "Wrong person"), office.clock())
    assert office.awards("J") == set()
    bulk.undo_one(settings, None, f"revoke-{office.clock()}", office.clock())
    assert office.awards("J") == {"beyond"}
    assert bulk.as_names(bulk.alone_standing(settings, None)) == ["There is nothing to take back."]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("member,reason", "columns are missing: achievement"),
        ("member,achievement,reason,colour", "unknown columns: colour"),
    ],
)
def test_a_head_that_is_wrong(tmp_path: Path, head: str, words: str) -> None:
    with pytest.raises(BulkRefused, match=words):
        job(tmp_path, head=head)
