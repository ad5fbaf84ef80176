"""Facts made of message texts, the same for what Slack and Discord write."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts import clean, facts_of


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("   \n\t ", 0),
        ("hello", 5),
        ("hello    there\n\nyou", 15),
        ("*bold* and _italic_ and ~gone~", 24),
        ("**bold** and ||hidden||", 15),
        ("snake_case stays, 2 * 3 too", 27),
        ("Tom &amp; Jerry &lt;3", 14),
        ("<@U1> thanks", 6),
        ("<@!123> <@&9> <#C1|general> <!here> <t:1600000000:R> thanks", 6),
        ("<https://example.org/a?b=c|the guide>", 9),
        ("[the guide](https://example.org/a?b=c)", 9),
        ("<https://example.org>", 19),
        (":tada:", 1),
        ("🎉", 1),
        (":thumbsup::skin-tone-2:", 1),
        ("👍🏽", 1),
        ("<:party:123456> <a:dance:99>", 3),
        ("at 10:30:45", 11),
        ("zero\u200bwidth\u202e", 9),
        ("> quoted\n> more", 11),
        ("&gt; quoted", 6),
        ("# Heading", 7),
        ("- one\n- two", 7),
        ("`x = 1`", 5),
        ("```\nx = 1\n```", 5),
        ("e\u0301", 1),
    ],
)
def test_length_is_what_a_reader_sees(text: str, length: int) -> None:
    assert facts_of(text)["length"] == length


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("one two  three", 3),
        ("wait … what ?", 2),
        (":tada: :+1: 🎉", 0),
        ("<@U1> thank you", 2),
        ("see https://example.org/a now", 2),
        ("<https://example.org|the guide>", 2),
        ("it's co-op 2", 3),
        ("привет мир", 2),
    ],
)
def test_words_have_a_letter_or_a_digit(text: str, words: int) -> None:
    assert facts_of(text)["words"] == words


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org",
        "HTTP://EXAMPLE.ORG",
        "<https://example.org|guide>",
        "[guide](https://example.org)",
        "<mailto:a@b.c|a@b.c>",
    ],
)
def test_links_are_seen_in_every_form(text: str) -> None:
    assert facts_of(text)["has_link"] is True


@pytest.mark.parametrize("text", ["example.org", "<@U1>", "`https://example.org`", "1 < 2 > 0"])
def test_other_things_are_no_links(text: str) -> None:
    assert facts_of(text)["has_link"] is False


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("`a`", True),
        ("```\na\n```", True),
        ("```unclosed", True),
        ("it`s", False),
        ("``", False),
        ("a", False),
    ],
)
def test_code_stands_between_back_ticks(text: str, code: bool) -> None:
    assert facts_of(text)["has_code"] is code


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("why?", True),
        ("本当？", True),
        ("هل؟", True),
        ("see https://example.org/?q=1", False),
        ("<https://example.org/?q=1|guide>", False),
        ("`a ? b : c`", False),
        ("fine.", False),
        ("x; y", False),
    ],
)
def test_a_question_mark_counts_outside_links_and_code(text: str, question: bool) -> None:
    assert facts_of(text)["has_question"] is question


def test_mentions_are_kept_once_each_and_left_out_when_nobody_is_named() -> None:
    assert facts_of("hi", ["slack:T1/U2", "slack:T1/U1", "slack:T1/U2"])["mentions"] == (
        "slack:T1/U2",
        "slack:T1/U1",
    )
    assert "mentions" not in facts_of("hi")


@given(st.text(max_size=300))
def test_any_text_gives_facts_and_no_words_of_it(text: str) -> None:
    facts = facts_of(text)
    assert set(facts) == {"length", "words", "has_link", "has_code", "has_question"}
    assert all(isinstance(v, int) and 0 <= v <= len(text) for v in facts.values())


@pytest.mark.parametrize("part", ["*", "`", "<", "[", ":a", "> ", "https://", "_ ", "<@", ":a:"])
def test_a_text_made_to_be_slow_is_read_in_time(part: str) -> None:
    begun = time.perf_counter()
    facts_of(part * (40_000 // len(part)))
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Amira", "Amira"),
        ("  two \n lines ", "two lines"),
        ("\u202eevil\u202c", "evil"),
        ("ze\u200bro\u2060w\u200didth\ufeff", "zerowidth"),
        ("\x00\x1b[31mred", "[31mred"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200d", ""),
    ],
)
def test_a_cleaned_name_cannot_disturb_what_stands_around_it(name: str, shown: str) -> None:
    assert clean(name) == shown
