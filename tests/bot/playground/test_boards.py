"""The board of the page, and the words of what is behind a badge."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.storage.overview import HeldBadge, Overview
from bot.playground.boards import board, checksum, known_accounts
from bot.playground.clock import MovableClock
from bot.playground.community import furnish, rule_book, sources_of
from bot.playground.discord_server import DiscordServer
from bot.playground.evidence import caption, shown, words
from bot.playground.slack_server import SlackServer
from core.events import Fact
from core.times import read_time

NOON = read_time("2026-03-03T13:02:00Z")
AMIRA, JONAS = "slack:T0PLAY/U0AMIRA", "slack:T0PLAY/U0JONAS"
HELD = HeldBadge(AMIRA, "helpful_answer", "", "", "", 1, "awarded", NOON, 1)
FOUND = Overview((HELD,), ((AMIRA, 5), (JONAS, 2)), facts=4, waiting=0)


@pytest.fixture
def community():
    clock = MovableClock()
    return furnish(SlackServer(clock.seconds), DiscordServer(clock.seconds))


def test_the_board_names_people_with_their_badges_and_scores(community):
    found = board(FOUND, rule_book(sources_of(community)), known_accounts(community))
    amira, jonas = found["people"]
    assert (amira["name"], amira["platform"], amira["score"]) == ("Amira", "slack", 5)
    assert [(b["name"], b["sign"], b["at"]) for b in amira["badges"]] == [("Helpful answer", "💡", NOON)]
    assert (jonas["name"], jonas["badges"], jonas["score"]) == ("Jonas", [], 2)


@pytest.mark.parametrize(
    "other",
    [
        replace(FOUND, badges=()),
        replace(FOUND, badges=(replace(HELD, earned_at=NOON + 1),)),
        replace(FOUND, badges=(replace(HELD, evidence=2),)),
        replace(FOUND, scores=((AMIRA, 6), (JONAS, 2))),
    ],
)
def test_the_checksum_notices_whatever_counts(other):
    assert checksum(other) != checksum(FOUND) == checksum(replace(FOUND, waiting=3))


def fact(type_: str, actor: str, **facts: Any) -> Fact:
    about = {"message": "message:C1/1.2", "channel": "#help", **facts}
    return Fact("slack:T1", f"{type_}/{actor}", type_, NOON, actor, None, None, (), about)


def named(account: str) -> str:
    return account.capitalize()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (
            fact("reaction.added", "mei", emoji="bulb", post_kind="reply", length=212),
            "💡 from Mei on an answer in #help, 3 March 2026 14:02, 212 characters",
        ),
        (fact("reaction.added", "mei", emoji="acme"), ":acme: from Mei on a message in #help, 3 March 2026 14:02"),
        (fact("thread.replied", "mei", length=1), "answer by Mei in #help, 3 March 2026 14:02, 1 character"),
        (fact("message.posted", "mei"), "message by Mei in #help, 3 March 2026 14:02"),
    ],
)
def test_a_fact_is_told_without_its_text(what, said):
    assert words(what, named) == said


def test_a_caption_says_who_marked_or_who_wrote_what():
    marks = [fact("reaction.added", who) for who in ("jonas", "lena", "jonas")]
    assert caption(marks, named) == "marked by Jonas, Lena"
    assert caption([fact("reaction.added", f"p{n}") for n in range(8)], named).endswith("P5 and 2 more")
    wrote = [fact("message.posted", "mei"), fact("thread.replied", "mei"), fact("thread.replied", "mei")]
    assert caption(wrote, named) == "1 message and 2 answers by Mei"
    assert caption([], named) == ""


def test_what_lights_up_is_named_by_platform_message_and_emoji(community):
    found = shown(
        rule_book(sources_of(community)), "helpful_answer", [fact("reaction.added", "mei", emoji="tada")], named
    )
    (lit,) = found["facts"]
    assert (lit["platform"], lit["message"], lit["emoji"], found["total"]) == ("slack", "1.2", "tada", 1)
    assert found["why"].startswith("One helpful answer")
