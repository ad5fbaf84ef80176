"""Small rule books for tests: the head is always the same, a test writes only what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import ConfigurationError
from core.rules.book import Achievement, RuleBook
from core.rules.loading import load, parse

HEAD = "rules = 1\n"
ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
POST = '[achievement.x]\nname = "X"\nwhen = "message.posted"\n'


def faults(text: str, head: str = HEAD) -> tuple[str, ...]:
    """What loading says about a book, line numbers counted in `text` alone."""
    with pytest.raises(ConfigurationError) as refused:
        load(head + text, "rules.toml")
    return refused.value.faults


def book(text: str) -> RuleBook:
    return load(HEAD + text, "rules.toml")


def achievement(words: str, more: str = "") -> Achievement:
    """The achievement `x` that counts posts, with more words of its own, as the grammar reads it."""
    return parse(f"{HEAD}{POST}{words}\n{more}", "rules.toml").achievements["x"]


def documented() -> Iterator[tuple[str, str]]:
    """Every rule book that the documentation shows, as (page#number, text)."""
    for path in PAGES:
        for n, block in enumerate(re.findall(r"^ *```toml\n(.*?)^ *```", path.read_text(), re.S | re.M), 1):
            yield f"{path.relative_to(ROOT)}#{n}", block if "rules = 1" in block else f"rules = 1\n{block}"
