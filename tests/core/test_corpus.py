"""Badges of real communities, written in the language: every one can be read, makes sense and can be said."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from core.errors import ConfigurationError
from core.rules.book import RuleBook
from core.rules.explain import sentence, signal_text
from core.rules.loading import load, parse
from tests.shared import SHARED, needs_shared, shared

MOST = 300  # characters; more is no sentence any more
NEVER = re.compile(r"None|[{}\[\]]|  |\b(?:on on|with with|of of)\b|[,;:]\.|\(\)")
EXACT = ("yes", "yes+fact")
# Written with a word that the grammar does not have there, each with the reason.
UNREAD = {"c441": "a score rule gives the same for every event: it has no sum"}


def badges(*kinds: str) -> list[Any]:
    """Those marked so; none where the corpus is absent, so that the tests are collected and skipped."""
    if SHARED is None:
        return []
    found: list[dict[str, Any]] = json.loads(shared("corpus/badges.json").read_text())
    return [pytest.param(badge, id=badge["id"]) for badge in found if badge["expressible"] in kinds]


def read(badge: dict[str, Any]) -> RuleBook:
    """The badge as a book of its own, which declares the event types that only its community has."""
    text = f"rules = 1\n{badge['rules_toml']}\n"
    book = parse(text, badge["id"])
    types = sorted(name for name in book.types_used() - book.signals.keys())
    return load(f"{text}[types]\nknown = {json.dumps(types)}\n" if types else text, badge["id"])


@needs_shared
@pytest.mark.parametrize("badge", badges(*EXACT, "approx"))
def test_a_real_badge_is_accepted_and_is_one_plain_sentence(badge: dict[str, Any]) -> None:
    if badge["id"] in UNREAD:
        with pytest.raises(ConfigurationError):
            read(badge)
        return
    book = read(badge)
    for name in book.achievements:
        text = sentence(book, name)
        assert text[0].isupper() or text[0].isdigit(), text
        assert text.endswith("."), text
        assert len(text) <= MOST, text
        assert not NEVER.search(text), text
    assert all(signal_text(book, name) for name in book.signals)


@needs_shared
def test_what_the_language_has_no_words_for_is_listed_with_its_reason() -> None:
    """Nothing is silently left out: what has no rule says why, what is only nearly the same says in what it differs."""
    silent = [p.values[0] for p in badges("no")]
    nearly = [p.values[0] for p in badges("approx")]
    assert silent
    assert [b["id"] for b in silent if b.get("rules_toml") or not b.get("reason_no")] == []
    assert [b["id"] for b in nearly if not b.get("rules_toml") or not b.get("approximation")] == []
    assert [p.values[0]["id"] for p in badges(*EXACT) if not p.values[0].get("rules_toml")] == []
    assert UNREAD.keys() <= {b["id"] for b in nearly}


@needs_shared
def test_every_example_of_the_language_can_be_said() -> None:
    book = load(shared("design/rules-examples.toml").read_text(), "rules-examples.toml")
    told = [sentence(book, name) for name in book.achievements]
    assert len(set(told)) == len(told)
    assert [text for text in told if NEVER.search(text) or len(text) > MOST] == []
