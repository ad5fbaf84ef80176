"""Emoji have one name on both platforms."""

from __future__ import annotations

import tomllib

import pytest

from adapters.discord.emoji import _BY_NAME, character, has_tones, short_name
from tests.shared import needs_shared, shared


@pytest.mark.parametrize(
    ("emoji", "name"),
    [
        ("✅", "white_check_mark"),
        ("✔️", "heavy_check_mark"),
        ("✔", "heavy_check_mark"),
        ("👍🏽", "+1"),
        ("❤️", "heart"),
        ("🙏", "pray"),
        ("🙌🏿", "raised_hands"),
        ("🇩🇪", "de"),
        ("🇦🇹", "flag-at"),
        ("🤷🏽‍♀️", "woman-shrugging"),
        ("1️⃣", "one"),
        ("🫎", "🫎"),
    ],
)
def test_emoji_are_named_as_on_slack(emoji: str, name: str) -> None:
    assert short_name(emoji) == name


def test_every_name_leads_to_its_emoji_and_back() -> None:
    assert len(_BY_NAME) > 300
    for name in _BY_NAME:
        found = character(name)
        assert found is not None
        assert short_name(found) == name


def test_emoji_shown_as_text_by_default_are_asked_for_as_pictures() -> None:
    assert character("heart") == "❤️"
    assert character("white_check_mark") == "✅"
    assert character("one") == "1️⃣"
    assert character("rainbow-flag") == "🏳️‍🌈"


def test_names_that_nobody_knows_are_none_and_characters_are_themselves() -> None:
    assert character("our_own") is None
    assert character("🫎") == "🫎"
    assert character(":+1::skin-tone-3:") == "👍"


def test_only_hands_and_people_have_tones() -> None:
    assert has_tones("+1")
    assert not has_tones("white_check_mark")


@needs_shared
@pytest.mark.parametrize("book", ["first-rule-book.toml", "rules-examples.toml"])
def test_every_emoji_of_the_books_is_known(book: str) -> None:
    words: list[str] = []

    def walk(value: object, key: str = "") -> None:
        if isinstance(value, dict):
            for inner, found in value.items():
                walk(found, inner if key != "words" else "word")
        elif isinstance(value, list) and key == "word":
            words.extend(str(item) for item in value)
        elif key == "emoji" and not str(value).startswith("@"):
            words.append(str(value))

    walk(tomllib.loads(shared(f"design/{book}").read_text()))
    assert [word for word in words if character(word) is None and not word.startswith("#")] == []
