"""Discord commands typed out as one line."""

import pytest

from bot.playground.stages.refusals import NotAllowed
from bot.playground.stages.typed import read

MEMBER = {"name": "member", "type": 6, "required": True}
GRANT = {
    "name": "grant",
    "type": 1,
    "options": [
        MEMBER,
        {"name": "achievement", "type": 3, "required": True},
        {"name": "reason", "type": 3, "required": True},
        {"name": "proof", "type": 3},
    ],
}
PERIODS = [{"name": "this month", "value": "month"}, {"name": "all time", "value": "all"}]
COMMANDS = [
    {"name": "leaderboard", "type": 1, "options": [{"name": "period", "type": 3, "choices": PERIODS}]},
    {"name": "plaudit", "type": 1, "options": [GRANT, {"name": "help", "type": 1, "options": []}]},
]


def understand(line):
    return read(line, COMMANDS, {"@Lena": "7"}.get)


def test_options_in_order_and_the_last_takes_the_rest():
    asked = {"member": "7", "achievement": "beyond", "reason": "for the talk"}
    assert understand("/plaudit grant @Lena beyond for the talk") == ("plaudit grant", asked)


def test_options_in_quotes_or_by_name():
    asked = {"member": "7", "achievement": "Beyond the chat", "reason": "a talk"}
    assert understand('/plaudit grant @Lena "Beyond the chat" a talk')[1] == asked
    named = "/plaudit grant member:@Lena achievement:Beyond the chat reason:a talk proof:https://example.org/x"
    assert understand(named)[1] == {**asked, "proof": "https://example.org/x"}


def test_a_choice_by_its_label_or_value_and_nothing_at_all():
    assert (
        understand("/leaderboard this month")
        == understand("/leaderboard month")
        == ("leaderboard", {"period": "month"})
    )
    assert understand("/leaderboard") == ("leaderboard", {})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/plaudit fly", "Known: /plaudit grant, /plaudit help"),
        ("/plaudit grant @Lena", "Missing: achievement, reason"),
        ("/plaudit grant @Nobody x y", "Nobody here is called @Nobody"),
    ],
)
def test_what_is_wrong_is_said(line, said):
    with pytest.raises(NotAllowed, match=said):
        understand(line)
