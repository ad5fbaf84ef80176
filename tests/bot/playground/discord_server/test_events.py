"""What a connected bot hears, with which intents and rights."""

import discord
import pytest

from bot.playground.discord_server import ChannelType, Permission
from tests.bot.playground.discord_bot import Bot, Place, running, text_channel


async def test_the_bot_hears_messages_replies_edits_and_deletions(place: Place) -> None:
    server, channel = place.server, place.channel
    async with running(server) as bot:
        first = await server.say(channel, place.ann, "hello")
        second = await server.reply(channel, place.bob, first, "hi back")
        await server.edit(channel, first, "hello there")
        third = await server.say(channel, place.ann, "oops")
        await server.delete(channel, third)
        await server.delete(channel, first, second)
        await server.until(lambda: bot.heard("bulk"))
        assert bot.heard("message") == ["hello", "hi back", "oops"]
        assert bot.heard("edit") == ["hello there"]
        assert bot.heard("delete") == [int(third)]
        assert bot.heard("bulk") == [{int(first), int(second)}]


async def test_reactions_come_with_the_author_when_added_and_are_in_the_history(place: Place) -> None:
    server, channel = place.server, place.channel
    party = server.world.add_emoji(place.guild, "party")
    async with running(server) as bot:
        message = await server.say(channel, place.ann, "done")
        for emoji in ("👍🏽", party, "🎉"):
            await server.react(channel, place.bob, message, emoji)
        await server.react(channel, place.bob, message, "🎉")  # twice is once
        await server.unreact(channel, place.bob, message, "🎉")
        await server.until(lambda: bot.heard("unreact"))
        assert [emoji for emoji, _ in bot.heard("react")] == ["👍🏽", f"<:{party}>", "🎉"]
        assert {author for _, author in bot.heard("react")} == {int(place.ann)}
        read = await text_channel(bot, channel).fetch_message(int(message))
        assert [(str(r.emoji), r.count) for r in read.reactions] == [("👍🏽", 1), (f"<:{party}>", 1)]
        assert [user.name async for user in read.reactions[1].users()] == ["bob"]


async def test_moderators_clear_reactions(place: Place) -> None:
    server, channel = place.server, place.channel
    async with running(server) as bot:
        message = await server.say(channel, place.ann, "done")
        await server.react(channel, place.bob, message, "🎉")
        await server.react(channel, place.bob, message, "👀")
        await server.clear_reactions(channel, message, "🎉")
        await server.clear_reactions(channel, message)
        await server.until(lambda: bot.heard("clear"))
        assert bot.heard("clear_emoji") == ["🎉"]
        assert "reactions" not in server.messages(channel)[0]


async def test_threads_and_forum_posts_are_announced_and_written_in(place: Place) -> None:
    server = place.server
    forum = server.add_channel(place.guild, "help", ChannelType.FORUM)
    async with running(server) as bot:
        question = await server.say(place.channel, place.ann, "how?")
        thread = await server.open_thread(place.channel, place.bob, "how", message=question)
        await server.say(thread, place.bob, "like this")
        post = await server.forum_post(forum, place.ann, "broken", "it does not start")
        await server.until(lambda: "it does not start" in bot.heard("message"))
        assert thread == question
        assert bot.heard("thread") == ["how", "broken"]
        assert "like this" in bot.heard("message")
        guild = bot.get_guild(int(place.guild))
        assert guild is not None
        assert {t.id for t in await guild.active_threads()} == {int(thread), int(post)}
        await server.archive(thread)
        archived = [t.name async for t in text_channel(bot, place.channel).archived_threads()]
        assert archived == ["how"]


async def test_people_join_and_leave(place: Place) -> None:
    server = place.server
    async with running(server) as bot:
        carl = await server.join(place.guild, "carl")
        await server.leave(place.guild, carl)
        await server.until(lambda: bot.heard("leave"))
        assert (bot.heard("join"), bot.heard("leave")) == (["carl"], ["carl"])


async def test_without_the_content_intent_texts_are_blank_unless_they_mention_the_bot(place: Place) -> None:
    server, channel = place.server, place.channel
    intents = discord.Intents(guilds=True, guild_messages=True)
    async with running(server, Bot(intents)) as bot:
        await server.say(channel, place.ann, "a secret")
        await server.say(channel, place.ann, f"<@{server.world.bot['id']}> hello")
        await server.join(place.guild, "carl")
        await server.until(lambda: len(bot.heard("message")) == 2)
        assert bot.heard("message") == ["", f"<@{server.world.bot['id']}> hello"]
        assert not bot.heard("join")


async def test_a_channel_the_bot_cannot_see_is_silent_and_closed(place: Place) -> None:
    server = place.server
    hidden = server.add_channel(place.guild, "secret")
    async with running(server) as bot:
        server.deny_bot(hidden, Permission.VIEW_CHANNEL)
        await server.say(hidden, place.ann, "whisper")
        await server.say(place.channel, place.ann, "aloud")
        await server.until(lambda: bot.heard("message"))
        assert bot.heard("message") == ["aloud"]
        with pytest.raises(discord.Forbidden) as refused:
            await text_channel(bot, hidden).send("x")
        assert refused.value.code == 50001
