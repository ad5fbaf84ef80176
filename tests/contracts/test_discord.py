"""A long day on the Discord stand-in: every request, answer and event is held against Discord's own file."""

from collections.abc import Awaitable, Callable

import discord
import pytest

from bot.playground.discord_server import ChannelType, DiscordServer, Permission, Recorded
from tests.bot.playground.discord_bot import Bot, running
from tests.contracts.discord_contract import DiscordContract
from tests.shared import needs_shared, shared

pytestmark = needs_shared

# What the real discord.py 2.7.1 does and Discord takes, although its file says otherwise: ids as numbers.
# And what Discord does itself: its form errors carry words as codes, where the file says integer.
ALLOWED = (
    r"^request POST /channels/\{channel_id\}/messages: /attachments/\d+/id",
    r"^request POST /channels/\{channel_id\}/messages: /message_reference: .*:\d+",
    r"^request PATCH /guilds/\{guild_id\}/members/\{user_id\}: /roles",
    r"^request POST /users/@me/channels: /recipient_id",
    r"^answer \w+ .* 400: /errors: .*\"code\":\"[A-Z_0-9]+\"",
)


STAGE = ChannelType.STAGE


class Day:
    """The place where the day happens."""

    def __init__(self, server: DiscordServer) -> None:
        self.server = server
        self.guild = server.add_guild("Library")
        self.channel = server.add_channel(self.guild, "general")
        self.forum = server.add_channel(self.guild, "help", ChannelType.FORUM)
        self.helper = server.add_role(self.guild, "Helper")
        self.boss = server.add_role(self.guild, "Boss", position=9)
        self.ann, self.bob = (server.add_member(self.guild, name) for name in ("ann", "bob"))
        self.party = server.world.add_emoji(self.guild, "party")

    def text(self, bot: Bot) -> discord.TextChannel:
        found = bot.get_channel(int(self.channel))
        assert isinstance(found, discord.TextChannel)
        return found


async def people_talk(day: Day, bot: Bot) -> None:
    server = day.server
    first = await server.say(day.channel, day.ann, f"hello <@{day.bob}>")
    await server.reply(day.channel, day.bob, first, "hi")
    await server.edit(day.channel, first, "hello!")
    for emoji in ("👍🏽", day.party):
        await server.react(day.channel, day.bob, first, emoji)
    await server.unreact(day.channel, day.bob, first, "👍🏽")
    thread = await server.open_thread(day.channel, day.bob, "more", message=first)
    await server.say(thread, day.ann, "and more")
    await server.archive(thread)
    await server.open_thread(day.channel, day.bob, "elsewhere")
    await server.forum_post(day.forum, day.ann, "broken", "help")
    carl = await server.join(day.guild, "carl")
    await server.leave(day.guild, carl)
    gone = [await server.say(day.channel, day.ann, "x") for _ in range(3)]
    await server.delete(day.channel, gone[0])
    await server.delete(day.channel, *gone[1:])
    await server.until(lambda: bot.heard("bulk"))


async def people_gather(day: Day, bot: Bot) -> None:
    server, guild = day.server, bot.get_guild(int(day.guild))
    lounge, stage = (server.add_channel(day.guild, kind.name.lower(), kind) for kind in (ChannelType.VOICE, STAGE))
    await server.join_voice(lounge, day.ann)
    await server.set_deaf(day.guild, day.ann, deaf=True)
    assert guild is not None
    member = guild.get_member(int(day.ann))
    assert member is not None
    assert (await member.fetch_voice()).self_deaf
    await server.leave_voice(day.guild, day.ann)
    events = [await server.plan_event(place, day.ann, "Talk") for place in (lounge, stage)]
    await server.plan_elsewhere(day.guild, day.ann, "Picnic", "the park")
    await server.start_event(day.guild, events[0])
    await server.end_event(day.guild, events[0])
    await server.delete_event(day.guild, events[1])
    poll = await server.ask(day.channel, day.ann, "When?", "Today", "Tomorrow", multiple=True)
    for answer in (1, 2):
        await server.vote(day.channel, day.bob, poll, answer)
    await server.unvote(day.channel, day.bob, poll, 1)
    asked = (await day.text(bot).fetch_message(int(poll))).poll
    assert asked is not None
    assert [[v.id async for v in a.voters()] for a in asked.answers] == [[], [int(day.bob)]]


async def commands_are_answered(day: Day, bot: Bot) -> None:
    server = day.server
    await (await server.slash(day.channel, day.ann, "ping")).answered()
    values = {"member": day.bob, "achievement": "Helper"}
    granted = await server.slash(day.channel, day.ann, "plaudit grant", **values)
    await server.until(lambda: granted.followups)
    typed = await server.autocomplete(day.channel, day.ann, "plaudit grant", "achievement", achievement="h")
    await typed.answered()
    for hidden in (False, True):
        asked = await server.slash(day.channel, day.ann, "panel", hidden=hidden)
        await asked.answered()
        assert asked.original is not None
        opened = await server.click(day.channel, day.ann, asked.original["id"], "form")
        await opened.answered()
        await (await server.submit(opened, name="Gold")).answered()
        await (await server.click(day.channel, day.ann, asked.original["id"], "claim")).answered()


