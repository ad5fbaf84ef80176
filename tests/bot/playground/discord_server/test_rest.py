"""What the bot may read, write and change over REST, and what is refused."""

import discord
import pytest

from bot.playground.discord_server import ChannelType, Permission
from tests.bot.playground.discord_bot import Bot, Place, running, text_channel


async def test_roles_are_set_together_and_the_hierarchy_is_kept(place: Place) -> None:
    server = place.server
    roles = [server.add_role(place.guild, name) for name in ("Helper", "Regular")]
    boss = server.add_role(place.guild, "Boss", position=9)
    async with running(server) as bot:
        guild = bot.get_guild(int(place.guild))
        assert guild is not None
        bob = await guild.fetch_member(int(place.bob))
        await bob.edit(roles=[discord.Object(int(role)) for role in roles])  # type: ignore[misc] # it takes any snowflake
        assert server.roles_of(place.guild, place.bob) == roles
        await bob.remove_roles(discord.Object(int(roles[0])))
        assert server.roles_of(place.guild, place.bob) == roles[1:]
        with pytest.raises(discord.Forbidden) as refused:
            await bob.add_roles(discord.Object(int(boss)))
        assert refused.value.code == 50013
        server.set_bot(place.guild, position=10)
        await bob.add_roles(discord.Object(int(boss)))
        server.set_bot(place.guild, permissions=int(Permission.member()))
        with pytest.raises(discord.Forbidden):
            await bob.remove_roles(discord.Object(int(boss)))
        assert server.roles_of(place.guild, place.bob) == [roles[1], boss]


async def test_members_are_listed_page_by_page(place: Place) -> None:
    async with running(place.server) as bot:
        guild = bot.get_guild(int(place.guild))
        assert guild is not None
        names = [member.name async for member in guild.fetch_members(limit=None)]
        assert {"ann", "bob"} <= set(names)
        assert [m.name for m in await guild.query_members("an")] == ["ann"]


async def test_history_pages_before_after_and_around(place: Place) -> None:
    server = place.server
    ids = [await server.say(place.channel, place.ann, str(number)) for number in range(120)]
    async with running(server) as bot:
        channel, middle = text_channel(bot, place.channel), discord.Object(int(ids[60]))
        everything = [m.content async for m in channel.history(limit=None, oldest_first=True)]
        assert everything == [str(number) for number in range(120)]
        after = [m.content async for m in channel.history(limit=None, after=middle)]
        assert after == [str(number) for number in range(61, 120)]
        before = [m.content async for m in channel.history(limit=2, before=middle)]
        assert before == ["59", "58"]
        around = [m.content async for m in channel.history(limit=3, around=middle)]
        assert sorted(around) == ["59", "60", "61"]


async def test_without_the_right_to_read_history_it_is_empty_and_no_error(place: Place) -> None:
    server = place.server
    await server.say(place.channel, place.ann, "hello")
    server.deny_bot(place.channel, Permission.READ_MESSAGE_HISTORY)
    async with running(server) as bot:
        assert [m async for m in text_channel(bot, place.channel).history()] == []


async def test_a_repeated_nonce_gives_the_first_message(place: Place) -> None:
    server = place.server
    async with running(server) as bot:
        channel = text_channel(bot, place.channel)
        first = await channel.send("badge", nonce="delivery-1")
        again = await channel.send("badge", nonce="delivery-1")
        other = await channel.send("badge", nonce="delivery-2")
        assert first.id == again.id != other.id
        assert len(server.bot_messages(place.channel)) == 2


async def test_the_bot_replies_edits_reacts_and_deletes(place: Place) -> None:
    server = place.server
    message = await server.say(place.channel, place.ann, "hello")
    async with running(server) as bot:
        channel = text_channel(bot, place.channel)
        answer = await channel.send("well done", reference=channel.get_partial_message(int(message)))
        await answer.edit(content="very well done")
        read = await channel.fetch_message(int(message))
        await read.add_reaction("🏅")
        assert server.messages(place.channel)[0]["reactions"][0]["me"]
        assert server.bot_messages(place.channel)[0]["message_reference"]["message_id"] == message
        assert server.bot_messages(place.channel)[0]["content"] == "very well done"
        assert bot.user is not None
        await read.remove_reaction("🏅", bot.user)
        await answer.delete()
        assert server.bot_messages(place.channel) == []
        with pytest.raises(discord.Forbidden):
            await read.delete()


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2001},
        {"embed": discord.Embed(title="x" * 257)},
        {"embed": discord.Embed(description="x" * 4097)},
        {"embeds": [discord.Embed(description="x" * 3001)] * 2},
        {},
    ],
)
async def test_messages_over_the_limits_are_refused(place: Place, body: dict[str, object]) -> None:
    async with running(place.server) as bot:
        with pytest.raises(discord.HTTPException) as refused:
            await text_channel(bot, place.channel).send(**body)  # type: ignore[arg-type] # fields of cases
        assert refused.value.status == 400
        assert place.server.bot_messages(place.channel) == []


async def test_people_who_take_no_private_messages_get_none(place: Place) -> None:
    server = place.server
    async with running(server) as bot:
        ann = await bot.fetch_user(int(place.ann))
        await ann.send("psst")
        server.world.closed_dms.add(place.ann)
        with pytest.raises(discord.Forbidden) as refused:
            await ann.send("psst")
        assert refused.value.code == 50007
        private = server.world.open_dm(place.ann)["id"]
        assert [m["content"] for m in server.bot_messages(private)] == ["psst"]


async def test_bad_components_are_refused(place: Place) -> None:
    def row(*buttons: dict[str, object]) -> dict[str, object]:
        return {"type": 1, "components": list(buttons)}

    button = {"type": 2, "style": 1, "label": "Why?", "custom_id": "why"}
    bad = [
        [row({**button, "custom_id": "x" * 101})],
        [row({**button, "label": "x" * 81})],
        [row({"type": 2, "style": 1, "label": "Why?"})],
        [row(button, button)],
        [row(*({**button, "custom_id": str(n)} for n in range(6)))],
        [row({**button, "custom_id": str(n)}) for n in range(6)],
        [button],
        [row()],
    ]
    async with running(place.server) as bot:
        for components in bad:
            with pytest.raises(discord.HTTPException) as refused:
                await post_raw(bot, place.channel, components)
            assert refused.value.code == 50035, components
        await post_raw(bot, place.channel, [row(button)])


async def post_raw(bot: Bot, channel: str, components: list[dict[str, object]]) -> None:
    """Past the checks discord.py makes itself."""
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
    await bot.http.request(route, json={"content": "x", "components": components})


async def test_a_forum_itself_takes_no_messages(place: Place) -> None:
    server = place.server
    forum = server.add_channel(place.guild, "help", ChannelType.FORUM)
    async with running(server) as bot:
        with pytest.raises(discord.HTTPException) as refused:
            await bot.http.request(
                discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=forum),
                json={"content": "x"},
            )
        assert refused.value.code == 50024
        with pytest.raises(LookupError):
            await server.say(forum, place.ann, "x")
