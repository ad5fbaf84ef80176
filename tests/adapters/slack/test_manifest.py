"""The manifest asks for what the code uses, and for no more."""

from adapters.slack.commands import COMMANDS
from adapters.slack.manifest import EVENTS, SCOPES, manifest
from bot.playground.slack_server import ALL_SCOPES


def test_every_command_of_the_code_is_in_it() -> None:
    listed = manifest()["features"]["slash_commands"]
    assert [c["command"] for c in listed] == [c.name for c in COMMANDS]
    assert all(c["should_escape"] and len(c["description"]) <= 2_000 for c in listed)


def test_scopes_and_events_are_sorted_and_exist() -> None:
    assert list(SCOPES) == sorted(set(SCOPES))
    assert list(EVENTS) == sorted(set(EVENTS))
    assert set(SCOPES) <= ALL_SCOPES


def test_it_is_socket_mode_under_the_name_that_was_asked_for() -> None:
    made = manifest("Applause")
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["settings"]["interactivity"]["is_enabled"] is True
    assert made["display_information"]["name"] == "Applause"
