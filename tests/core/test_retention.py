"""What a book needs of old history: more than the types that it names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.events import Statement
from core.plan import compile_plan
from core.retention import Needs, needs_of, newly_needed, thinning
from tests.adapters.storage.said import HEAD, NOON, TEAM, book, gone, mark, post

RULE = f'{HEAD}[achievement.one]\nname = "One"\n'
POSTS = RULE + 'when = "message.posted"\n'
VOTE = Statement(TEAM, "vote:1", NOON, "poll.voted", actor=f"{TEAM}/A", facts={"poll": "p", "actor_role": ("x",)})


def needs(text: str) -> Needs:
    return needs_of(compile_plan(book(text)))


def goes(text: str, *said: Statement) -> bool:
    found = thinning(list(enumerate(said, 1)), needs(text))
    return found is not None and len(found.gone) == len(said)


def test_what_no_rule_names_goes() -> None:
    assert goes(POSTS, VOTE)
    assert goes(POSTS, VOTE, gone(VOTE, NOON + 1))
    assert goes(POSTS, mark(1, "B", NOON))


@pytest.mark.parametrize(
    "text",
    [
        POSTS + 'after_absence = "30 days"\n',
        POSTS + 'who.role = "helper"\n',
        POSTS + 'who.not_role = "helper"\n',
        POSTS + '[score.votes]\nwhen = "poll.voted"\ngive = 1\n',
        POSTS + '[signal.voted]\nwhen = "poll.voted"\n',
        POSTS + 'status = "off"\nunless = "poll.voted"\n',
        RULE + 'status = "off"\nwhen = "poll.voted"\n',
        RULE + 'steps = ["message.posted", "poll.voted"]\n',
    ],
)
def test_what_a_rule_may_ask_for_stays(text: str) -> None:
    assert not goes(text, VOTE)


def test_a_silence_and_a_role_are_asked_of_those_alone_who_did_something() -> None:
    quiet = replace(VOTE, actor=None, facts={})
    assert goes(POSTS + 'after_absence = "30 days"\n', quiet)
    assert goes(POSTS + 'who.role = "helper"\n', quiet)


def test_messages_stay_for_marks_and_for_the_clock() -> None:
    assert not goes(RULE + 'when = "reaction.added"\n', post(1))
    assert not goes(RULE + 'when = "message.aged"\n', post(1))
    assert goes(RULE + 'when = "thread.started"\n', post(1))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ('where.poll = "x"\n', "poll"),
        ('distinct = "poll"\n', "poll"),
        ('sum = "weight"\n', "weight"),
        ('best = "weight"\n', "weight"),
        ('each = "poll"\nrepeat = true\n', "poll"),
    ],
)
def test_facts_that_a_rule_looks_at_stay(words: str, name: str) -> None:
    text = (
        POSTS.replace("[achievement.one]", "[signal.one]").replace('name = "One"\n', "") if "each" in words else POSTS
    )
    assert name in needs(text + words.replace("repeat = true\n", "")).facts


def test_what_parts_share_stays() -> None:
    parts = 'same = "ticket_name"\nall = [{ when = "message.posted" }, { when = "poll.voted" }]\n'
    assert "ticket_name" in needs(RULE + parts).facts


def test_another_book_may_need_what_this_one_did_not() -> None:
    old, new = needs(POSTS), needs(POSTS + 'after_absence = "30 days"\n[score.v]\nwhen = "poll.voted"\ngive = 1\n')
    assert newly_needed(new, old) == ["what members did", "poll.voted"]
    assert newly_needed(old, new) == []


def test_roles_that_no_rule_asked_for_may_be_gone() -> None:
    old, new = needs(POSTS), needs(POSTS + 'who.role = ["Helper"]\n')
    assert newly_needed(new, old) == ["the roles that members had"]
    assert newly_needed(old, new) == []
