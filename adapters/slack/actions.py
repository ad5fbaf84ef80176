"""Buttons: what a press asks. Pure."""

from adapters.slack.blocks import ACTION
from adapters.slack.commands import Asked
from adapters.slack.payloads import Pressed


def asked(pressed: Pressed) -> Asked | None:
    """What the button asks, its argument as it is; None for a button that is not ours."""
    action = pressed.actions[0]
    if not action.action_id.startswith(ACTION):
        return None
    verb, _, argument = action.action_id.removeprefix(ACTION).partition(":")
    argument = action.value or argument
    return Asked(verb, {"argument": argument} if argument else {})
