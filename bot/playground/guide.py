"""The scene of the guided first minute: a question, an answer, and two of the three marks that make a badge."""

from __future__ import annotations

from collections.abc import Collection

from bot.playground.acts import HELPFUL
from bot.playground.community import CAST
from bot.playground.stages import SlackStage
from bot.playground.stages.refusals import NotAllowed

CHANNEL = "help"
BADGE = "helpful_answer"
ASKS, NEXT = "kofi", "mei"
_ANSWERS = ("amira", "tomas", "noor", "lena", "jonas")  # a badge is told once, so each time somebody else answers
_MARKS = ("jonas", "lena", "tomas")
_QUESTION = "How do I get the old hinge off without splitting the wood?"
_ANSWER = "Warm it first: a minute with a hair dryer, then turn slowly."
_NAMES = {person.key: person.name for person in CAST}


def answering(holders: Collection[str]) -> str:
    """Who can still get the badge, by key; `holders` have it in Slack. Raises NotAllowed."""
    for who in _ANSWERS:
        if who not in holders:
            return who
    raise NotAllowed("Everybody who could answer has that badge by now. Start the demo again to see it from the start.")


async def set_the_scene(slack: SlackStage, holders: Collection[str] = ()) -> dict[str, str]:
    """Says where it is, who answered, and who presses the third mark. Raises NotAllowed."""
    who = answering(holders)
    where = slack.side.channels[CHANNEL]
    question = await slack.say(ASKS, where, _QUESTION)
    answer = await slack.reply(who, where, question, _ANSWER)
    for marking in [it for it in _MARKS if it != who][:2]:
        await slack.react(marking, where, answer, HELPFUL)
    at = {"platform": "slack", "channel": where, "message": answer, "emoji": HELPFUL}
    return at | {"as": NEXT, "answers": _NAMES[who]}