async def the_bot_writes(day: Day, bot: Bot) -> None:
    channel, embed = day.text(bot), discord.Embed(title="Badge", description="well done", colour=0xFFCC00)
    embed.add_field(name="next", value="two to go").set_footer(text="Plaudit")
    sent = await channel.send("badge", embed=embed, nonce="delivery-1", view=a_button())
    await sent.edit(content="better badge", view=None)
    await sent.add_reaction("🏅")
    await sent.add_reaction(discord.PartialEmoji.from_str(day.party))
    read = await channel.fetch_message(sent.id)
    assert [u async for u in read.reactions[0].users()]
    assert bot.user is not None
    await sent.remove_reaction("🏅", bot.user)
    await channel.send("re", reference=sent)
    await sent.create_thread(name="talk about it")
    await sent.delete()
    ann = await bot.fetch_user(int(day.ann))
    await ann.send("a private word")
    await channel.send(file=discord.File(__file__, filename="proof.txt"))


async def the_bot_reads(day: Day, bot: Bot) -> None:
    channel, guild = day.text(bot), bot.get_guild(int(day.guild))
    assert guild is not None
    assert [m async for m in channel.history(limit=3)]
    anchor = discord.Object(int(day.channel))
    assert [m async for m in channel.history(limit=5, after=anchor)]
    await guild.active_threads()
    assert [t async for t in channel.archived_threads()]
    await bot.fetch_guild(guild.id, with_counts=True)
    await guild.fetch_channels()
    await guild.fetch_roles()
    await guild.fetch_emojis()
    await bot.fetch_channel(int(day.forum))
    assert [m async for m in guild.fetch_members()]
    await bot.application_info()
    await bot.http.get_bot_gateway()
    await bot.tree.fetch_commands()
    await bot.tree.sync(guild=guild)


async def roles_change(day: Day, bot: Bot) -> None:
    guild = bot.get_guild(int(day.guild))
    assert guild is not None
    bob = await guild.fetch_member(int(day.bob))
    await bob.add_roles(discord.Object(int(day.helper)))
    await bob.remove_roles(discord.Object(int(day.helper)))
    await bob.edit(roles=[discord.Object(int(day.helper))])  # type: ignore[misc]  # Role is what it asks for
    day.server.set_bot(day.guild, position=6)


async def refusals_have_the_right_shape(day: Day, bot: Bot) -> None:
    channel, guild = day.text(bot), bot.get_guild(int(day.guild))
    assert guild is not None
    bob = await guild.fetch_member(int(day.bob))
    hidden = day.server.add_channel(day.guild, "secret")
    day.server.deny_bot(hidden, Permission.VIEW_CHANNEL)
    attempts: list[Callable[[], Awaitable[object]]] = [
        lambda: bob.add_roles(discord.Object(int(day.boss))),
        lambda: channel.fetch_message(1),
        lambda: bot.fetch_channel(int(hidden)),
        lambda: channel.send("x" * 2001),
        lambda: guild.fetch_member(1),
        lambda: bot.fetch_user(1),
    ]
    for attempt in attempts:
        with pytest.raises(discord.HTTPException):
            await attempt()
    day.server.faults.answer("POST", "/messages", status=429, retry_after=0.1)
    await channel.send("after the wait")


def a_button() -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Why?", custom_id="why"))
    return view


async def test_a_whole_day_keeps_discords_contract() -> None:
    contract = DiscordContract(shared("contracts/discord-openapi.json"), ALLOWED)
    server = DiscordServer()
    contract.attach(server)
    day = Day(server)
    async with server, running(server) as bot:
        parts = (people_talk, people_gather, commands_are_answered, the_bot_writes, the_bot_reads, roles_change)
        for part in (*parts, refusals_have_the_right_shape):
            await part(day, bot)
        assert bot.errors == []
    assert not contract.violations, "\n".join(contract.violations)
    assert all(contract.allowed.values()), "an exception that nothing needs any more"
    assert sum(contract.checked.values()) > 100


def test_the_checker_itself_notices_what_is_wrong() -> None:
    contract = DiscordContract(shared("contracts/discord-openapi.json"))
    message = {"id": "one", "content": 5}
    contract.check(Recorded("POST", "/channels/1/messages", {}, {"content": 5}, 200, message))
    contract.check(Recorded("GET", "/channels/1/messages", {"limit": "many", "page": "2"}, None, 200, []))
    contract.check(Recorded("GET", "/nowhere", {}, None, 404, {}))
    contract.check_event("THREAD_CREATE", {"id": "1"})
    kinds = {violation.split(":")[0] for violation in contract.violations}
    assert kinds == {
        "request POST /channels/{channel_id}/messages",
        "answer POST /channels/{channel_id}/messages 200",
        "request GET /channels/{channel_id}/messages",
        "request GET /nowhere",
        "event THREAD_CREATE",
    }
