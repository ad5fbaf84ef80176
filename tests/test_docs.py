"""What the documentation promises: examples that are accepted, links that lead somewhere, nothing left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from dotenv import dotenv_values

from bot.cli import app
from bot.settings import Settings, read
from core.catalogue import KNOWN
from core.rules.boards import BoardRule, Season
from core.rules.conditions import Achievement, Level, ScoreRule, Signal
from core.rules.examples import Example, Happening
from core.rules.fairness import Fairness
from core.rules.givers import Giver
from core.rules.grammar import Limit, Step, Tier, Unless, Who, keys
from core.rules.loading import load
from core.rules.rewards import Eligible, Reward, Rewards
from core.rules.teams import Team
from core.rules.webhooks import Webhook
from tests.core.rules.books import PAGES, ROOT, documented


def page(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text()


@pytest.mark.parametrize(("name", "text"), [pytest.param(*book, id=book[0]) for book in documented()])
def test_every_example_of_a_rule_book_is_accepted(name: str, text: str) -> None:
    load(text, name)


def test_every_link_leads_to_a_page() -> None:
    dead = []
    for path in PAGES:
        for target in re.findall(r"\]\((?!https?://)([^)#\s]+)[^)]*\)", path.read_text()):
            if not (path.parent / target).exists():
                dead.append(f"{path.relative_to(ROOT)}: {target}")
    assert dead == []


def test_every_page_is_listed() -> None:
    docs = ROOT / "docs"
    index = (docs / "README.md").read_text()
    pages = [f"{p.parent.name}/{p.name}" for folder in ("how-to", "reference") for p in (docs / folder).glob("*.md")]
    assert [name for name in pages if f"({name})" not in index] == []


def test_every_anchor_is_a_heading() -> None:
    heads = {path: _anchors(path.read_text()) for path in PAGES}
    dead = []
    for path in PAGES:
        for target, anchor in re.findall(r"\]\((?!https?://)([^)#\s]*)#([^)\s]+)\)", path.read_text()):
            aimed = (path.parent / target).resolve() if target else path
            if anchor not in heads.get(aimed, {anchor}):
                dead.append(f"{path.relative_to(ROOT)}: {target}#{anchor}")
    assert dead == []


def _anchors(text: str) -> set[str]:
    """As the pages of a code host name their headings."""
    heads = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def test_every_command_is_listed() -> None:
    reference = page("cli.md")
    assert [name for name in _commands(typer.main.get_command(app), ()) if not _is_told(name, reference)] == []


def _commands(command: object, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    below = getattr(command, "commands", {}).items()
    return [found for name, it in below for found in _commands(it, (*path, name))] or [path]


def _is_told(path: tuple[str, ...], reference: str) -> bool:
    """By its whole name, or by its last word in a row that begins with another of its group."""
    rows = [row for row in reference.splitlines() if row.startswith("| `plaudit ") and path[0] in row]
    return any(re.search(rf"\b{re.escape(path[-1])}\b", row.split("` | ")[0]) for row in rows)


def test_every_key_is_explained() -> None:
    tables = (Achievement, Fairness, Giver, Signal, ScoreRule, Level, Limit, Step, Tier, Unless, Webhook, Who)
    tables = (*tables, BoardRule, Season, Eligible, Reward, Rewards, Team)
    named = [key for model in tables for key in keys(model)]
    assert [key for key in named if f"`{key}" not in page("rules.md")] == []


def test_every_number_that_check_names_is_explained() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "core" / "rules").rglob("*.py"))
    named = set(re.findall(r'"(R\d+)"', sources))
    explained = set(re.findall(r"^\| (R\d+) \|", page("lint.md"), re.M))
    assert named == explained == {f"R{n}" for n in range(32)}


def test_every_key_of_an_example_is_explained() -> None:
    text = (ROOT / "docs" / "how-to" / "test-rules.md").read_text()
    assert [key for model in (Example, Happening) for key in keys(model) if f"`{key}`" not in text] == []


def test_every_event_type_is_listed() -> None:
    assert [name for name in sorted(KNOWN) if f"`{name}`" not in page("events.md")] == []


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
