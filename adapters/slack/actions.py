"""Buttons, and the menus of messages: what they ask. Pure."""

from adapters.slack.blocks import ACTION
from adapters.slack.commands import Asked
from adapters.slack.payloads import Chosen, Pressed


def asked(pressed: Pressed) -> Asked | None:
    """What the button asks, its argument as it is; None for a button that is not ours."""
    action = pressed.actions[0]
    if not action.action_id.startswith(ACTION):
        return None
    verb, _, argument = action.action_id.removeprefix(ACTION).partition(":")
    argument = action.value or argument
    return Asked(verb, {"argument": argument} if argument else {})


def chosen(told: Chosen, source: str) -> Asked | None:
    """What was asked about a message, and who wrote that; nobody where it was an app. None for what is not ours."""
    if not told.callback_id.startswith(ACTION):
        return None
    message = told.message
    author = {"author": f"{source}/{message.user}"} if message.user is not None and message.bot_id is None else {}
    return Asked(told.callback_id.removeprefix(ACTION), {"message": f"{told.channel}/{message.ts}", **author})
