"""History from an export lands in the log once, is decided at its own dates, and is told to nobody."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from pathlib import Path

import pytest

from bot.imports import import_slack_export
from bot.settings import Settings, read
from core.errors import ConfigurationError
from tests.shared import needs_shared, shared

BOOK = """
rules = 1
[community]
id = "makers"
quiet_start = "0 days"
[channels]
announcements = { slack = "#general" }
[roles.regular]
slack = "@regulars"
[achievement.hello]
name = "Said hello"
description = "You wrote your first message."
when = "message.posted"
announce = "channel"
gives_role = "regular"
"""
WORDS = "zebra-words-nobody-keeps"


def settings(folder: Path, book: str = BOOK) -> Settings:
    rules = folder / "rules.toml"
    rules.write_text(book)
    database = f"sqlite+aiosqlite:///{folder / 'plaudit.db'}"
    return read({"PLAUDIT_RULES": str(rules), "PLAUDIT_DATABASE_URL": database}, None)


def export(folder: Path) -> Path:
    path = folder / "export.zip"
    days = {
        "users.json": [{"id": u, "team_id": "T1", "name": u.lower()} for u in ("U1", "U2", "U3")],
        "channels.json": [{"id": "C1", "name": "general"}],
        "general/2020-03-02.json": [
            {"user": "U1", "ts": "1583140500.000000", "text": WORDS, "reactions": [{"name": "tada", "users": ["U2"]}]},
            {"user": "U2", "ts": "1583140560.000000", "text": WORDS, "edited": {"ts": "1583140600.000000"}},
            {"user": "U3", "ts": "1583140570.000000", "text": WORDS, "subtype": "channel_join"},
        ],
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in days.items():
            archive.writestr(name, json.dumps(held))
    return path


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "plaudit.db") as db:
        return db.execute(query).fetchall()


def test_badges_get_their_true_dates_and_nobody_hears_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_slack_export(settings(tmp_path), export(tmp_path), None, grant_roles=False)
    earned = rows(tmp_path, "SELECT member, earned_at, state FROM award ORDER BY member")
    assert earned == [
        ("slack:T1/U1", 1_583_140_500_000_000, "awarded"),
        ("slack:T1/U2", 1_583_140_560_000_000, "awarded"),
    ]
    assert rows(tmp_path, "SELECT kind FROM outbox") == []
    told = capsys.readouterr().out
    assert "slack:T1: 2 messages by 2 people in 1 file; 3 members known." in told
    assert "Said hello       2 members" in told
    assert "Not counted: 1 × channel_join." in told
    assert "--grant-roles" in told
    assert re.search(r"Took \d+\.\d s; at most \d+ MB of memory\.", told)


def test_roles_follow_only_when_asked_for(tmp_path: Path) -> None:
    import_slack_export(settings(tmp_path), export(tmp_path), None, grant_roles=True)
    assert {kind for (kind,) in rows(tmp_path, "SELECT kind FROM outbox")} == {"roles"}


def test_a_second_run_adds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        import_slack_export(settings(tmp_path), export(tmp_path), None, grant_roles=False)
    assert "New in the log: 0. There already: 4." in capsys.readouterr().out
    assert rows(tmp_path, "SELECT COUNT(*) FROM statement") == [(4,)]
    assert rows(tmp_path, "SELECT COUNT(*) FROM award") == [(2,)]


def test_no_word_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_slack_export(settings(tmp_path), export(tmp_path), None, grant_roles=False)
    assert WORDS.encode() not in (tmp_path / "plaudit.db").read_bytes()
    assert WORDS not in "".join(capsys.readouterr())


def test_a_workspace_that_no_book_names_is_refused_in_one_line(tmp_path: Path) -> None:
    other = settings(tmp_path, BOOK.replace('id = "makers"', 'id = "makers"\nsources = ["slack:T2"]'))
    with pytest.raises(ConfigurationError, match=r"slack:T1: belongs to no community; add it to .* sources"):
        import_slack_export(other, export(tmp_path), None, grant_roles=False)


@pytest.mark.parametrize("source", ["moderator", "discord:5", "slack:T1/U1", "T1"])
def test_what_is_no_workspace_is_refused_before_anything_is_stored(tmp_path: Path, source: str) -> None:
    with pytest.raises(ConfigurationError, match="names no Slack workspace"):
        import_slack_export(settings(tmp_path), tmp_path / "none.zip", source, grant_roles=False)


@needs_shared
def test_two_years_of_a_real_community(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shared("data/slack-export-community-a.zip")
    for _ in range(2):
        import_slack_export(settings(tmp_path), path, None, grant_roles=False)
    first, again = capsys.readouterr().out.split("slack:T5A22B42BA: 22,172 messages by 326 people")[1:]
    assert "351 members known" in first
    assert "New in the log: 22,172. There already: 0." in first
    assert "New in the log: 0. There already: 22,172." in again
    assert rows(tmp_path, "SELECT COUNT(DISTINCT source || id), COUNT(*) FROM statement") == [(22_172, 22_172)]
    assert rows(tmp_path, "SELECT COUNT(*) FROM account") == [(351,)]
    assert rows(tmp_path, "SELECT COUNT(*) FROM outbox") == [(0,)]
    held = b"".join(file.read_bytes() for file in tmp_path.glob("plaudit.db*"))
    assert [word for word in words(path) if word.encode() in held] == []


def words(path: Path) -> list[str]:
    """Neighbouring words of messages, some from each day: single ones may also be a key or a name."""
    found: set[str] = set()
    with zipfile.ZipFile(path) as archive:
        for name in (n for n in archive.namelist() if "/" in n):
            for message in json.loads(archive.read(name))[:3]:
                found.update(re.findall(r"[a-z]{4,} [a-z]{4,}", message["text"])[:5])
    return sorted(found)
