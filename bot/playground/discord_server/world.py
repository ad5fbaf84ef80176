"""The world behind the stand-in: guilds, people, roles, channels. Every change is told to the listeners."""

from collections.abc import Callable, Iterable

from bot.playground.discord_server import shapes
from bot.playground.discord_server.ids import Snowflakes
from bot.playground.discord_server.posts import Post
from bot.playground.discord_server.wire import (
    ALL_PERMISSIONS,
    ChannelType,
    Json,
    Permission,
    unknown,
)

Listener = Callable[[str, Json], None]

ENGLISH = "en-US"  # what a client is in unless its person chose
_BOT_POSITION = 5


class World:
    """Everything that exists, as Discord's own JSON objects by id.

    `message_content_allowed` and `members_allowed` are the two privileged switches of the bot's page in the
    developer portal; `closed_dms` holds the people who take no private messages.
    """

    def __init__(self, clock: Callable[[], float], bot_name: str) -> None:
        self.ids = Snowflakes(clock)
        self.bot = shapes.user(self.ids.next(), bot_name, is_bot=True)
        self.users: dict[str, Json] = {self.bot["id"]: self.bot}
        self.guilds: dict[str, Json] = {}
        self.channels: dict[str, Json] = {}  # threads and private channels too
        self.posts: dict[str, dict[str, Post]] = {}
        self.files: dict[str, bytes] = {}  # what came with messages, by the attachment's id
        self.locales: dict[str, str] = {}  # people whose client is not in ENGLISH
        self.listeners: list[Listener] = []
        self._seats: dict[tuple[str, str], Json] = {}  # memberships by guild and user
        self.message_content_allowed = True
        self.members_allowed = True
        self.closed_dms: set[str] = set()

    def speak(self, user: str, locale: str) -> None:
        """The person's client is in this language from now on; their interactions tell it."""
        self.locales[user] = locale

    def emit(self, event: str, payload: Json) -> None:
        """Tells every listener what happened, in Discord's words."""
        for listener in tuple(self.listeners):
            listener(event, payload)

    # -- making things ------------------------------------------------------------------------------------

    def add_guild(self, name: str) -> str:
        """A guild with its owner and the bot in it; the bot may manage roles. Returns its id."""
        guild_id, owner = self.ids.next(), self._new_user(f"{name} owner")
        guild = self.guilds[guild_id] = shapes.guild(guild_id, name, owner["id"])
        guild["roles"].append(shapes.role(guild_id, "@everyone", Permission.member(), 0))
        rights = Permission.member() | Permission.MANAGE_ROLES
        bot_role = shapes.role(self.ids.next(), self.bot["username"], rights, _BOT_POSITION, bot_id=self.bot["id"])
        guild["roles"].append(bot_role)
        self._seat(guild, owner, ())
        self._seat(guild, self.bot, [bot_role["id"]])
        self.emit("GUILD_CREATE", guild)
        return guild_id

    def add_channel(
        self, guild: str, name: str, kind: ChannelType | int = ChannelType.TEXT, *, parent: str | None = None
    ) -> str:
        """A channel everyone can see. Returns its id."""
        siblings = self.guild(guild)["channels"]
        channel = shapes.channel(self.ids.next(), guild, name, ChannelType(kind), len(siblings))
        channel["parent_id"] = parent
        siblings.append(channel)
        self.keep(channel)
        self.emit("CHANNEL_CREATE", channel)
        return str(channel["id"])

    def add_role(self, guild: str, name: str, permissions: int = 0, position: int = 1) -> str:
        """A role; the bot can give it while `position` is below its own (5). Returns its id."""
        role = shapes.role(self.ids.next(), name, permissions, position)
        self.guild(guild)["roles"].append(role)
        self.emit("GUILD_ROLE_CREATE", {"guild_id": guild, "role": role})
        return str(role["id"])

    def add_member(self, guild: str, name: str, roles: Iterable[str] = (), *, user: str | None = None) -> str:
        """A new person, or the known `user`, joins. Returns the user's id."""
        person = self.users[user] if user else self._new_user(name)
        member = self._seat(self.guild(guild), person, roles)
        self.emit("GUILD_MEMBER_ADD", {**member, "guild_id": guild})
        return str(person["id"])

    def add_bot_member(self, guild: str, name: str) -> str:
        """Another bot in the guild: its messages must not count. Returns its id."""
        person = self._new_user(name, is_bot=True)
        return self.add_member(guild, name, user=person["id"])

    def add_emoji(self, guild: str, name: str) -> str:
        """A custom emoji; returns its address for reactions, "name:id"."""
        emoji = shapes.custom_emoji(self.ids.next(), name)
        self.guild(guild)["emojis"].append(emoji)
        self.emit("GUILD_EMOJIS_UPDATE", {"guild_id": guild, "emojis": self.guild(guild)["emojis"]})
        return f"{name}:{emoji['id']}"

    def open_dm(self, user: str) -> Json:
        """The private channel between the bot and `user`, made at the first call."""
        if user not in self.users:
            raise unknown("User")
        for channel in self.channels.values():
            if channel["type"] == ChannelType.DM and channel["recipients"][0]["id"] == user:
                return channel
        channel = shapes.dm_channel(self.ids.next(), self.users[user])
        self.keep(channel)
        return channel

    def keep(self, channel: Json) -> None:
        """Files a channel, thread or private channel under its id."""
        self.channels[channel["id"]] = channel
        self.posts[channel["id"]] = {}

    def _new_user(self, name: str, *, is_bot: bool = False) -> Json:
        user = shapes.user(self.ids.next(), name, is_bot=is_bot)
        self.users[user["id"]] = user
        return user

    def _seat(self, guild: Json, user: Json, roles: Iterable[str]) -> Json:
        member = shapes.member(user, roles, self.ids.now())
        guild["members"].append(member)
        guild["member_count"] += 1
        self._seats[guild["id"], user["id"]] = member
        return member

    def remove_member(self, guild: str, user: str) -> None:
        """`user` leaves the guild, or is thrown out: Discord tells both alike."""
        member = self.member(guild, user)
        self.guild(guild)["members"].remove(member)
        del self._seats[guild, user]
        self.guild(guild)["member_count"] -= 1
        self.emit("GUILD_MEMBER_REMOVE", {"guild_id": guild, "user": member["user"]})

    def remove_role(self, guild: str, role: str) -> None:
        """Somebody deletes a role; whoever had it has it no longer."""
        self.guild(guild)["roles"].remove(self.role(guild, role))
        for member in self.guild(guild)["members"]:
            member["roles"] = [kept for kept in member["roles"] if kept != role]
        self.emit("GUILD_ROLE_DELETE", {"guild_id": guild, "role_id": role})

    def remove_channel(self, channel: str) -> None:
        """Somebody deletes a channel with all its messages."""
        place = self.channel(channel)
        self.guild(place["guild_id"])["channels"].remove(place)
        del self.channels[channel], self.posts[channel]
        self.emit("CHANNEL_DELETE", place)

    # -- finding things -----------------------------------------------------------------------------------

    def guild(self, guild: str) -> Json:
        """The guild, or 404."""
        if guild not in self.guilds:
            raise unknown("Guild")
        return self.guilds[guild]

    def channel(self, channel: str) -> Json:
        """The channel, thread or private channel, or 404."""
        if channel not in self.channels:
            raise unknown("Channel")
        return self.channels[channel]

    def guild_of(self, channel: str) -> str | None:
        """The guild a channel is in; None for a private channel."""
        return self.channel(channel).get("guild_id")

    def member(self, guild: str, user: str) -> Json:
        """The membership, or 404."""
        if (guild, user) not in self._seats:
            self.guild(guild)
            raise unknown("Member")
        return self._seats[guild, user]

    def role(self, guild: str, role: str) -> Json:
        """The role, or 404."""
        for candidate in self.guild(guild)["roles"]:
            if candidate["id"] == role:
                found: Json = candidate
                return found
        raise unknown("Role")

    def is_member(self, guild: str, user: str) -> bool:
        """Whether `user` is in the guild now."""
        return (guild, user) in self._seats

    def threads(self, guild: str) -> list[Json]:
        """Every thread of the guild, archived ones too."""
        return [
            channel
            for channel in self.channels.values()
            if channel.get("guild_id") == guild and "thread_metadata" in channel
        ]

    # -- rights -------------------------------------------------------------------------------------------

    def permissions(self, guild: str, user: str, channel: str | None = None) -> int:
        """The permission bits of a member, in one channel (a thread inherits its parent's) or at large."""
        member = self.member(guild, user)
        bits = 0
        for role in (guild, *member["roles"]):
            bits |= int(self.role(guild, role)["permissions"])
        if self.guild(guild)["owner_id"] == user or bits & Permission.ADMINISTRATOR:
            return ALL_PERMISSIONS
        return bits & ~self._denied(channel, {guild, user, *member["roles"]}) if channel else bits

    def _denied(self, channel: str, holders: set[str]) -> int:
        place = self.channel(channel)
        if "thread_metadata" in place:
            place = self.channel(place["parent_id"])
        return sum(int(o["deny"]) for o in place["permission_overwrites"] if o["id"] in holders)

    def top_position(self, guild: str, user: str) -> int:
        """The position of the member's highest role; 0 without roles."""
        roles = self.member(guild, user)["roles"]
        return max((int(self.role(guild, role)["position"]) for role in roles), default=0)

    def bot_may(self, channel: str, permission: Permission) -> bool:
        """Whether the bot holds the right in that channel; in private channels it always does."""
        guild = self.guild_of(channel)
        return guild is None or bool(self.permissions(guild, self.bot["id"], channel) & permission)

    def bot_role(self, guild: str) -> Json:
        """The managed role the bot came with."""
        role: Json = next(r for r in self.guild(guild)["roles"] if r.get("tags", {}).get("bot_id"))
        return role
