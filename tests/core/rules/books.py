"""Small rule books for tests: the head is always the same, a test writes only what it is about."""

from __future__ import annotations

import pytest

from core.errors import ConfigurationError
from core.rules.book import Achievement, RuleBook
from core.rules.loading import load, parse

HEAD = "rules = 1\n"
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
