"""What the page asks for, carried out on a stage. The page is untrusted input like any other."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.playground.community import CAST
from bot.playground.discord_server.wire import ApiError as DiscordError
from bot.playground.slack_server import ApiError as SlackError
from bot.playground.stages import DiscordStage, SlackStage
from bot.playground.stages.refusals import NotAllowed
from core.languages import LANGUAGES

HELPFUL = "white_check_mark"
_ENOUGH = 3
Id = Annotated[str, StringConstraints(max_length=100)]
Key = Annotated[str, StringConstraints(pattern="^[a-z]{1,20}$")]
Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
Verb = Literal[
    "say", "reply", "edit", "delete", "react", "unreact", "cheer", "press", "home", "close", "submit", "speak"
]
Refusal = (NotAllowed, SlackError, DiscordError, LookupError, PermissionError, TimeoutError)
_SLACK_WORDS = {
    "not_in_channel": "This person is not in that channel.",
    "message_not_found": "That message is gone.",
    "cant_update_message": "Only the author edits a message.",
    "already_reacted": "This person reacted so already.",
    "no_reaction": "There is no such reaction any more.",
    "no_such_button": "That button is gone.",
}


class Act(BaseModel):
    """One thing a person does. Which fields matter depends on the verb."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    who: Key = Field(alias="as")
    platform: Literal["slack", "discord"]
    verb: Verb
    channel: Id = ""
    message: Id = ""
    text: Written = "…"
    emoji: Id = HELPFUL
    button: Annotated[str, StringConstraints(max_length=300)] = ""
    value: Annotated[str, StringConstraints(max_length=2_000)] = ""
    fields: Annotated[dict[Id, Annotated[str, StringConstraints(max_length=4_000)]], Field(max_length=10)] = {}


def explain(error: Exception) -> str:
    """A refusal in words for the page."""
    match error:
        case SlackError():
            return _SLACK_WORDS.get(str(error), f"Slack refuses this: {error}.")
        case TimeoutError():
            return "Plaudit did not answer in time. Try again in a moment."
        case KeyError():
            return "Nobody here is called so."
        case _:
            return str(error)


async def perform(act: Act, slack: SlackStage, discord: DiscordStage) -> None:
    """Carries it out. Raises one of Refusal."""
    match act.platform, act.verb:
        case "slack", "home":
            await slack.open_home(act.who)
        case "slack", "close":
            await slack.close_modal(act.who)
        case "slack", "submit":
            await slack.submit(act.who, act.fields)
        case "discord", "close":
            discord.close_modal(act.who)
        case "discord", "submit":
            await discord.submit(act.who, act.fields)
        case "slack", _:
            await _on(slack, act)
        case _:
            await _on(discord, act)


async def _on(stage: SlackStage | DiscordStage, act: Act) -> None:
    who, where, message = act.who, act.channel, act.message
    match act.verb:
        case "say":
            await stage.say(who, where, act.text)
        case "reply":
            await stage.reply(who, where, message, act.text)
        case "edit":
            await stage.edit(who, where, message, act.text)
        case "delete":
            await stage.delete(who, where, message)
        case "react":
            await stage.react(who, where, message, act.emoji)
        case "unreact":
            await stage.unreact(who, where, message, act.emoji)
        case "cheer":
            await _cheer(stage, act)
        case "press":
            await stage.press(who, where, message, act.button, act.value)
        case "speak":
            await _speak(stage, act)
        case _:
            raise NotAllowed("Discord has no such thing.")


async def _speak(stage: SlackStage | DiscordStage, act: Act) -> None:
    if act.text not in LANGUAGES:
        raise NotAllowed("Plaudit does not speak that.")
    await stage.speak(act.who, act.text)


async def _cheer(stage: SlackStage | DiscordStage, act: Act) -> None:
    """Three others mark the message as helpful: a shortcut past switching people three times."""
    others = [p.key for p in CAST if p.key != act.who and not stage.wrote(p.key, act.channel, act.message)]
    marked = 0
    for key in others:
        if marked < _ENOUGH and not stage.reacted(key, act.channel, act.message, HELPFUL):
            await stage.react(key, act.channel, act.message, HELPFUL)
            marked += 1
            await asyncio.sleep(0)
    if not marked:
        raise NotAllowed("Everybody has marked it already.")
