"""The command line as a person meets it: helpful words, exit codes, one line per fault and never a trace."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.commands import plaudit

ROOT = Path(__file__).resolve().parents[2]
BOOK = """
rules = 1
[community]
id = "makers"
[achievement.first_post]
name = "First post"
description = "You said hello."
when = "message.posted"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules.toml").write_text(BOOK)
    return tmp_path


def test_help_names_every_command() -> None:
    told = subprocess.run([sys.executable, "-m", "bot", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert told.returncode == 0
    for command in (
        "run",
        "demo",
        "init",
        "check",
        "test",
        "simulate",
        "emit",
        "replay",
        "why",
        "shadow",
        "verify",
        "import",
        "log",
        "migrate",
        "bulk",
        "grant",
        "revoke",
        "validate",
        "backup",
        "restore",
        "export",
        "erase",
        "rules",
        "slack",
        "discord",
    ):
        assert f"  {command} " in told.stdout
    assert "plaudit demo" in told.stdout


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "demo",
        "init",
        "check",
        "test",
        "simulate",
        "replay",
        "why",
        "shadow",
        "verify",
        "log",
        "migrate",
        "import slack-export",
        "slack manifest",
        "rules schema",
    ],
)
def test_each_command_explains_itself(folder: Path, command: str) -> None:
    told = plaudit(folder, *command.split(), "--help")
    assert told.code == 0
    assert "Usage: plaudit " + command in told.out


def test_help_loads_no_platform(folder: Path) -> None:
    script = "import sys, bot.cli; sys.exit(any(m in sys.modules for m in ('slack_bolt', 'discord', 'sqlalchemy')))"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=60, check=False).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("dance",),
        ("run", "--fast"),
        ("replay", "--events", "missing.jsonl"),
        ("replay", "--until", "tomorrow"),
        ("replay", "--until", "2026-07-01T00:00:00"),
        ("import", "slack-export"),
        ("import", "slack-export", "missing.zip"),
        ("demo", "--port", "70000"),
        ("demo", "--once", "--language", "de"),
    ],
)
def test_wrong_usage_exits_2_and_says_how(folder: Path, arguments: tuple[str, ...]) -> None:
    told = plaudit(folder, *arguments)
    assert told.code == 2
    assert "Usage: plaudit" in told.err


def test_run_without_any_token_exits_78_and_names_the_demo(folder: Path) -> None:
    told = plaudit(folder, "run")
    assert (told.code, told.out) == (78, "")
    assert "make demo" in told.err
    assert told.err.count("\n") == 1


def test_every_wrong_setting_is_one_line(folder: Path) -> None:
    (folder / ".env").write_text("PLAUDIT_HTTP_PORT=x\nPLAUDIT_RULS=y\n")
    told = plaudit(folder, "run", SLACK_BOT_TOKEN="xoxb-canary")
    assert told.code == 78
    assert sorted(line.partition(":")[0] for line in told.err.splitlines()) == ["PLAUDIT_HTTP_PORT", "PLAUDIT_RULS"]
    assert "canary" not in told.err


def test_check_praises_a_good_book(folder: Path) -> None:
    told = plaudit(folder, "check")
    assert told.code == 0
    assert told.out == 'community "makers": 1 achievement, 0 signals, 0 score rules. All in order.\n'
    assert plaudit(folder, "check", "rules.toml").out == told.out


def test_check_says_what_is_wrong_where_and_what_to_write(folder: Path) -> None:
    (folder / "rules.toml").write_text(BOOK + 'gaol = 3\n[achievement.x]\nname = "X"\n')
    told = plaudit(folder, "check")
    assert (told.code, told.out) == (78, "")
    first, *rest = told.err.splitlines()
    assert first.startswith("rules.toml:9 achievement.first_post")
    assert '"goal"' in first
    assert all(line.startswith("rules.toml:10 achievement.x") for line in rest)
    assert rest


def test_check_prints_json_and_warnings_do_not_change_the_exit_code(folder: Path) -> None:
    (folder / "rules.toml").write_text(BOOK + "goal = 500\n")
    told = plaudit(folder, "check", "--json")
    assert (told.code, told.err) == (0, "")
    (warning,) = json.loads(told.out)["warnings"]
    assert json.loads(told.out)["errors"] == []
    text = warning.pop("text")
    assert "volume" in text
    assert warning == {"file": "rules.toml", "line": 8, "key": "achievement.first_post.when", "rule": "R15"}
    (folder / "rules.toml").write_text(BOOK + "gaol = 3\n")
    told = plaudit(folder, "check", "--json")
    assert (told.code, told.err) == (78, "")
    assert [(e["line"], e["rule"]) for e in json.loads(told.out)["errors"]] == [(9, "R1")]


