"""[[example]]: what one may write, and what is said about what one may not."""

from __future__ import annotations

import datetime as dt

import pytest

from core.errors import ConfigurationError
from core.rules.examples import Happening
from core.rules.loading import load, load_examples

RULE = """rules = 1
[achievement.maker]
name = "Maker"
when = "message.posted"
[achievement.quiet]
name = "Quiet"
when = "message.posted"
status = "shadow"
"""
POSTED = 'at = "2026-03-02 09:00", actor = "amira", type = "message.posted"'


def example(events: str, more: str = 'earned = { amira = ["maker"] }') -> str:
    return f'[[example]]\nname = "One"\nevents = [\n{events}\n]\n{more}\n'


def faults(text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        load(text, "rules.toml")
    return list(refused.value.faults)


def test_an_example_in_the_book_is_read() -> None:
    book = load(RULE + example(f'{{ {POSTED}, channel = "#help", minutes = 5, own = false }}'), "rules.toml")
    (event,) = book.examples[0].events
    assert event.facts == {"channel": "#help", "minutes": 5, "own": False}
    assert event.at == dt.datetime(2026, 3, 2, 9)


def test_an_example_beside_the_book_is_read() -> None:
    book = load(RULE, "rules.toml")
    (found,) = load_examples("\ufeff" + example(f"{{ {POSTED} }}"), "rules.examples.toml", book)
    assert found.earned == {"amira": ("maker",)}


def test_a_file_of_examples_holds_nothing_else() -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_examples(RULE, "rules.examples.toml", load(RULE, "rules.toml"))
    assert any("rules.examples.toml" in fault for fault in refused.value.faults)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-02", dt.datetime(2026, 3, 2, 12)),
        (dt.date(2026, 3, 2), dt.datetime(2026, 3, 2, 12)),
        ("2026-03-02 09:30", dt.datetime(2026, 3, 2, 9, 30)),
        (dt.datetime(2026, 3, 2, 9, 30), dt.datetime(2026, 3, 2, 9, 30)),
        ("2026-03-02T09:30:00+01:00", dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))),
    ],
)
def test_moments_may_be_written_as_people_do(written: object, moment: dt.datetime) -> None:
    assert Happening.model_validate({"at": written, "type": "message.posted"}).at == moment


@pytest.mark.parametrize(
    ("events", "line", "words"),
    [
        ('{ at = "yesterday", type = "message.posted" }', 12, "write a local time like"),
        ('{ type = "message.posted" }', 12, '"at" is missing'),
        ('{ at = "2026-03-02", actor = "amira" }', 12, "write what happened"),
        (f'{{ {POSTED}, withdraw = "x" }}', 12, "or withdraw = the id of an event"),
        (f'{{ {POSTED} }},\n{{ {POSTED}, chanel = "#help" }}', 13, 'Did you mean "channel"?'),
        (f"{{ {POSTED}, repeat = 3 }}", 12, "repeat and every belong together"),
        (f'{{ {POSTED}, repeat = 5000, every = "1 day" }}', 12, "write 1000 or less"),
        (f'{{ {POSTED}, repeat = 2, every = "1 month" }}', 12, "months and years have no fixed length"),
        (f'{{ {POSTED}, repeat = 2, every = "1 day", id = "x" }}', 12, "put {n} into it"),
        ('{ at = 2026-03-02, actor = ["a", "b"], type = "message.posted", id = "x" }', 12, "put {actor} into it"),
        (f"{{ {POSTED}, facts = {{ a = 1 }} }}", 12, "facts are flat"),
        (f"{{ {POSTED}, tags = [1, 2] }}", 12, "a list holds texts"),
        (f'{{ {POSTED} }},\n{{ at = "2026-03-03", withdraw = "post" }}', 13, 'no event here has id = "post"'),
    ],
)
def test_a_wrong_event_is_named_by_its_line(events: str, line: int, words: str) -> None:
    (fault,) = faults(RULE + example(events))
    assert fault.startswith(f"rules.toml:{line} ")
    assert words in fault


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ("", "it expects nothing"),
        ('earned = { amira = ["makker"] }', 'Did you mean "maker"?'),
        ('achievement = "makker"', 'Did you mean "maker"?'),
        ("progress = { amira = { makker = 2 } }", 'Did you mean "maker"?'),
        ('earned = { amira = ["quiet"] }', "switched off or in shadow"),
        ('not_earnt = { amira = ["maker"] }', 'Did you mean "not_earned"?'),
        ('score = { amira = "5" }', "write a whole number"),
    ],
)
def test_a_wrong_expectation_says_what_to_write(expected: str, words: str) -> None:
    assert any(words in fault for fault in faults(RULE + example(f"{{ {POSTED} }}", expected)))


def test_two_examples_have_two_names() -> None:
    (fault,) = faults(RULE + 2 * example(f"{{ {POSTED} }}"))
    assert 'two examples are called "One"' in fault


def test_a_rule_that_cannot_be_read_is_no_fault_of_its_examples() -> None:
    (fault,) = faults(RULE.replace('when = "message.posted"', "when = 5", 1) + example(f"{{ {POSTED} }}"))
    assert "achievement.maker.when" in fault


def test_a_withdrawal_may_speak_of_one_of_several() -> None:
    events = (
        f'{{ {POSTED}, repeat = 2, every = "1 day", id = "post {{n}}" }},\n{{ at = "2026-03-09", withdraw = "post 2" }}'
    )
    assert len(load(RULE + example(events), "rules.toml").examples[0].events) == 2
