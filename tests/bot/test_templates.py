"""`plaudit init`: what every new community sees first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from adapters.discord.emoji import character
from bot.fixtures import run
from bot.templates import BOOK, EXAMPLES, TEMPLATES, describe, text, write
from core.errors import ConfigurationError
from core.rules.explain import sentence
from core.rules.loading import examine, load, load_examples

MOST_BADGES = 12


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_has_neither_faults_nor_warnings(template: str) -> None:
    found = examine(text(template, BOOK), BOOK)
    assert [*found.errors, *found.warnings] == []


_ASIDE = re.compile(r"^# (?:\[(?:noise|board\.\w+)\]|per_channel_hour|quiet_hours).*(?:\n# .+)*", re.MULTILINE)


@pytest.mark.parametrize("template", TEMPLATES)
def test_noise_and_boards_of_a_template_are_right_with_the_marks_taken_away_too(template: str) -> None:
    written = text(template, BOOK)
    assert load(written, BOOK).boards or "# [board." in written
    whole = _ASIDE.sub(lambda found: re.sub("(?m)^# ", "", found[0]), written)
    found = examine(whole, BOOK)
    assert [*found.errors, *found.warnings] == []
    book = load(whole, BOOK)
    assert book.boards
    assert book.noise is not None
    assert not any(line.startswith(("# [noise]", "# [board", "# period")) for line in whole.splitlines())


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_examples_of_a_template_come_out_as_they_say(template: str, tmp_path: Path) -> None:
    write(tmp_path, template, force=False)
    outcomes = run(tmp_path)
    assert len(outcomes) >= 5
    assert [(o.example, o.failures) for o in outcomes if o.failures] == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_badge_of_a_template_is_well_made(template: str) -> None:
    book = load(text(template, BOOK), BOOK)
    assert 6 <= len(book.achievements) <= MOST_BADGES
    assert not book.reads_text
    for name, rule in book.achievements.items():
        assert rule.purpose, name
        assert rule.emoji is not None, name
        assert character(rule.emoji) not in (None, rule.emoji), rule.emoji
        assert sentence(book, name).endswith("."), name


@pytest.mark.parametrize("template", TEMPLATES)
def test_most_badges_of_a_template_have_an_example(template: str) -> None:
    book = load(text(template, BOOK), BOOK)
    examples = load_examples(text(template, EXAMPLES), EXAMPLES, book)
    earned = {name.partition(" ")[0] for e in examples for names in e.earned.values() for name in names}
    by_events = {name for name, rule in book.achievements.items() if rule.manual is None}
    assert len(by_events - earned) <= 3, by_events - earned


@pytest.mark.parametrize("template", TEMPLATES)
def test_an_example_fails_when_its_rule_is_taken_away(template: str, tmp_path: Path) -> None:
    """Not one example passes because nothing happens in it."""
    write(tmp_path, template, force=False)
    book = load(text(template, BOOK), BOOK)
    types = sorted({type_ for rule in book.sources() for type_ in rule.when} - book.signals.keys(), key=len)
    broken = text(template, BOOK)
    for type_ in types:
        broken = broken.replace(f'"{type_}"', '"poll.voted"')
    (tmp_path / BOOK).write_text(f"{broken}\n".replace("[types]\nknown = [", f"[types]\nknown = [{_listed(types)}, "))
    assert any(o.failures for o in run(tmp_path))


def _listed(types: list[str]) -> str:
    return ", ".join(f'"{type_}"' for type_ in types)


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    (tmp_path / BOOK).write_text("mine")
    with pytest.raises(ConfigurationError, match=r"rules\.toml: is there already; --force replaces it"):
        write(tmp_path, "relaunch", force=False)
    assert (tmp_path / BOOK).read_text() == "mine"
    assert not (tmp_path / EXAMPLES).exists()
    write(tmp_path, "relaunch", force=True)
    assert (tmp_path / BOOK).read_text() == text("relaunch", BOOK)


def test_what_cannot_be_replaced_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / BOOK).mkdir()
    (tmp_path / EXAMPLES).write_text("mine")
    with pytest.raises(ConfigurationError, match="cannot be"):
        write(tmp_path, "relaunch", force=True)
    assert (tmp_path / EXAMPLES).read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == [EXAMPLES, BOOK]


def test_a_folder_is_made_and_a_slip_is_noticed(tmp_path: Path) -> None:
    lines = write(tmp_path / "new" / "place", "open-source", force=False)
    assert any("plaudit test" in line for line in lines)
    with pytest.raises(ConfigurationError, match="Did you mean support-desk"):
        write(tmp_path, "suport-desk", force=False)


def test_a_folder_that_cannot_be_made_is_no_trace(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        write(tmp_path / "file", "relaunch", force=False)


def test_every_template_is_described() -> None:
    assert [line.split()[0] for line in describe()] == list(TEMPLATES)
