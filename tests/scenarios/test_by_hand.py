"""What people give each other by hand, on both platforms."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.runner import Bot
from tests.scenarios.counter import Counter, counter_of
from tests.scenarios.menus import choose, nominate
from tests.scenarios.town import BOOK, Town

THANKED = """
[achievement.thanked]
name = "Thanked"
when = "kudos.given"
where.channel = "#general"
credit = "target"
announce = "none"
[achievement.marked]
name = "Marked"
when = "reply.marked_helpful"
where.post_kind = "reply"
credit = "author"
announce = "none"
[achievement.hall_of_fame]
name = "Hall of fame"
manual = "moderator"
two_people = true
announce = "none"
"""


@pytest.fixture
async def bot(town: Town) -> AsyncIterator[Bot]:
    town.book = BOOK + THANKED
    async with town.running() as bot:
        yield bot


async def test_thanks_are_said_aloud_and_taken_back(counter: Counter, town: Town) -> None:
    street = counter.street
    told = await street.ask("amira", "/kudos @jonas for the <b> & @everyone draft")
    assert "You have 4 left today" in told
    (post,) = await street.posts_of("thanks")
    assert street.shows(street.said()[-1], "jonas")
    assert "draft" in street.said()[-1]
    assert not pings_many(post)
    await street.earned("jonas", "thanked")
    assert "draft" not in str(town.rows("SELECT body FROM statement")) + str(town.rows("SELECT card FROM outbox"))
    assert "Taken back" in await counter.press_last("amira", "Take it back")
    await street.lost("jonas", "thanked")
    await town.until(lambda: any("took this back" in text for text in street.said()))
    assert not any("draft" in text for text in street.said())


@pytest.mark.slow
async def test_a_mark_from_the_menu_counts_and_goes_again(counter: Counter, town: Town) -> None:
    street = counter.street
    question = await street.say("noor")
    answer = await street.reply("jonas", question)
    assert "Marked as helpful: Jonas" in await choose(street, "amira", answer, "Mark as helpful")
    await street.earned("jonas", "marked")
    assert "your own" in await choose(street, "jonas", answer, "Mark as helpful")
    assert "Taken back" in await choose(street, "amira", answer, "Mark as helpful")
    await street.lost("jonas", "marked")


@pytest.mark.slow
async def test_a_nomination_is_read_by_moderators_who_give_the_badge(counter: Counter, town: Town) -> None:
    message = await counter.street.say("jonas")
    said = await nominate(counter, "amira", message, "beyond_the_chat", "Three drafts in a night")
    assert "The moderators read it" in said
    (card,) = await counter.cards("A nomination")
    assert "Three drafts" in card
    assert counter.street.shows(card, "jonas")
    assert "Only moderators" in await counter.press("lena", "Give it")
    await counter.press("noor", "Give it")
    await town.until(lambda: any("receives Beyond the chat" in text for text in counter.street.said("mods")))
    await counter.street.earned("jonas", "beyond_the_chat")
    assert "Three drafts" not in str(town.rows("SELECT body FROM statement"))


@pytest.mark.slow
async def test_a_ban_takes_back_what_was_earned_and_unban_gives_it_back(counter: Counter, town: Town) -> None:
    street = counter.street
    question = await street.say("noor")
    answer = await street.reply("lena", question)
    await choose(street, "jonas", answer, "Mark as helpful")
    await street.earned("lena", "marked")
    await street.ask("amira", "/kudos @jonas for the draft")
    await street.say("jonas")
    await street.earned("jonas", "thanked", "first_post")
    assert "Only moderators" in await street.ask("lena", "/plaudit ban @jonas spam")
    assert "is banned" in await street.ask("noor", "/plaudit ban @jonas spam in three channels")
    await town.until(lambda: not street.awards("jonas"))
    (card,) = await counter.cards("A ban")
    assert "2 badges were taken back" in card
    assert "spam in three channels" in card
    assert street.awards("lena") >= {"marked"}
    await counter.press("noor", "Also take back the marks they gave")
    await street.lost("lena", "marked")
    assert "lifted" in await street.ask("noor", "/plaudit unban @jonas")
    await street.earned("jonas", "thanked", "first_post")


@pytest.mark.slow
async def test_discord_tells_of_bans(town: Town, bot: Bot) -> None:
    counter = counter_of(town, "discord")
    street = counter.street
    await street.say("jonas")
    await street.earned("jonas", "first_post")
    user = street.side.people["jonas"]
    await town.discord.ban(town.guild, user)
    await street.lost("jonas", "first_post")
    (card,) = await counter.cards("A ban")
    assert "1 badge was taken back" in card
    await town.discord.unban(town.guild, user)
    await street.earned("jonas", "first_post")


@pytest.mark.slow
async def test_a_second_moderator_gives_what_takes_two(counter: Counter, town: Town) -> None:
    street = counter.street
    asked = await street.ask("noor", "/plaudit grant @jonas hall_of_fame The whole year")
    assert "takes two moderators" in asked
    (card,) = await counter.cards("A second moderator is asked")
    assert "The whole year" in card
    assert "proposed it yourself" in await counter.press("noor", "Confirm")
    await trusted(counter, "lena")
    await counter.press("lena", "Confirm")
    await street.earned("jonas", "hall_of_fame")


async def trusted(counter: Counter, who: str) -> None:
    """Somebody who may do everything from now on."""
    town, user = counter.town, counter.street.side.people[who]
    if counter.street.platform == "slack":
        town.slack.users[user]["is_admin"] = True
        return
    roles = town.discord.world.guild(town.guild)["roles"]
    moderator = next(role["id"] for role in roles if role["name"] == "Moderator")
    await town.discord.set_roles(town.guild, user, moderator)


def pings_many(post: dict[str, object]) -> bool:
    """Whether more than the person named is notified."""
    return bool(post.get("mention_everyone")) or "<!everyone>" in str(post)
