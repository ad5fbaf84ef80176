"""What a picture shows: the lines of the card, and never more; and the words for those who do not see it."""

from __future__ import annotations

from core.cards import Card, Mention, Section, Text, line, note
from core.language import ENGLISH
from core.pictures import LONGEST_ALT, MOST_ROWS, alt, of_board, with_digest, words
from core.rules.loading import load

AMIRA, KOFI = (Mention(f"slack:T1/{name}", name, bold=False) for name in ("Amira", "Kofi"))
THANKS = (Text("Thank you for helping: ", bold=True), AMIRA, Text(", "), KOFI)
BADGES = Section(((Text("Helper: ", bold=True), AMIRA), (Text("Regular: ", bold=True), KOFI)), "New badges")
DIGEST = Card((Section((THANKS,)), BADGES, Section((line("Small print."),), small=True)), line("This week"))


def test_a_digest_is_drawn_with_its_lines_under_their_headings_and_without_small_print() -> None:
    drawn = with_digest(DIGEST, on=True)
    assert drawn is not None
    assert drawn.picture is not None
    rows = [(row.heading, row.label, words(row.text)) for row in drawn.picture.rows]
    assert rows == [
        ("", "Thank you for helping", "Amira, Kofi"),
        ("New badges", "Helper", "Amira"),
        ("", "Regular", "Kofi"),
    ]
    assert (drawn.title, drawn.sections) == (DIGEST.title, DIGEST.sections)


def test_nothing_is_drawn_where_the_community_does_not_want_it_or_there_is_nothing() -> None:
    assert with_digest(DIGEST, on=False) == DIGEST
    assert with_digest(None, on=True) is None
    assert with_digest(note("One line."), on=True) == note("One line.")
    assert of_board(line("This week"), [], ENGLISH.number) is None


def test_a_board_has_places_amounts_and_bars_that_follow_the_first() -> None:
    drawn = of_board(line("This week"), [(1, (AMIRA, Text(", "), KOFI), 1_200), (3, line("you"), 300)], ENGLISH.number)
    assert drawn is not None
    rows = [(row.place, words(row.text), row.amount, row.share) for row in drawn.rows]
    assert rows == [("1.", "Amira, Kofi", "1,200", 1.0), ("3.", "you", "300", 0.25)]


def test_a_screen_reader_says_everything_that_is_drawn() -> None:
    drawn, board = with_digest(DIGEST, on=True), of_board(line("This week"), [(1, (KOFI,), 7)], ENGLISH.number)
    assert drawn is not None
    assert drawn.picture is not None
    said = "This week\nThank you for helping: Amira, Kofi\nNew badges, Helper: Amira\nRegular: Kofi"
    assert alt(drawn.picture) == said
    assert board is not None
    assert alt(board) == "This week\n1. Kofi · 7"


def test_a_long_one_is_cut_to_what_platforms_take() -> None:
    rows = tuple(line(Text(f"{n}: ", bold=True), "x" * 300) for n in range(40))
    drawn = with_digest(Card((Section(rows),), line("This week")), on=True)
    assert drawn is not None
    assert drawn.picture is not None
    assert len(drawn.picture.rows) == MOST_ROWS
    assert len(alt(drawn.picture)) <= LONGEST_ALT
    assert alt(drawn.picture).endswith("…")


def test_a_community_that_says_nothing_has_no_pictures() -> None:
    assert load("rules = 1\n", "rules.toml").pictures.on is False
    assert load("rules = 1\n[pictures]\non = true\n", "rules.toml").pictures.on is True
