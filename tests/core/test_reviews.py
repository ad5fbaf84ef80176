"""The card that asks moderators: when it is sent, where to, and what it says."""

from __future__ import annotations

from dataclasses import replace

import orjson

from adapters.terminal.cards import render
from core.announcements import Badge
from core.awards import Award, Happened
from core.cards import Mention
from core.effects import Telling, messages
from core.passing import UNKNOWN
from core.plan import compile_plan
from core.ports import Outgoing
from core.reviews import argument_of, named_in, review
from core.rules.loading import load
from core.times import read_time
from tests.core.told import HEAD

NOW = read_time("2026-03-18T12:00:00Z")
BOOK = (
    HEAD
    + """
[channels]
moderators = { slack = "C8" }
[achievement.mentor]
name = "Mentor"
when = "message.posted"
goal = 3
ask = true
"""
)
AMIRA = "slack:T1/A"
WAITS = Award(
    AMIRA, "mentor", 1, "", "", None, "pending", False, NOW, UNKNOWN, 3, NOW, None, None, None, decided_at=NOW
)  # fmt: skip


def sent(award: Award = WAITS, book: str = BOOK, **telling: object) -> list[Outgoing]:
    told = Telling(NOW, names={AMIRA: "Amira"}, **telling)  # type: ignore[arg-type] # announce, accounts
    return list(messages(Happened("pending", None, award), None, compile_plan(load(book, "rules.toml")), told))


def test_the_card_goes_to_the_moderators_of_the_members_platform() -> None:
    (out,) = sent()
    to = orjson.loads(out.destination)
    assert (out.source, out.kind, to["kind"], to["channel"], to["account"]) == (
        "slack:T1", "card", "channel", "C8", None,
    )  # fmt: skip
    assert out.card is not None
    assert render(out.card).startswith(
        "For you to decide\nAmira has reached Mentor. Shall they have it?\n"
        "Three posts; a moderator has the last word.\nCounted: 3 facts.\n"
    )
    assert [(b.verb, b.argument) for b in out.card.buttons] == [
        ("confirm", f"mentor {AMIRA}"),
        ("decline", f"mentor {AMIRA}"),
    ]


def test_where_the_member_is_on_two_platforms_the_one_with_a_room_is_taken() -> None:
    linked = {AMIRA: ("discord:9/7", AMIRA)}
    assert [out.source for out in sent(accounts=linked)] == ["slack:T1"]


def test_the_same_award_makes_the_same_cause_whenever_it_comes() -> None:
    assert sent()[0].cause == sent(replace(WAITS, decided_at=NOW + 1, earned_at=NOW - 1))[0].cause
    assert len({sent(a)[0].cause for a in (WAITS, replace(WAITS, tier="Gold"), replace(WAITS, version=2))}) == 3


def test_nothing_is_asked_of_what_only_settles_is_old_or_has_no_room() -> None:
    assert sent(replace(WAITS, due_at=NOW + 1)) == []
    assert sent(announce=False) == []
    assert sent(book=BOOK.replace("slack =", "discord =")) == []
    assert sent(replace(WAITS, state="shadow")) == []


def test_names_that_are_too_long_for_a_button_are_answered_by_command() -> None:
    card = review(Badge("m" * 80, "Mentor"), Mention(AMIRA, "Amira"), "A rule.", 1)
    assert card.buttons == ()
    assert f"/plaudit confirm @Amira {'m' * 80}" in render(card)
    assert "Counted: 1 fact." in render(card)


def test_a_button_says_whom_and_what_also_with_a_tier_of_two_words() -> None:
    assert named_in(argument_of("mentor", AMIRA, "Gold star")) == ("mentor", AMIRA, "Gold star")
    assert named_in(argument_of("mentor", AMIRA, None)) == ("mentor", AMIRA, "")