def test_a_named_book_is_checked_also_where_the_settings_are_wrong(folder: Path) -> None:
    assert plaudit(folder, "check", "rules.toml", PLAUDIT_HTTP_PORT="x").code == 0
    assert plaudit(folder, "check", PLAUDIT_HTTP_PORT="x").code == 78


def test_the_schema_of_the_rules_is_json(folder: Path) -> None:
    told = plaudit(folder, "rules", "schema")
    assert told.code == 0
    assert "achievement" in json.loads(told.out)["properties"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"rules = ", "rules.toml:1: this is no TOML"),
        (b"rules = 1\n\xff\xfe", "rules.toml:2: is not UTF-8"),
        (b"#" * 1_000_001, "rules.toml: is larger than 1 MB"),
    ],
)
def test_a_file_that_is_no_book_is_one_line(folder: Path, text: bytes, says: str) -> None:
    (folder / "rules.toml").write_bytes(text)
    told = plaudit(folder, "check")
    assert told.code == 78
    assert says in told.err


def test_a_missing_book_is_one_line(folder: Path) -> None:
    told = plaudit(folder, "check", PLAUDIT_RULES="elsewhere.toml")
    assert told.code == 78
    assert told.err.startswith("elsewhere.toml: there is no such file")


def test_a_folder_has_one_book_per_community(folder: Path) -> None:
    books = folder / "books"
    books.mkdir()
    assert "holds no rule book" in plaudit(folder, "check", "books").err
    for name in ("a", "b"):
        sources = f'sources = ["slack:{name}"]\n'
        (books / f"{name}.toml").write_text(BOOK.replace('id = "makers"', f'id = "{name}"\n{sources}'))
    told = plaudit(folder, "check", "books")
    assert told.code == 0
    assert [line.partition(":")[0] for line in told.out.splitlines()] == ['community "a"', 'community "b"']
    (books / "c.toml").write_text(BOOK.replace('"makers"', '"a"'))
    (books / "d.toml").write_text(BOOK.replace('"makers"', '"d"\nsources = ["slack:a"]'))
    told = plaudit(folder, "check", "books")
    assert told.code == 78
    assert told.err.splitlines() == [
        "books/c.toml: community.sources: is missing; with several books each says which sources belong to it",
        'books/c.toml: the community "a" is also in books/a.toml; each belongs to one book',
        'books/d.toml: the source "slack:a" is also in books/a.toml; each belongs to one book',
    ]


def test_the_manifest_is_json_that_slack_takes(folder: Path) -> None:
    told = plaudit(folder, "slack", "manifest", "--name", "Bravo")
    assert told.code == 0
    assert json.loads(told.out)["display_information"]["name"] == "Bravo"


def test_the_invite_names_the_application(folder: Path) -> None:
    number = "123456789012345678"
    told = plaudit(folder, "discord", "invite", number)
    assert told.code == 0
    assert f"client_id={number}" in told.out
    token = base64.b64encode(number.encode()).decode().rstrip("=") + ".abcdef.ghijkl"
    assert plaudit(folder, "discord", "invite", DISCORD_TOKEN=token).out == told.out
    for arguments, environment in ((("x",), {}), ((), {}), ((), {"DISCORD_TOKEN": "canary"})):
        wrong = plaudit(folder, "discord", "invite", *arguments, **environment)
        assert wrong.code == 78
        assert wrong.err.count("\n") == 1
        assert "canary" not in wrong.err


def test_migrate_makes_the_database_and_is_content_with_it(folder: Path) -> None:
    assert "created" in plaudit(folder, "migrate").out
    assert "up to date" in plaudit(folder, "migrate").out
    assert (folder / "plaudit.db").exists()
    (folder / "plaudit.db").write_bytes(b"no database " * 1000)
    told = plaudit(folder, "migrate")
    assert told.code == 78
    assert told.err.count("\n") == 1


def test_an_import_of_something_else_is_one_line(folder: Path) -> None:
    other = folder / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("hello.txt", "hello")
    told = plaudit(folder, "import", "slack-export", str(other))
    assert (told.code, told.out) == (1, "")
    assert "users.json" in told.err.splitlines()[-1]
