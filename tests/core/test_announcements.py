"""Where an award is said, and in which words."""

from __future__ import annotations

import pytest

from core.announcements import (
    DIGEST,
    Announce,
    Badge,
    Place,
    awarded,
    earned_privately,
    granted,
    place_of,
    revoked,
    where_to,
)
from core.cards import Card, Mention, Span, Text
from core.events import Value
from core.ports import Destination

AMIRA = "slack:T1/U1"
ROOMS = {"slack:T1": "#wins", "discord": "#hall"}
THREAD = Place("slack:T1", "C1", "17.5", "17.1")
PRIVATE = Place("slack:T1", "C9", "17.5", "17.1", private=True)
HOOK = Place("desk:acme")

in_thread = Destination("slack:T1", "thread", "C1", "17.1", "17.5", AMIRA)
in_channel = Destination("slack:T1", "channel", "C1", account=AMIRA)
in_private_thread = Destination("slack:T1", "thread", "C9", "17.1", "17.5", AMIRA)
in_announcements = Destination("slack:T1", "channel", "#wins", account=AMIRA)
alone = Destination("slack:T1", "private", "C1", "17.1", "17.5", AMIRA)
alone_in_private = Destination("slack:T1", "private", "C9", "17.1", "17.5", AMIRA)
alone_anywhere = Destination("slack:T1", "private", account=AMIRA)
star = Destination("slack:T1", "reaction", "C1", None, "17.5", AMIRA, "star")


@pytest.mark.parametrize(
    ("rule", "choice", "place", "expected"),
    [
        ("thread", None, THREAD, in_thread),
        ("channel", None, THREAD, in_channel),
        ("reaction", None, THREAD, star),
        ("private", None, THREAD, alone),
        ("digest", None, THREAD, DIGEST),
        ("none", None, THREAD, None),
        # nothing to reply to, nothing to react to, no channel at all
        ("thread", None, Place("slack:T1", "C1"), in_channel),
        ("reaction", None, Place("slack:T1", "C1"), in_channel),
        ("thread", None, HOOK, in_announcements),
        ("channel", None, HOOK, in_announcements),
        ("reaction", None, None, in_announcements),
        ("private", None, HOOK, alone_anywhere),
        ("thread", None, Place("discord:9", "500", "501"), Destination(
            "discord:9", "thread", "500", None, "501", AMIRA)),
        # the person's choice, where it is quieter
        ("thread", "channel", THREAD, in_thread),
        ("channel", "channel", THREAD, in_channel),
        ("thread", "private", THREAD, alone),
        ("thread", "digest", THREAD, DIGEST),
        ("thread", "none", THREAD, None),
        ("reaction", "channel", THREAD, star),
        ("digest", "channel", THREAD, DIGEST),
        ("digest", "private", THREAD, alone),
        ("private", "channel", THREAD, alone),
        ("private", "digest", THREAD, alone),
        ("none", "channel", THREAD, None),
        # who asks for direct messages gets them, for whatever is told at all
        ("thread", "dm", THREAD, Destination("slack:T1", "direct", account=AMIRA)),
        ("digest", "dm", None, Destination("slack:T1", "direct", account=AMIRA)),
        ("none", "dm", THREAD, None),
        # a private channel keeps what happens in it
        ("thread", None, PRIVATE, in_private_thread),
        ("channel", None, PRIVATE, Destination("slack:T1", "channel", "C9", account=AMIRA)),
        ("private", None, PRIVATE, alone_in_private),
        ("digest", None, PRIVATE, None),
        ("thread", "digest", PRIVATE, None),
        ("thread", None, Place("slack:T1", private=True), alone_anywhere),
    ],
)  # fmt: skip
def test_an_award_goes_where_the_rule_and_the_person_say(
    rule: Announce, choice: str | None, place: Place | None, expected: object
) -> None:
    assert where_to(rule, choice, AMIRA, place, ROOMS, emoji="star") == expected


@pytest.mark.parametrize(
    ("rule", "choice", "place", "expected"),
    [
        ("thread", None, THREAD, DIGEST),
        ("channel", "digest", THREAD, DIGEST),
        ("reaction", None, THREAD, DIGEST),
        ("private", None, THREAD, None),
        ("thread", "private", THREAD, None),
        ("thread", "dm", THREAD, None),
        ("thread", "none", THREAD, None),
        ("none", None, THREAD, None),
        ("thread", None, PRIVATE, None),
    ],
)
def test_in_the_quiet_start_nothing_is_said_outside_the_digest(
    rule: Announce, choice: str | None, place: Place, expected: object
) -> None:
    assert where_to(rule, choice, AMIRA, place, ROOMS, quiet=True) == expected


