"""`plaudit check`: errors keep a book from use, warnings do not; beside a database, what is in force counts, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.storage.store import open_store
from bot.checks import Report, check
from core.events import Statement
from tests.adapters.storage.said import DAY, HEAD, NOON, book, post
from tests.databases import fresh

RARE = '[achievement.rare]\nname = "Rare"\nwhen = "message.posted"\ngoal = 6\n'
COMMON = '[achievement.common]\nname = "Common"\nwhen = "message.posted"\n'
BOOK = HEAD + RARE + COMMON
PEOPLE = [f"P{n:02}" for n in range(10)]


def history(people: list[str], first: int = 120) -> list[Statement]:
    """One post of everybody ten days ago, and five of everybody `first` days ago."""
    old = [post(100 * n + k, p, NOON - first * DAY + k) for n, p in enumerate(people) for k in range(5)]
    return old + [post(100 * n + 50, p, NOON - 10 * DAY) for n, p in enumerate(people)]


async def stored(tmp_path: Path, said: list[Statement]) -> str:
    address = fresh(tmp_path)
    store = await open_store(address, [book(BOOK)], lambda: NOON)
    await store.take(said)
    await store.close()
    return address


def checked(tmp_path: Path, text: str, url: str | None = None, *, replay: bool = True) -> Report:
    file = tmp_path / "rules.toml"
    file.write_text(text)
    return check(file, url, NOON, replay=replay)


def found(report: Report) -> list[tuple[str, str]]:
    return [(f.rule, f.key) for f in (*report.errors, *report.warnings)]


async def test_what_nobody_and_what_everybody_would_earn_is_worth_a_thought(tmp_path: Path) -> None:
    report = checked(tmp_path, BOOK, await stored(tmp_path, history(PEOPLE)))
    assert report.errors == []
    assert found(report) == [("R23", "achievement.rare"), ("R23", "achievement.common")]
    never, often = report.warnings
    assert "nobody would have earned it in the last 90 days" in never.text
    assert "10 of 10 active members" in often.text
    assert (never.line, often.line) == (5, 9)


@pytest.mark.parametrize(
    ("people", "first"),
    [(PEOPLE[:9], 120), (PEOPLE, 80)],
    ids=["too few to tell", "too young to tell"],
)
async def test_a_small_or_young_community_says_nothing_about_rules(
    tmp_path: Path, people: list[str], first: int
) -> None:
    assert found(checked(tmp_path, BOOK, await stored(tmp_path, history(people, first)))) == []


async def test_the_history_can_be_left_out(tmp_path: Path) -> None:
    url = await stored(tmp_path, history(PEOPLE))
    assert found(checked(tmp_path, BOOK, url, replay=False)) == []
    assert found(checked(tmp_path, BOOK)) == []


@pytest.mark.parametrize(
    "words",
    [
        'streak = "week"\ngoal = 20',
        'within = "300 days"\ngoal = 60',
        'in_one = "year"\ngoal = 60',
        "retired = 2026-01-01",
    ],
)
async def test_a_rule_that_takes_longer_by_itself_is_not_asked(tmp_path: Path, words: str) -> None:
    url = await stored(tmp_path, history(PEOPLE))
    text = f'{HEAD}[achievement.slow]\nname = "Slow"\nwhen = "thread.started"\n{words}\n'
    assert "R23" not in [rule for rule, _ in found(checked(tmp_path, text, url))]


async def test_a_changed_rule_is_asked_for_its_version_and_a_new_one_for_its_end(tmp_path: Path) -> None:
    url = await stored(tmp_path, history(PEOPLE[:1]))
    text = BOOK.replace("goal = 6", "goal = 7") + f"{COMMON.replace('common', 'gone')}goal = 2\nuntil = 2026-03-17\n"
    assert found(checked(tmp_path, text, url)) == [("R8", "achievement.rare"), ("R11", "achievement.gone.until")]


def test_a_database_that_is_not_there_or_broken_is_no_fault_of_the_book(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'plaudit.db'}"
    assert checked(tmp_path, BOOK, url).note is None
    (tmp_path / "plaudit.db").write_bytes(b"no database " * 1000)
    report = checked(tmp_path, BOOK, url)
    assert found(report) == []
    assert "The history was not looked at" in "\n".join(report.lines())


def test_errors_come_first_then_warnings_each_with_its_number(tmp_path: Path) -> None:
    text = f"{BOOK}goal = 500\n{RARE.replace('rare', 'x')}gaol = 1\n"
    first, heading, second = checked(tmp_path, text).lines()
    assert first.endswith('rules.toml:17 achievement.x: unknown key "gaol". Did you mean "goal"? (R1)')
    assert heading == "Worth a thought:"
    assert "rules.toml:11 achievement.common.when" in second
    assert second.endswith("(R15)")


def test_warnings_and_the_verdict(tmp_path: Path) -> None:
    assert checked(tmp_path, BOOK).lines() == [
        'community "default": 2 achievements, 0 signals, 0 score rules. All in order.'
    ]
    assert checked(tmp_path, f"{BOOK}goal = 500\n").lines()[-1].endswith("It can be used as it is.")


def test_the_examples_beside_a_book_are_read_too(tmp_path: Path) -> None:
    example = '[[example]]\nname = "N"\nachievement = "comon"\nevents = [{ at = 2026-03-02, type = "poll.voted" }]\n'
    (tmp_path / "rules.examples.toml").write_text(example)
    report = checked(tmp_path, BOOK)
    assert [Path(f.file).name for f in report.errors] == ["rules.examples.toml"]
    assert 'Did you mean "common"?' in report.errors[0].text
    assert check(tmp_path / "rules.examples.toml", None, NOON).errors == report.errors


def test_a_folder_is_checked_whole(tmp_path: Path) -> None:
    for name in ("a", "b"):
        identity = f'id = "{name}"\nsources = ["slack:{name}"]\n[achievement'
        (tmp_path / f"{name}.toml").write_text(f"{BOOK}goal = 500\n".replace("[achievement", identity, 1))
    (tmp_path / "c.toml").write_text("rules = ")
    report = check(tmp_path, None, NOON)
    assert [(Path(f.file).name, f.rule) for f in report.errors] == [("c.toml", "R0")]
    assert [(Path(f.file).name, f.rule) for f in report.warnings] == [("a.toml", "R15"), ("b.toml", "R15")]
