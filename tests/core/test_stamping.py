"""What a mark takes over from the message it is on, once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.events import Statement, fact_of
from core.stamping import about, lacks_facts, stamp, stamp_with

FACTS = {"message": "message:C/1", "channel": "#help", "channel_id": "C", "length": 30, "mentions": ("a/b",)}
ANSWER = Statement("slack:T1", "message:C/1", 100_000_000, "thread.replied", actor="slack:T1/A", facts=FACTS)
MESSAGE = fact_of(ANSWER, ANSWER.at, 1)
BARE = Statement(
    "slack:T1", "reaction:1", 200, "reaction.added", actor="slack:T1/B", facts={"message": "message:C/1", "emoji": "ok"}
)


def test_a_mark_knows_of_its_message_what_the_message_says() -> None:
    stamped = stamp(BARE, MESSAGE)
    assert stamped.author == "slack:T1/A"
    assert stamped.facts == {
        "message": "message:C/1",
        "emoji": "ok",
        "channel": "#help",
        "channel_id": "C",
        "length": 30,
        "post_kind": "reply",
        "object_at": "1970-01-01T00:01:40Z",
    }


def test_what_the_mark_says_itself_stands() -> None:
    said = replace(BARE, author="slack:T1/C", facts={**BARE.facts, "channel": "#general"})
    stamped = stamp(said, MESSAGE)
    assert (stamped.author, stamped.facts["channel"]) == ("slack:T1/C", "#general")


def test_nobody_is_credited_for_what_a_bot_wrote() -> None:
    bot = replace(MESSAGE, facts={**MESSAGE.facts, "bot": True})
    assert stamp(replace(BARE, author="slack:T1/A"), bot).author is None
    assert stamp_with(BARE, {"bot": True}, "slack:T1/A").author is None


@pytest.mark.parametrize(
    ("statement", "lacks"),
    [
        (BARE, True),
        (ANSWER, False),
        (replace(BARE, facts={**BARE.facts, "post_kind": "post"}), False),
        (replace(BARE, op="withdraw"), False),
        (replace(BARE, type="thread.started"), False),
        (replace(BARE, facts={}), False),
    ],
    ids=["a bare mark", "a message", "a stamped mark", "a withdrawal", "an opening", "about nothing"],
)
def test_only_a_bare_mark_asks_for_facts(statement: Statement, lacks: bool) -> None:
    assert lacks_facts(statement) is lacks


def test_a_message_is_not_about_itself() -> None:
    assert (about(ANSWER), about(BARE)) == (None, "message:C/1")


def test_what_the_platform_says_fills_only_what_is_missing() -> None:
    stamped = stamp_with(BARE, {"post_kind": "post", "emoji": "no"}, "slack:T1/A")
    assert (stamped.facts["emoji"], stamped.facts["post_kind"], stamped.author) == ("ok", "post", "slack:T1/A")
