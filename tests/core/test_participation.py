"""Who takes part, came back and stays, against what is usual."""

from __future__ import annotations

from adapters.terminal.cards import render
from core.moderation_digest import ModerationFacts, moderation_digest
from core.participation import Share, participation
from tests.village import book


def test_a_first_week_says_only_how_many() -> None:
    found = participation({"A": {0}, "B": {0}})
    assert (found.active, found.usual) == (2, None)
    assert found.returned == found.again == Share(0, 0)


def test_newcomers_who_came_back_are_those_whose_first_week_was_the_one_before() -> None:
    found = participation({"old": {0, 1, 2, 3}, "back": {1, 0}, "gone": {1}, "late": {0}})
    assert found.returned == Share(1, 2)
    assert found.again == Share(2, 3)


def test_when_history_begins_nobody_is_new() -> None:
    assert participation({"A": {0, 1}, "B": {1}}).returned == Share(0, 0)


def test_the_weeks_before_say_what_is_usual() -> None:
    steady = {f"S{n}": set(range(8)) for n in range(4)}
    came_once = {f"O{week}": {week} for week in range(2, 7)}
    came_twice = {f"T{week}": {week, week - 1} for week in range(2, 7)}
    found = participation(steady | came_once | came_twice)
    assert found.usual == 7
    assert found.returned.usual == 0.5
    assert found.again.usual is not None
    assert 0.7 < found.again.usual < 0.9


def test_few_people_make_no_share() -> None:
    assert participation({"A": set(range(9)), "N": {4}}).returned.usual is None


def told(weeks: dict[str, set[int]]) -> str | None:
    card = moderation_digest(ModerationFacts(participation=participation(weeks)), book())
    return None if card is None else render(card)


def test_moderators_read_numbers_beside_what_is_usual() -> None:
    steady = {f"S{n}": set(range(8)) for n in range(6)}
    assert told(steady | {"N": {1, 0}, "M": {1}}) == (
        "For moderators: this week\n"
        "Who took part:\n"
        "  7 people did something. Usually: 6.\n"
        "  Newcomers of the week before who came back: 1 of 2.\n"
        "  People of the week before who were here again: 7 of 8. Usually: 100 %."
    )


def test_a_silent_week_is_no_news() -> None:
    assert told({"A": {1, 2, 3}}) is None
