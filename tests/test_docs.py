"""What the documentation promises: examples that are accepted, links that lead somewhere, nothing left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.settings import Settings, read
from core.catalogue import AUDIENCE, CHAT, WORK
from core.rules.conditions import Achievement, ScoreRule, Signal
from core.rules.grammar import Limit, keys
from core.rules.loading import load
from core.rules.support import NOT_YET

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def page(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text()


def rule_books() -> Iterator[tuple[str, str]]:
    for path in PAGES:
        for n, block in enumerate(re.findall(r"^ *```toml\n(.*?)^ *```", path.read_text(), re.S | re.M), 1):
            yield f"{path.relative_to(ROOT)}#{n}", block if "rules = 1" in block else f"rules = 1\n{block}"


@pytest.mark.parametrize(("name", "text"), [pytest.param(*book, id=book[0]) for book in rule_books()])
def test_every_example_of_a_rule_book_is_accepted(name: str, text: str) -> None:
    load(text, name)


def test_every_link_leads_to_a_page() -> None:
    dead = []
    for path in PAGES:
        for target in re.findall(r"\]\((?!https?://)([^)#\s]+)[^)]*\)", path.read_text()):
            if not (path.parent / target).exists():
                dead.append(f"{path.relative_to(ROOT)}: {target}")
    assert dead == []


def test_every_key_is_explained_or_named_as_not_evaluated() -> None:
    text = page("rules.md")
    done, later = text.split("## Understood, but not evaluated yet")
    waiting = {*NOT_YET["achievement"], *NOT_YET["signal"]}
    named = {k: field for model in (Achievement, Signal, ScoreRule, Limit) for k, field in keys(model).items()}
    missing = [k for k, field in named.items() if f"`{k}" not in (later if field in waiting else done)]
    assert missing == []
    assert [k for k, field in named.items() if field in waiting and f"| `{k}`" in done] == []


def test_every_event_type_is_listed() -> None:
    assert [name for name in (*CHAT, *WORK, *AUDIENCE) if f"`{name}`" not in page("events.md")] == []


def test_every_setting_is_explained() -> None:
    variables = [str(field.alias) for field in Settings.model_fields.values() if field.alias]
    example = (ROOT / ".env.example").read_text()
    assert [v for v in variables if f"`{v}`" not in page("settings.md") or v not in example] == []


def test_the_example_of_an_env_file_can_be_read_as_it_is() -> None:
    assert read({}, ROOT / ".env.example").slack() is None


def test_the_defaults_in_the_example_are_the_defaults(tmp_path: Path) -> None:
    commented = re.findall(
        r"^# (PLAUDIT_(?:DATABASE_URL|RULES|HTTP_\w+)=.*)$", (ROOT / ".env.example").read_text(), re.M
    )
    (tmp_path / ".env").write_text("\n".join(commented))
    assert len(dotenv_values(tmp_path / ".env")) == 4
    assert read({}, tmp_path / ".env") == read({}, None)


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text()
    assert [p.name for p in folder.glob("[0-9]*.md") if f"({p.name})" not in index] == []
