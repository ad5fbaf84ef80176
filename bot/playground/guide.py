"""The scene of the guided first minute: a question, an answer, and two of the three marks that make a badge."""

from __future__ import annotations

from bot.playground.acts import HELPFUL
from bot.playground.stages import SlackStage

CHANNEL = "help"
ASKS, ANSWERS, MARKS, NEXT = "kofi", "amira", ("jonas", "lena"), "mei"
_QUESTION = "How do I get the old hinge off without splitting the wood?"
_ANSWER = "Warm it first: a minute with a hair dryer, then turn slowly."


async def set_the_scene(slack: SlackStage) -> dict[str, str]:
    """Says where it is, and who presses the third mark."""
    where = slack.side.channels[CHANNEL]
    question = await slack.say(ASKS, where, _QUESTION)
    answer = await slack.reply(ANSWERS, where, question, _ANSWER)
    for who in MARKS:
        await slack.react(who, where, answer, HELPFUL)
    return {"platform": "slack", "channel": where, "message": answer, "as": NEXT, "emoji": HELPFUL}
