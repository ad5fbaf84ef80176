"""`/team` as it is typed in Slack."""

from __future__ import annotations

import pytest

from adapters.slack.commands import asked, asks_a_right, mentioned
from core.rights import may


@pytest.mark.parametrize(
    ("typed", "verb", "arguments"),
    [
        ("", "team", {}),
        ("list", "team-list", {}),
        ("join Blue Whales", "team-join", {"team": "Blue Whales"}),
        ("Join blue", "team-join", {"team": "blue"}),
        ("join blue <@U7|jonas>", "team-join", {"team": "blue", "member": "slack:T1/U7"}),
        ("join <@U7> R&amp;D", "team-join", {"team": "R&D", "member": "slack:T1/U7"}),
        ("leave", "team-leave", {}),
        ("leave <@U7>", "team-leave", {"member": "slack:T1/U7"}),
        ("<@U7>", "team", {"member": "slack:T1/U7"}),
        ("@jonas", "team", {"member": "@jonas"}),
    ],
)
def test_what_is_typed_after_it(typed: str, verb: str, arguments: dict[str, str]) -> None:
    found = asked("/team", typed, "slack:T1")
    assert (found.verb, found.arguments) == (verb, arguments)
    assert may("member", found.verb)
    assert asks_a_right(found.verb, found.arguments) is ("member" in arguments)  # Slack is asked who moderates


def test_the_bot_can_be_asked_by_its_name_too() -> None:
    found = mentioned("<@UBOT> team list", "UBOT", "slack:T1")
    assert found is not None
    assert found.verb == "team-list"
