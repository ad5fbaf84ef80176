"""A roster beside the database: who is on boards, who has roles, and what the operator reads."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from adapters.storage.audit import Wanted
from bot import roster
from bot.audit import as_lines, find
from bot.cli import app
from bot.settings import Settings, read
from core.events import Statement
from core.plan import LEFT
from core.ports import Person
from core.records import as_one
from core.requests import Request
from tests.adapters.storage.said import DAY, HEAD, NOON, post
from tests.bot.office import Office, opened

BOOK = f"""{HEAD}
[roles.regular]
slack = "@regulars"
[achievement.first]
name = "First"
when = "message.posted"
gives_role = "regular"
[score.posts]
when = "message.posted"
give = 1
"""


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK) as office:
        yield office


@pytest.fixture
def settings(office: Office, tmp_path: Path) -> Settings:
    (tmp_path / "rules.toml").write_text(BOOK)
    return read({"PLAUDIT_DATABASE_URL": office.url, "PLAUDIT_RULES": str(tmp_path / "rules.toml")}, None)


def wish(folder: Path, *rows: tuple[str, ...], source: str = "roster:hr") -> roster.Wish:
    file = folder / "team.csv"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([("name", "team", "joined", "left"), *rows])
    return roster.Wish(file, source)


async def present(office: Office, who: str) -> bool:
    account = f"slack:T1/{who}"
    people = await office.store.records("default").people((account,))
    return people[account].present


async def test_a_leaver_goes_from_boards_keeps_the_badge_and_comes_back(
    office: Office, settings: Settings, tmp_path: Path
) -> None:
    await office.store.take([post(1, "A"), post(2, "J")])
    account = "slack:T1/A"
    assert await office.store.wanted_roles(account) == (frozenset({"@regulars"}), frozenset({"@regulars"}))
    roster.take(settings, wish(tmp_path, ("Amira", "Sales", "2025-01-01", "2026-03-17")))
    assert not await present(office, "A")
    assert office.awards("A") == {"first"}
    assert await office.store.wanted_roles(account) == (frozenset(), frozenset({"@regulars"}))
    assert office.rows("SELECT destination FROM outbox WHERE cause LIKE 'left:%'") == [(account,)]
    await office.store.meet([Person(account, "Amira")])  # Slack has the account still
    assert not await present(office, "A")
    roster.take(settings, wish(tmp_path, ("Amira", "Sales", "2026-03-18", "")))
    assert await present(office, "A")
    assert (await office.store.wanted_roles(account))[0] == {"@regulars"}
    assert len(office.rows("SELECT 1 FROM outbox WHERE cause LIKE 'back:%'")) == 1


async def test_the_preview_says_who_joins_leaves_and_moves_and_changes_nothing(
    office: Office, settings: Settings, tmp_path: Path
) -> None:
    file = wish(tmp_path, ("Amira", "Sales", "2025-01-01", ""), ("Jonas", "", "", "2026-01-01"))
    told = list(roster.preview(roster.compare(settings, file)))
    assert told[:2] == ["Joins: Amira (slack:T1/A)", "Leaves: Jonas (slack:T1/J)"]
    assert told[2].startswith("Moves: Amira (slack:T1/A): no team → Sales, 2024-12-31T23:00:00Z")
    assert told[-1] == "Rows: 2; joining 1, leaving 1, back 0, moving 1."
    assert office.rows("SELECT COUNT(*) FROM statement") == [(0,)]


async def test_twice_the_same_file_is_one_import(office: Office, settings: Settings, tmp_path: Path) -> None:
    file = wish(tmp_path, ("Amira", "Sales", "2025-01-01", ""), source="hr:acme")
    roster.take(settings, file)
    before = office.rows("SELECT COUNT(*) FROM statement")
    again = roster.take(settings, file)
    assert list(roster.preview(again)) == ["Rows: 1, and nothing new in them."]
    assert office.rows("SELECT COUNT(*) FROM statement") == before
    assert office.rows("SELECT what FROM act ORDER BY id") == [("team.joined",), ("roster.imported",)]
    assert {row[0] for row in office.rows('SELECT "by" FROM act')} == {"operator"}


async def test_one_unknown_line_keeps_everything_out_unless_it_is_skipped(
    office: Office, settings: Settings, tmp_path: Path
) -> None:
    file = wish(tmp_path, ("Amira", "Sales", "", ""), ("Zoe", "Sales", "", ""))
    with pytest.raises(roster.Refused, match='line 3: nobody here is called "Zoe"'):
        roster.take(settings, file)
    assert office.rows("SELECT COUNT(*) FROM statement") == [(0,)]
    taken = roster.take(settings, replace(file, skip_unknown=True))
    assert [fault.line for fault in taken.skipped] == [3]
    assert office.rows("SELECT COUNT(*) FROM statement WHERE id LIKE 'team:%'") == [(1,)]


async def test_a_leaver_whom_only_the_address_names(office: Office) -> None:
    link = Statement("discord:2", "link:1", NOON - DAY, "member.linked", actor="slack:T1/A", target="email/a@b.cd")
    await office.store.take([post(1, "A"), link])
    await office.store.take([Statement("roster:hr", "left:email/a@b.cd", NOON, LEFT, actor="email/a@b.cd")])
    await office.store.meet([Person("email/a@b.cd", "Amira")])
    people = await office.store.records("default").people(("slack:T1/A", "email/a@b.cd"))
    assert as_one("slack:T1/A", list(people.values())).present is False
    rows = await office.store.records("default").standings(0, 10**6)
    assert [row.person.present for row in rows] == [False]
    board = Request("r", "slack:T1", "slack:T1/J", "leaderboard", office.clock())
    assert "Amira" not in str((await office.desk.answer(board)).card)


def run(folder: Path, office: Office, *arguments: str, answer: str = "") -> Result:
    variables = {"PLAUDIT_DATABASE_URL": office.url, "PLAUDIT_RULES": str(folder / "rules.toml")}
    return CliRunner().invoke(app, ["roster", "import", *arguments], input=answer, env=variables)


async def test_the_command_asks_before_it_takes_anything_over(
    office: Office, settings: Settings, tmp_path: Path
) -> None:
    file = str(wish(tmp_path, ("Amira", "Sales", "", "")).file)
    assert run(tmp_path, office, file, "--dry-run").exit_code == 0
    refused = run(tmp_path, office, file, answer="n\n")
    assert (refused.exit_code, "Nothing was changed." in refused.output) == (1, True)
    assert office.rows("SELECT COUNT(*) FROM statement") == [(0,)]
    assert "Done." in run(tmp_path, office, file, answer="y\n").output
    assert office.rows("SELECT COUNT(*) FROM statement") == [(2,)]
    assert "nothing new" in run(tmp_path, office, file, "--yes").output
    acts = as_lines(find(settings, Wanted(), None, None))
    assert acts[0].endswith("operator: roster.imported (0 joined, 0 left, 1 moved)")
    unknown = str(wish(tmp_path, ("Zoe", "Sales", "", "")).file)
    refused = run(tmp_path, office, unknown, "--yes")
    assert (refused.exit_code, "line 2: nobody here" in refused.output) == (2, True)
