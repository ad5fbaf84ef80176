"""`/plaudit why` and `/plaudit why-not` as people read them, on both platforms."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.runner import Bot
from tests.scenarios.street import Street
from tests.scenarios.streets import street_of
from tests.scenarios.town import BOOK, GIVERS, Town

RULES = (
    BOOK.replace('staff = "Staff"', 'staff = "Staff"\nignore_channels = ["#show-and-tell"]')
    + """
[achievement.regular]
name = "Regular"
when = "message.posted"
goal = 5
limit.per_day = 2
announce = "none"
[achievement.asker]
name = "Asker"
steps = ["message.posted", { when = "thread.replied", credit = "author" }, "reaction.added"]
announce = "none"
[achievement.riddle]
name = "The riddle"
when = "message.posted"
goal = 50
secret = true
[achievement.liked]
name = "Liked"
when = "reaction.added"
credit = "author"
distinct = "actor"
goal = 3
announce = "none"
"""
)
LINKS = {
    "slack": ".slack.com/archives/{room}/p{message}?thread_ts=",
    "discord": "https://discord.com/channels/{server}/{room}/{message})",
}


@pytest.fixture
async def bot(town: Town) -> AsyncIterator[Bot]:
    town.book = RULES
    async with town.running() as bot:
        yield bot


def lines(answer: str) -> list[str]:
    """What is said, without the title and the buttons."""
    return [line.removeprefix("-# ") for line in answer.splitlines() if line.endswith(".")]


async def test_a_cap_that_is_full_is_named(street: Street) -> None:
    for n in range(3):
        await street.say("amira", f"Post {n}")
    await street.heard()
    assert lines(await street.ask("amira", "/plaudit why-not Regular")) == [
        "Five posts; counting at most two a day.",
        "2 of 5 posts.",
        "Counted: 2 (18 Mar).",
        "Not counted: one post was over the limit (at most two a day).",
        "Missing: three more posts.",
        "Rule version 1.",
    ]


async def test_an_ignored_channel_is_named(street: Street) -> None:
    await street.say("amira", "Look at this", "show-and-tell")
    await street.say("amira", "Hello")
    await street.heard()
    told = lines(await street.ask("amira", "/plaudit why-not Regular"))
    assert told[1:4] == [
        "1 of 5 posts.",
        "Counted: 1 (18 Mar).",
        "Not counted: one post was in #show-and-tell, where nothing counts.",
    ]


async def test_a_reaction_of_ones_own_and_a_withdrawn_one_are_named(street: Street) -> None:
    post = await street.say("jonas", "Hello")
    for giver in ("lena", "kofi", "jonas"):
        await street.react(giver, post)
    await street.unreact("kofi", post)
    await street.heard()
    assert lines(await street.ask("jonas", "/plaudit why-not liked")) == [
        "Reactions from three other people.",
        "1 of 3 people.",
        "Counted: 1 (18 Mar).",
        "Not counted: one reaction was withdrawn, one was your own.",
        "Missing: reactions from two more people.",
        "Rule version 1.",
    ]


async def test_marks_below_a_signal_are_explained(street: Street) -> None:
    await street.helped("jonas", [*GIVERS, "jonas"])
    await street.helped("jonas", GIVERS[:2], "help")
    await street.earned("jonas", "helpful_answer")
    await street.heard()
    told = lines(await street.ask("jonas", "/plaudit why-not Trusted helper"))
    assert told[1:] == [
        "1 of 5 helpful answers.",
        "Counted: 1 (18 Mar).",
        "Not counted: one reaction was your own, two were on a reply with 2 of 3 people so far.",
        "Missing: four more helpful answers.",
        "Rule version 1.",
    ]


async def test_a_missing_step_is_named(street: Street) -> None:
    question = await street.say("amira", "How?")
    await street.react("amira", question)
    await street.heard()
    told = lines(await street.ask("amira", "/plaudit why-not asker"))
    assert told[1:] == [
        "1 of 3, next: a reply from others.",
        "Counted: 1 (18 Mar).",
        "Not counted: one reaction came before a reply from others.",
        "Missing: a reply from others.",
        "Rule version 1.",
    ]


async def test_why_shows_what_counted_and_where(street: Street) -> None:
    message = await street.helped("jonas", GIVERS)
    await street.earned("jonas", "helpful_answer")
    told = await street.ask("jonas", "/plaudit why Helpful answer")
    assert "What counted" in told
    assert "helpful answer in" in told
    server, room = street.side.source.partition(":")[2], street.side.channels["general"]
    assert LINKS[street.platform].format(server=server, room=room, message=message.replace(".", "")) in told
    done = await street.ask("jonas", "/plaudit why-not Helpful answer")
    assert "nothing is missing" in done


async def test_only_moderators_ask_about_others_and_what_is_secret_stays_so(street: Street) -> None:
    await street.say("lena", "Hello")
    await street.heard()
    about_lena = "/plaudit why-not achievement:regular member:@lena" if street.platform == "discord" else (
        "/plaudit why-not regular @lena"
    )  # fmt: skip
    assert "Only moderators" in await street.ask("amira", about_lena)
    told = await street.ask("noor", about_lena)
    assert street.shows(told, "lena")
    assert "1 of 5 posts" in told
    assert "No badge here is called" in await street.ask("lena", "/plaudit why-not The riddle")


async def test_a_private_channel_is_not_named(town: Town, bot: Bot) -> None:
    street = street_of(town, "slack")
    await street.say("noor", "Between us", "mods")
    await street.heard()
    told = await street.ask("noor", "/plaudit why-not Regular")
    assert "one post was in a private channel, where nothing counts" in told
    assert "mods" not in told


async def test_discord_suggests_badges_for_why_not(town: Town, bot: Bot) -> None:
    street = street_of(town, "discord")
    await street.ask("amira", "/plaudit help")
    room, amira = street.side.channels["general"], street.side.people["amira"]
    typed = await town.discord.autocomplete(room, amira, "plaudit why-not", "achievement", achievement="r")
    await typed.answered()
    assert "riddle" not in [choice["value"] for choice in typed.choices]
    assert "regular" in [choice["value"] for choice in typed.choices]
