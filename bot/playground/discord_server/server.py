"""The local stand-in of Discord: one world behind a REST interface and a gateway on a loopback port."""

import asyncio
import base64
import time
from collections.abc import Callable

from aiohttp import web

from bot.playground.discord_server.answers import Answers
from bot.playground.discord_server.buckets import Buckets
from bot.playground.discord_server.call import Route
from bot.playground.discord_server.channel_routes import ChannelRoutes
from bot.playground.discord_server.faults import Faults
from bot.playground.discord_server.gateway import Gateway
from bot.playground.discord_server.gatherings import GatheringRoutes, Gatherings
from bot.playground.discord_server.guild_routes import GuildRoutes
from bot.playground.discord_server.interactions import Interaction
from bot.playground.discord_server.message_routes import MessageRoutes
from bot.playground.discord_server.people import People
from bot.playground.discord_server.rest import BASE, Recorded, Rest
from bot.playground.discord_server.wire import Json, Permission
from bot.playground.discord_server.world import World

_HOST = "127.0.0.1"
_GATEWAY_PATH = "/gateway"
_LOOK_AGAIN = 0.05  # seconds; a predicate may watch more than this server


class DiscordServer(People, Gatherings):
    """Discord on this machine, for the playground and for tests; nothing leaves it.

        server = DiscordServer()
        guild = server.add_guild("Library")
        channel, ann = server.add_channel(guild, "general"), server.add_member(guild, "ann")
        async with server:                      # or start() and stop()
            ...                                 # a real client at server.api_url with server.token
            await server.say(channel, ann, "hello")

    Ids are strings. `clock` gives Unix seconds and stamps everything that is made.
    `on_change` is called after every event and every request, for a page that shows the world.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        *,
        bot_name: str = "Plaudit",
        token: str | None = None,
        bucket_limit: int | None = None,
    ) -> None:
        super().__init__(World(clock, bot_name))
        self.token = token or _token_for(self.world.bot["id"])
        self.faults = Faults()
        self.gateway = Gateway(self.world, self.token, self.faults)
        self.rest = Rest(self.token, self.faults, Buckets(bucket_limit), self._served)
        self.on_change: Callable[[], None] | None = None
        self.on_request: list[Callable[[Recorded], None]] = []
        self.api_url = ""
        self._changes = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.world.listeners += [self.gateway.route, lambda event, payload: self._note()]

    # -- the world ----------------------------------------------------------------------------------------

    def add_guild(self, name: str) -> str:
        """See World.add_guild."""
        return self.world.add_guild(name)

    def add_channel(self, guild: str, name: str, kind: int = 0, *, parent: str | None = None) -> str:
        """See World.add_channel; `kind` as in wire.ChannelType (0 text, 15 forum)."""
        return self.world.add_channel(guild, name, kind, parent=parent)

    def add_role(self, guild: str, name: str, permissions: int = 0, position: int = 1) -> str:
        """See World.add_role."""
        return self.world.add_role(guild, name, permissions, position)

    def add_member(self, guild: str, name: str, roles: tuple[str, ...] | list[str] = ()) -> str:
        """See World.add_member."""
        return self.world.add_member(guild, name, roles)

    def set_bot(self, guild: str, *, permissions: int | None = None, position: int | None = None) -> None:
        """Changes what the bot may do in a guild and how high its role stands (5 at first)."""
        role = self.world.bot_role(guild)
        if permissions is not None:
            role["permissions"] = str(permissions)
        if position is not None:
            role["position"] = position
        self.world.emit("GUILD_ROLE_UPDATE", {"guild_id": guild, "role": role})

    def deny_bot(self, channel: str, denied: Permission) -> None:
        """Takes rights from the bot in one channel; Permission.VIEW_CHANNEL hides it altogether."""
        place = self.world.channel(channel)
        role = self.world.bot_role(place["guild_id"])
        overwrite = {"id": role["id"], "type": 0, "allow": "0", "deny": str(int(denied))}
        place["permission_overwrites"] = [overwrite]
        self.world.emit("CHANNEL_UPDATE", place)

    # -- what happened ------------------------------------------------------------------------------------

    @property
    def requests(self) -> list[Recorded]:
        """Every request the bot made, oldest first."""
        return self.rest.requests

    @property
    def interactions(self) -> list[Interaction]:
        """Every interaction people started, oldest first, with the bot's answers."""
        return list(self.interacting.by_token.values())

    def messages(self, channel: str) -> list[Json]:
        """The messages of a channel as the bot's eyes see them, oldest first."""
        posts = sorted(self.world.posts[channel].values(), key=lambda post: int(post.id))
        return [post.seen_by(self.world.bot["id"]) for post in posts]

    def bot_messages(self, channel: str) -> list[Json]:
        """Those of them the bot wrote."""
        return [m for m in self.messages(channel) if m["author"]["id"] == self.world.bot["id"]]

    def private_messages(self, user: str) -> list[Json]:
        """The ephemeral messages one person was shown."""
        return self.interacting.private_messages(user)

    def roles_of(self, guild: str, user: str) -> list[str]:
        """The ids of a member's roles."""
        return list(self.world.member(guild, user)["roles"])

    async def until(self, predicate: Callable[[], object], timeout: float = 5.0) -> None:  # noqa: ASYNC109 -- callers say how long they wait
        """Waits until `predicate()` is true, looking after every change; TimeoutError after `timeout` s."""
        async with asyncio.timeout(timeout):
            while not predicate():
                self._changes.clear()
                try:
                    await asyncio.wait_for(self._changes.wait(), _LOOK_AGAIN)
                except TimeoutError:
                    continue

    def _served(self, record: Recorded) -> None:
        for watch in self.on_request:
            watch(record)
        self._note()

    def note(self) -> None:
        """Something changed that no request tells of."""
        self._note()

    def _note(self) -> None:
        self._changes.set()
        if self.on_change is not None:
            self.on_change()

    # -- the sockets --------------------------------------------------------------------------------------

    def drop_sockets(self, code: int = 4000, *, abort: bool = False) -> None:
        """Closes the gateway's sockets with `code`, or cuts them; the bot may RESUME."""
        self.gateway.drop(code, abort=abort)

    def freeze_sockets(self) -> None:
        """Half-open: the sockets stay, but nothing comes and nothing is heard."""
        self.gateway.freeze()

    # -- start and stop -----------------------------------------------------------------------------------

    @property
    def gateway_url(self) -> str:
        """Where the gateway listens, ws://…"""
        return self.gateway.url

    async def start(self, port: int = 0) -> "DiscordServer":
        """Listens on 127.0.0.1; port 0 takes a free one."""
        app = web.Application()
        app.router.add_get(_GATEWAY_PATH, self.gateway.serve)
        app.router.add_get(_GATEWAY_PATH + "/", self.gateway.serve)
        self.rest.mount(app, self._routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, _HOST, port)
        await site.start()
        address = f"{_HOST}:{self._runner.addresses[0][1]}"
        self.api_url = f"http://{address}{BASE}"
        self.gateway.url = f"ws://{address}{_GATEWAY_PATH}/"
        return self

    async def stop(self) -> None:
        """Cuts every line and closes the port. The world stays: a later start() serves it again."""
        self.gateway.drop(abort=True)
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> "DiscordServer":
        return await self.start()

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    def _routes(self) -> list[Route]:
        guilds = GuildRoutes(self.world, self.gateway).routes()
        answers = Answers(self.chat, self.interacting).routes()
        channels = [*ChannelRoutes(self.chat).routes(), *MessageRoutes(self.chat).routes()]
        gatherings = GatheringRoutes(self.chat).routes()
        return [*guilds, *channels, *gatherings, *self.commands.routes(), *answers]


def _token_for(bot_id: str) -> str:
    """A token in Discord's form: clients read the bot's id out of its first part."""
    head = base64.b64encode(bot_id.encode()).decode().rstrip("=")
    return f"{head}.stand-in.token"
