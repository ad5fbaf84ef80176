"""A small bot on the real discord.py, as tests of the stand-in connect it: it notes what it hears."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import discord
import yarl
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.playground.discord_server import DiscordServer

EVERYTHING = discord.Intents(guilds=True, members=True, guild_messages=True, guild_reactions=True, message_content=True)


class Form(ui.Modal, title="New achievement"):
    """A form of two inputs."""

    name: ui.TextInput["Form"] = ui.TextInput(label="Name", max_length=40, custom_id="name")
    why: ui.TextInput["Form"] = ui.TextInput(label="Why", required=False, custom_id="why")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"created {self.name.value}", ephemeral=True)


class Buttons(ui.View):
    """A button that rewrites its message and one that opens the form."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Claim", custom_id="claim")
    async def claim(self, interaction: discord.Interaction, button: Any) -> None:
        await interaction.response.edit_message(content=f"claimed by {interaction.user.name}", view=None)

    @ui.button(label="Form", custom_id="form")
    async def form(self, interaction: discord.Interaction, button: Any) -> None:
        await interaction.response.send_modal(Form())


def register(tree: app_commands.CommandTree[Any]) -> None:
    """The commands of the little bot."""

    @tree.command(description="ping")
    async def ping(interaction: discord.Interaction) -> None:
        embed = discord.Embed(title="Achievements", description="You have 3").add_field(name="a", value="b")
        await interaction.response.send_message(embed=embed, ephemeral=True)

    @tree.command(description="panel")
    async def panel(interaction: discord.Interaction, hidden: bool = False) -> None:
        await interaction.response.send_message("panel", view=Buttons(), ephemeral=hidden)

    group = app_commands.Group(name="plaudit", description="For moderators")

    @group.command(name="grant", description="Give an achievement")
    async def grant(interaction: discord.Interaction, member: discord.Member, achievement: str) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.edit_original_response(content=f"gave {achievement} to {member.name}")
        await interaction.followup.send("public note")

    @grant.autocomplete("achievement")
    async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names = ("First post", "Helper")
        return [app_commands.Choice(name=n, value=n) for n in names if typed.lower() in n.lower()]

    @tree.command(description="slow")
    async def slow(interaction: discord.Interaction) -> None:
        await asyncio.sleep(0.3)
        await interaction.response.send_message("late")

    tree.add_command(group)


class Bot(discord.Client):
    """Notes every event as (name, something telling) in `seen`, and errors of commands in `errors`."""

    def __init__(self, intents: discord.Intents = EVERYTHING, **options: Any) -> None:
        quiet = discord.AllowedMentions.none()
        super().__init__(intents=intents, allowed_mentions=quiet, guild_ready_timeout=0.0, max_messages=None, **options)
        self.tree = app_commands.CommandTree(self)
        self.seen: list[tuple[str, Any]] = []
        self.errors: list[Exception] = []
        register(self.tree)
        self.tree.error(self._note_error)

    async def _note_error(self, _: discord.Interaction, error: Exception) -> None:
        self.errors.append(error)

    async def setup_hook(self) -> None:
        self.add_view(Buttons())
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Not the five seconds discord.py waits by default."""

    def heard(self, name: str) -> list[Any]:
        """What was noted under one name."""
        return [what for kind, what in self.seen if kind == name]

    async def on_ready(self) -> None:
        self.seen.append(("ready", None))

    async def on_resumed(self) -> None:
        self.seen.append(("resumed", None))

    async def on_message(self, message: discord.Message) -> None:
        if message.author.id != self.user.id:  # type: ignore[union-attr]  # there is a user once messages come
            self.seen.append(("message", message.content))

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        self.seen.append(("edit", event.message.content))

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self.seen.append(("delete", event.message_id))

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        self.seen.append(("bulk", event.message_ids))

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self.seen.append(("react", (str(event.emoji), event.message_author_id)))

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        self.seen.append(("unreact", str(event.emoji)))

    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        self.seen.append(("clear", event.message_id))

    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        self.seen.append(("clear_emoji", str(event.emoji)))

    async def on_thread_create(self, thread: discord.Thread) -> None:
        self.seen.append(("thread", thread.name))

    async def on_member_join(self, member: discord.Member) -> None:
        self.seen.append(("join", member.name))

    async def on_raw_member_remove(self, event: discord.RawMemberRemoveEvent) -> None:
        self.seen.append(("leave", event.user.name))


@contextlib.contextmanager
def pointed_at(server: DiscordServer) -> Iterator[None]:
    """Points discord.py, process-wide, at the server for a while."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.api_url, yarl.URL(server.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@contextlib.asynccontextmanager
async def running(server: DiscordServer, bot: Bot | None = None) -> AsyncIterator[Bot]:
    """A connected and ready bot, closed again afterwards."""
    bot = bot or Bot()
    with pointed_at(server):
        task = asyncio.create_task(bot.start(server.token))
        try:
            await server.until(lambda: bot.heard("ready") or task.done())
            if task.done():
                task.result()
            yield bot
        finally:
            await asyncio.wait_for(bot.close(), 5)
            await asyncio.gather(task, return_exceptions=True)


@dataclass
class Place:
    """A started server with one guild, one channel and two people."""

    server: DiscordServer
    guild: str
    channel: str
    ann: str
    bob: str


def text_channel(bot: Bot, channel: str) -> discord.TextChannel:
    """The channel as the bot knows it."""
    found = bot.get_channel(int(channel))
    assert isinstance(found, discord.TextChannel)
    return found
