"""What moderators read once a week."""

from __future__ import annotations

import pytest

from adapters.terminal.cards import render
from core.dead_rules import Quiet
from core.moderation_digest import Backlog, ModerationFacts, Waiting, moderation_digest
from core.records import PersonRow
from tests.village import BOOK, book

BOOK_WITH_PURPOSE = BOOK.replace(
    'name = "Teacher"', 'name = "Teacher"\npurpose = "People learn from each other."'
).replace('name = "Settling in"', 'name = "Settling in"\npurpose = "Newcomers stay."')


def told(facts: ModerationFacts) -> str | None:
    card = moderation_digest(facts, book(BOOK_WITH_PURPOSE))
    return None if card is None else render(card)


def waits(name: str, achievement: str = "teacher", tier: str = "") -> Waiting:
    return Waiting(achievement, tier, PersonRow(f"slack:T1/{name}", name))


def test_a_week_without_anything_for_them_says_nothing() -> None:
    assert told(ModerationFacts()) is None
    assert told(ModerationFacts(given={"first_post": 9})) is None  # serves no written purpose


def test_everything_that_moderators_should_know() -> None:
    facts = ModerationFacts(
        waiting=[waits("Amira"), waits("Jonas"), waits("Amira", "trusted_helper", "Gold")],
        trials={"on_trial": 12, "first_post": 3, "left_the_book": 1},
        given={"settling_in": 1, "teacher": 4},
        quiet=[
            Quiet("trusted_helper", "stopped", 20, 1.0, ("reaction.added", "ticket.resolved")),
            Quiet("teacher", "stopped", 40, 7.0, ("action.validated",)),
            Quiet("first_post", "unearned", 31, 2.0, ("message.posted",)),
        ],
    )
    assert told(facts) == (
        "For moderators: this week\n"
        "Waiting for you:\n"
        "  Teacher · Amira, Jonas\n"
        "  Trusted helper: Gold · Amira\n"
        "  Answer with /plaudit confirm or /plaudit decline.\n"
        "In trial:\n"
        "  On trial would have gone to 12 people this week.\n"
        "Rules that went quiet:\n"
        "  Trusted helper: no reaction.added or ticket.resolved for 20 days; one usually comes every day. "
        "Is its source still connected?\n"
        "  Teacher: no action.validated for 5 weeks; one usually comes every 7 days. Is its source still connected?\n"
        "  First post: nobody earned it for 4 weeks, although its events go on. Does its filter still fit?\n"
        "What badges were given for:\n"
        "  4 badges · People learn from each other\n"
        "  1 badge · Newcomers stay"
    )


@pytest.mark.parametrize(
    ("claims", "lines"),
    [
        (Backlog(1), ["1 claim waits for you, the oldest for less than a day."]),
        (Backlog(3, 1), ["3 claims wait for you, the oldest for 1 day."]),
        (
            Backlog(3, 40, 1),
            ["3 claims wait for you, the oldest for 5 weeks.", "1 claim waits for its person's answer."],
        ),
        (Backlog(0, 0, 2), ["2 claims wait for their people's answers."]),
    ],
)
def test_open_claims_with_their_age_and_the_way_to_them(claims: Backlog, lines: list[str]) -> None:
    where = "/plaudit claims lists them."
    assert told(ModerationFacts(claims=claims)) == "\n  ".join(["For moderators: this week\nClaims:", *lines, where])


def test_many_people_are_a_few_names_and_a_number() -> None:
    text = told(ModerationFacts(waiting=[waits(f"P{n}") for n in range(20)]))
    assert text is not None
    assert "and 12 more" in text
    assert "P8" not in text
