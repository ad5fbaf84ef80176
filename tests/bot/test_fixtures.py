"""`plaudit test` and `plaudit init`, as a person and as a machine meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import plaudit

RULE = """rules = 1
[achievement.maker]
name = "Maker"
when = "message.posted"
goal = 2
"""
RIGHT = """
[[example]]
name = "One post is not enough"
achievement = "maker"
events = [{ at = "2026-03-02 09:00", actor = "amira", type = "message.posted" }]
progress = { amira = { maker = 1 } }
"""
WRONG = """
[[example]]
name = "One post is enough"
events = [{ at = "2026-03-02 09:00", actor = "amira", type = "message.posted" }]
earned = { amira = ["maker"] }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules.toml").write_text(RULE + RIGHT)
    return tmp_path


def test_examples_that_come_out_as_they_say(folder: Path) -> None:
    done = plaudit(folder, "test")
    assert (done.code, done.out) == (0, "1 example: all as expected.\n")


def test_one_that_does_not_says_what_happened_instead(folder: Path) -> None:
    (folder / "rules.examples.toml").write_text(WRONG)
    done = plaudit(folder, "test", "rules.toml")
    assert done.code == 1
    assert done.out.splitlines() == [
        "rules.examples.toml:2 One post is enough",
        "  expected  amira to have earned maker",
        "  happened  amira is at 1 of 2 posts",
        "",
        "1 of 2 examples came out otherwise.",
    ]


def test_a_machine_reads_one_object(folder: Path) -> None:
    (folder / "rules.examples.toml").write_text(WRONG)
    done = plaudit(folder, "test", "rules.examples.toml", "--json")
    found = json.loads(done.out)
    assert done.code == 1
    assert found["passed"] is False
    assert [(e["line"], e["example"], len(e["failures"])) for e in found["examples"]] == [
        (7, "One post is not enough", 0),
        (2, "One post is enough", 1),
    ]


def test_a_faulty_example_is_no_failure_but_a_fault(folder: Path) -> None:
    (folder / "rules.examples.toml").write_text(WRONG.replace("maker", "makker"))
    done = plaudit(folder, "test")
    assert done.code == 78
    assert 'rules.examples.toml:5 example[1].earned: no achievement is called "makker"' in done.err


def test_a_folder_of_books_does_not_take_examples_for_a_book(folder: Path) -> None:
    (folder / "rules.examples.toml").write_text(WRONG.replace("is enough", "again"))
    assert plaudit(folder, "check", ".").code == 0
    assert plaudit(folder, "test", ".").out.endswith("1 of 2 examples came out otherwise.\n")


def test_without_examples_it_says_where_to_learn(folder: Path) -> None:
    (folder / "rules.toml").write_text(RULE)
    done = plaudit(folder, "test")
    assert (done.code, "test-rules.md" in done.out) == (0, True)


def test_a_first_book_is_checked_and_tested_as_it_is(folder: Path) -> None:
    made = plaudit(folder, "init", "new", "--template", "onboarding")
    assert made.code == 0, made.err
    assert "plaudit check" in made.out
    assert plaudit(folder, "check", "new/rules.toml").code == 0
    assert plaudit(folder, "test", "new/rules.toml").code == 0
    assert plaudit(folder, "init", "new").code == 78
    assert "onboarding" in plaudit(folder, "init", "--list").out
