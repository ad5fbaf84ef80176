"""`plaudit emit`: one command says one thing, and its exit code says what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.emission import NotTaken, compose, deliver, find_secret, read_facts
from bot.sender import Target
from core.errors import MalformedStatement
from core.events import Statement
from tests.bot.hearing import SECRET, Bot, hearing

NOW = 1_793_610_000_000_000
PASSED = ("build.passed", "--source", "ci:acme", "--actor", "slack:T1/U7")


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with hearing(tmp_path, "ci:acme") as found:
        yield found


async def emit(url: str, *words: str, secret: str = SECRET) -> Result:
    """Runs it as a build does: the secret is a variable."""
    environment = {"PLAUDIT_HOOK_CI_ACME_SECRET": secret, "COLUMNS": "200"}
    return await asyncio.to_thread(CliRunner().invoke, app, ["emit", *words, "--url", url], env=environment)


async def test_what_is_said_is_stored(bot: Bot, tmp_path: Path) -> None:
    done = await emit(
        bot.url,
        *PASSED,
        *("--id", "build:1092", "--at", "2026-11-02T09:00:00Z"),
        *("--fact", "repository=acme/roof", "--fact", "minutes=4.25", "--fact", "tag=a", "--fact", "tag=b"),
    )
    assert (done.exit_code, done.stdout) == (0, "Plaudit has it: build.passed build:1092.\n")
    assert bot.stored(tmp_path / "log") == [
        Statement(
            "ci:acme",
            "build:1092",
            NOW,
            "build.passed",
            actor="slack:T1/U7",
            facts={"repository": "acme/roof", "minutes": Decimal("4.25"), "tag": ("a", "b")},
        )
    ]


async def test_the_same_command_twice_is_one_fact_unless_it_has_another_id(bot: Bot, tmp_path: Path) -> None:
    for words in ((), (), ("--id", "run-1"), ("--id", "run-2"), ("--fact", "branch=main")):
        assert (await emit(bot.url, *PASSED, *words)).exit_code == 0
    assert len({s.id for s in bot.stored(tmp_path / "log")}) == 4


async def test_said_again_with_its_time_it_is_known_already(bot: Bot) -> None:
    at = ("--at", "2026-11-02T09:00:00Z")
    assert "Plaudit has it" in (await emit(bot.url, *PASSED, *at)).stdout
    again = await emit(bot.url, *PASSED, *at)
    assert "Plaudit had it already" in again.stdout
    assert "give --id where every run counts" in again.stdout


async def test_a_bad_road_is_travelled_again(bot: Bot, tmp_path: Path) -> None:
    bot.road.happens = ["busy", "lost after"]
    assert (await emit(bot.url, *PASSED)).exit_code == 0
    assert bot.road.travelled == 3
    assert len(bot.stored(tmp_path / "log")) == 1


async def test_nobody_there_may_work_later() -> None:
    done = await emit("http://127.0.0.1:9", *PASSED, "--within", "0.2")
    assert done.exit_code == 75
    assert "http://127.0.0.1:9 cannot be reached" in done.stderr
    assert SECRET not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("build.passed", "--source", "ci:acme", "--actor", "me"), "actor: "),
        (("grant.made", "--source", "ci:acme"), "said by Plaudit alone"),
        (("build.pased", "--source", "ci:acme"), "no rule can count it"),
        (("build.passed", "--source", "ci:other"), "PLAUDIT_HOOK_CI_OTHER_SECRET: holds no secret"),
        ((*PASSED, "--fact", "minutes"), '"minutes" is no fact; write name=value'),
        ((*PASSED, "--at", "yesterday"), "no RFC 3339 time"),
        ((*PASSED, "--secret-env", "PLAUDIT_HOOK_X_SECRET"), "PLAUDIT_HOOK_X_SECRET: holds no secret"),
        (("build.passed",), "--source"),
    ],
)
async def test_what_is_not_taken_is_told_in_words(bot: Bot, words: tuple[str, ...], said: str) -> None:
    done = await emit(bot.url, *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert SECRET not in done.output


async def test_another_secret_is_refused_for_good(bot: Bot) -> None:
    done = await emit(bot.url, *PASSED, secret="whsec_" + "QUJD" * 8)
    assert done.exit_code == 2
    assert "is it the right secret" in done.stderr
    assert bot.road.travelled == 1


def test_numbers_are_numbers_and_quotes_make_texts() -> None:
    written = ("a=5", "b=-1.50", "c=true", "d=05", 'e="1.10"', "f=", "g=x=y", "h=1e3", "k=1", "k=2")
    assert read_facts(written) == {
        "a": 5,
        "b": Decimal("-1.50"),
        "c": True,
        "d": "05",
        "e": "1.10",
        "f": "",
        "g": "x=y",
        "h": "1e3",
        "k": ("1", "2"),
    }


def test_the_first_secret_of_several_signs(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET} whsec_old\n")
    assert find_secret("ci:acme", {}, None, file) == SECRET
    assert find_secret("ci:acme", {"OTHER": SECRET}, "OTHER", None) == SECRET


def test_an_id_of_the_content_leaves_the_hour_of_the_command_out() -> None:
    said = {"source": "ci:acme", "id": None, "type": "build.passed", "facts": {"a": 1}}
    assert compose(said, None, NOW).id == compose(said, None, NOW + 1).id
    assert compose(said, NOW, 0).id != compose(said, NOW + 1, 0).id
    assert compose({**said, "id": "x"}, None, NOW).named
    with pytest.raises(MalformedStatement, match="zero character"):
        compose({**said, "facts": {"a": "\0"}}, None, NOW)


def test_the_time_to_try_is_kept() -> None:
    with pytest.raises(NotTaken, match=r"attempts in 0.1 seconds") as refused:
        deliver(Target("http://127.0.0.1:9", "ci:acme", SECRET), b"{}", 0.1)
    assert refused.value.again
