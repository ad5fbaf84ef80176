"""The outbox keeps what a picture shows, never its points; somebody who was erased is in it no more."""

from __future__ import annotations

import orjson

from adapters.storage.cards import read_card, unnamed, write_card
from core.cards import Card, Mention, Picture, Row, Section, line, note

AMIRA, KOFI = (Mention(f"slack:T1/{name}", name) for name in ("Amira", "Kofi"))
CARD = Card(
    (Section(((AMIRA,), (KOFI,))),),
    line("This week"),
    picture=Picture(line("This week"), (Row((AMIRA,), "New", "Helper", "1.", "5", 1.0), Row((KOFI,)))),
)


def test_a_picture_is_kept_as_what_it_shows() -> None:
    assert read_card(write_card(CARD) or b"") == CARD
    assert read_card(write_card(note("Well done.")) or b"") == note("Well done.")


def test_a_card_from_before_there_were_pictures_has_none() -> None:
    old = orjson.loads(write_card(note("Well done.")) or b"")
    del old["picture"]
    assert read_card(orjson.dumps(old)) == note("Well done.")


def test_somebody_who_was_erased_is_not_drawn() -> None:
    left = unnamed(write_card(CARD), {AMIRA.account}) or b""
    assert b"Amira" not in left
    shown = read_card(left)
    assert shown.picture is not None
    assert [row.text for row in shown.picture.rows] == [line("someone"), (KOFI,)]
