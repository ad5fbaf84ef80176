"""The book that comes with Plaudit."""

from __future__ import annotations

import tomllib
from pathlib import Path

from core.rules.explain import sentence
from core.rules.loading import examine, load
from tests.shared import needs_shared, shared

FILE = Path(__file__).resolve().parents[3] / "rules.toml"


def test_it_loads_without_a_fault_and_reads_no_text() -> None:
    book = load(FILE.read_text(), FILE.name)
    assert not book.reads_text
    assert book.places("slack").given_roles == ("Trusted helper",)


def test_every_line_it_offers_in_a_comment_can_be_used() -> None:
    """The settings that stand there as comments load as well when somebody takes the mark away."""
    lines = FILE.read_text().splitlines()
    offered = [line[2:] if line.startswith(("# [", "# ")) and _is_setting(line[2:]) else line for line in lines]
    assert offered != lines
    book = load("\n".join(offered), FILE.name)
    assert book.community.staff == "Staff"
    assert book.channels.announcements.discord == "#wins"
    assert book.moderators.slack == "@moderators"


def _is_setting(text: str) -> bool:
    try:
        return bool(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        return False


def test_every_rule_can_be_said_in_a_sentence() -> None:
    book = load(FILE.read_text(), FILE.name)
    assert all(sentence(book, name).endswith(".") for name in book.achievements)


@needs_shared
def test_it_says_what_the_first_rule_book_says() -> None:
    first = tomllib.loads(shared("design/first-rule-book.toml").read_text())
    assert tomllib.loads(FILE.read_text()) == first


def test_its_only_warning_asks_what_the_role_is_for() -> None:
    found = examine(FILE.read_text(), FILE.name)
    assert [(warning.rule, warning.key) for warning in found.warnings] == [("R29", "achievement.trusted_helper")]