def test_a_reaction_without_an_emoji_becomes_a_reply() -> None:
    assert where_to("reaction", None, AMIRA, THREAD, ROOMS) == in_thread


def test_without_an_announcements_channel_nothing_is_posted() -> None:
    assert where_to("thread", None, AMIRA, HOOK, {}) is None


def test_a_webhook_award_is_announced_on_the_platform_of_the_person() -> None:
    to = where_to("thread", None, "discord:9/77", HOOK, ROOMS)
    assert to == Destination("discord:9", "channel", "#hall", account="discord:9/77")


def test_a_place_is_read_from_a_fact_of_slack() -> None:
    facts = {"message": "message:C1/17.5", "thread": "message:C1/17.1", "channel_id": "C1"}
    assert place_of("slack:T1", facts) == THREAD


def test_a_place_in_a_discord_thread_is_the_thread_and_not_its_parent() -> None:
    facts: dict[str, Value] = {
        "message": "message:700/701",
        "thread": "message:600/700",
        "channel_id": "600",
        "private": True,
    }
    assert place_of("discord:9", facts) == Place("discord:9", "700", "701", "700", private=True)


def test_a_place_without_a_message_is_the_channel() -> None:
    assert place_of("slack:T1", {"channel_id": "C1"}) == Place("slack:T1", "C1")


HELPER = Badge("trusted_helper", "Trusted helper", "ring_buoy")
PERSON = Mention(AMIRA, "Amira")


def plain(card: Card) -> list[str]:
    return ["".join(_words(s) for s in row) for section in card.sections for row in section.lines]


def _words(span: Span) -> str:
    match span:
        case Text(text):
            return text
        case Mention(name=name):
            return name
    raise AssertionError(span)


def test_an_award_is_one_line_with_one_button() -> None:
    card = awarded(HELPER, PERSON, "five answers that people marked as helpful.")
    assert plain(card) == ["Amira earned Trusted helper: five answers that people marked as helpful."]
    assert [(b.verb, b.argument) for b in card.buttons] == [("why", "trusted_helper slack:T1/U1")]
    assert card.emoji == "ring_buoy"


def test_evidence_that_is_a_sentence_stays_one() -> None:
    card = awarded(HELPER, PERSON, "Helpful answers in five threads.")
    assert plain(card) == ["Amira earned Trusted helper. Helpful answers in five threads."]


def test_a_revocation_without_a_reason_still_reads_well() -> None:
    assert plain(revoked(HELPER, ""))[0] == "Trusted helper was taken back."


def test_a_role_is_said_with_the_award() -> None:
    card = awarded(Badge("regular", "Regular", role="Regulars"), PERSON)
    assert plain(card) == ["Amira earned Regular and the role Regulars."]


def test_a_private_award_says_what_is_next() -> None:
    card = earned_privately(Badge("first", "First post"), None, "reply to someone, two steps are left.")
    assert plain(card) == ["You earned First post.", "Next: reply to someone, two steps are left."]
    assert [b.verb for b in card.buttons] == ["achievements", "settings"]


def test_a_grant_carries_the_givers_words_on_one_line() -> None:
    card = granted(Badge("beyond", "Beyond the chat"), PERSON, "Lena", "gave a workshop\n\n\non git")
    assert plain(card) == ["Amira received Beyond the chat.", "Lena: “gave a workshop on git”"]


def test_braces_in_a_name_stay_what_they_are() -> None:
    card = awarded(Badge("x", "{person} {0}"), Mention(AMIRA, "{badge}"), "{evidence}")
    assert plain(card) == ["{badge} earned {person} {0}: {evidence}."]


def test_a_revocation_is_quiet_and_gives_reason_and_numbers() -> None:
    card = revoked(HELPER, "one of the five marks was withdrawn", "4 of 5 now")
    assert plain(card)[0] == "Trusted helper was taken back: one of the five marks was withdrawn (4 of 5 now)."
    assert card.tone == "quiet"


def test_a_revocation_says_that_the_role_goes_too() -> None:
    card = revoked(Badge("regular", "Regular", role="Regulars"), "a mistake.")
    assert plain(card)[0] == "Regular was taken back: a mistake."
    assert plain(card)[1].startswith("The role Regulars goes with it.")
