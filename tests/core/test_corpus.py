"""Badges of real communities, written in the language: every one can be read, makes sense, can be said and earned."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from core.errors import ConfigurationError
from core.events import Statement
from core.lines import to_line
from core.plan import compile_plan
from core.replay import Log, replay
from core.results import Replay
from core.rules.book import RuleBook
from core.rules.explain import sentence, signal_text
from core.rules.loading import load, parse
from tests.core.earning import ME, Story, completed, small
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
    return declared(f"rules = 1\n{badge['rules_toml']}\n", badge["id"])


def declared(text: str, name: str) -> RuleBook:
    book = parse(text, name)
    types = sorted(type_ for type_ in book.types_used() - book.signals.keys())
    return load(f"{text}[types]\nknown = {json.dumps(types)}\n" if types else text, name)


def earnable(badge: dict[str, Any]) -> RuleBook:
    """As `read`, with goals that a small history reaches and what the badge counts of the rest of its book."""
    text = f"rules = 1\n{badge['rules_toml']}\n"
    return small(declared(completed(text, parse(text, badge["id"])), badge["id"]))


def happened(book: RuleBook, said: list[Statement], until: int) -> Replay:
    log = Log(compile_plan(book), until)
    log.read(to_line(statement) for statement in said)
    return replay(log.plan, log, progress=False)


def lacking(book: RuleBook, found: Replay, score: int) -> list[str]:
    """Achievements and tiers that are not held in the end, and a score that is not reached."""
    held = {(a["achievement"], a["tier"]) for a in found.awards if a["member"] == ME and a["state"] == "awarded"}
    wanted = {(name, tier) for name, rule in book.achievements.items() for tier in rule.tiers or [None]}
    poor = ["score"] if found.score.get(ME, 0) < score else []
    return sorted(f"{name} {tier or ''}".strip() for name, tier in wanted - held) + poor


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
@pytest.mark.parametrize("badge", [p for p in badges(*EXACT, "approx") if p.id not in UNREAD])
def test_a_real_badge_is_earned_in_a_small_history_and_not_without_its_last_event(badge: dict[str, Any]) -> None:
    book = earnable(badge)
    story = Story(book)
    found = happened(book, story.said, story.until)
    assert found.ignored == []
    assert lacking(book, found, story.score) == []
    assert lacking(book, happened(book, story.said[:-1], story.until), story.score) != []


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


@needs_shared
def test_every_example_of_the_language_is_earned_in_one_history() -> None:
    """Every key of the language is in one of them."""
    book = small(load(shared("design/rules-examples.toml").read_text(), "rules-examples.toml"))
    story = Story(book)
    found = happened(book, story.said, story.until)
    assert found.ignored == []
    assert lacking(book, found, story.score) == []
