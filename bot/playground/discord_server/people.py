"""What people do: write, reply, react, run commands, press buttons. The verbs of the playground and of tests.

Every verb takes ids (strings) and returns the id of what it made, or the interaction it started.
Messages say (channel, user, …) in that order everywhere.
"""

from typing import Any

from bot.playground.discord_server import options
from bot.playground.discord_server.chat import Chat
from bot.playground.discord_server.commands import Commands
from bot.playground.discord_server.interactions import Interaction, Interactions, Kind
from bot.playground.discord_server.limits import walk
from bot.playground.discord_server.wire import NO_MESSAGES, Json
from bot.playground.discord_server.world import World

_BUTTON, _TEXT_INPUT = 2, 4
_USER_MENU, _MESSAGE_MENU = 2, 3  # the types of such commands


class People:
    """The verbs. LookupError: a person, command or button that is not there. PermissionError: one that is
    not for this person. ApiError: a channel or message that does not exist.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.chat = Chat(world)
        self.interacting = Interactions(world)
        self.commands = Commands(world)

    # -- writing ------------------------------------------------------------------------------------------

    async def say(self, channel: str, user: str, content: str, **fields: Any) -> str:
        """Writes a message, in a channel or thread. `fields` are further wire fields, e.g. attachments."""
        self._check_present(channel, user)
        return self.chat.post(channel, user, content, **fields).id

    async def reply(self, channel: str, user: str, message: str, content: str) -> str:
        """Answers a message of the same channel."""
        self._check_present(channel, user)
        return self.chat.reply(channel, user, message, content).id

    async def edit(self, channel: str, message: str, content: str) -> None:
        """The author rewrites a message."""
        self.chat.edit(channel, message, content=content)

    async def delete(self, channel: str, *messages: str) -> None:
        """Deletes a message, or several at once as moderation tools do."""
        self.chat.remove(channel, *messages)

    async def open_thread(self, channel: str, user: str, name: str, *, message: str | None = None) -> str:
        """Opens a thread, from a message or on its own; returns its id, to write in with `say`."""
        return self.chat.open_thread(channel, user, name, message=message)

    async def forum_post(self, forum: str, user: str, title: str, content: str) -> str:
        """Opens a forum post; its id is that of the thread and of its first message."""
        return self.chat.open_forum_post(forum, user, title, content)

    async def archive(self, thread: str, *, archived: bool = True) -> None:
        """Archives a thread; a message in it wakes it."""
        self.chat.archive(thread, archived=archived)

    # -- reacting -----------------------------------------------------------------------------------------

    async def react(self, channel: str, user: str, message: str, emoji: str) -> None:
        """Reacts with "👍" or, for a custom emoji, "name:id"."""
        self._check_present(channel, user)
        self.chat.react(channel, user, message, emoji)

    async def unreact(self, channel: str, user: str, message: str, emoji: str) -> None:
        """Takes a reaction back."""
        self.chat.unreact(channel, user, message, emoji)

    async def clear_reactions(self, channel: str, message: str, emoji: str | None = None) -> None:
        """A moderator wipes a message's reactions, all or those with one emoji."""
        self.chat.clear_reactions(channel, message, emoji)

    # -- coming and going ---------------------------------------------------------------------------------

    async def join(self, guild: str, name: str, *, user: str | None = None) -> str:
        """A new person, or one who was there before (`user`), joins; returns the user's id."""
        return self.world.add_member(guild, name, user=user)

    async def leave(self, guild: str, user: str) -> None:
        """A person leaves."""
        self.world.remove_member(guild, user)

    async def ban(self, guild: str, user: str) -> None:
        """A moderator bans a member."""
        self.world.remove_member(guild, user)
        self.world.emit("GUILD_BAN_ADD", {"guild_id": guild, "user": self.world.users[user]})

    async def unban(self, guild: str, user: str) -> None:
        """A moderator lifts a ban; the person is not back by that."""
        self.world.emit("GUILD_BAN_REMOVE", {"guild_id": guild, "user": self.world.users[user]})

    async def set_roles(self, guild: str, user: str, *roles: str) -> None:
        """A moderator gives a member exactly these roles."""
        member = self.world.member(guild, user)
        member["roles"] = list(roles)
        self.world.emit("GUILD_MEMBER_UPDATE", {**member, "guild_id": guild})

    # -- commands, buttons, forms -------------------------------------------------------------------------

    async def slash(self, channel: str, user: str, command: str, **values: Any) -> Interaction:
        """Runs "/command" or "/command group sub" with option values; people and roles are ids."""
        return self._command(Kind.COMMAND, channel, user, command, values)

    async def context_menu(self, channel: str, user: str, message: str, name: str) -> Interaction:
        """Chooses one of the bot's entries from the menu of a message."""
        guild = self.world.guild_of(channel)
        command = self.commands.find(guild, name, _MESSAGE_MENU)
        if guild:
            self._check_allowed(guild, channel, user, command)
        target = self._find(channel, message)
        data = {"id": command["id"], "name": name, "type": _MESSAGE_MENU, "target_id": message}
        return self.interacting.start(Kind.COMMAND, channel, user, data | {"resolved": {"messages": {message: target}}})

    async def user_menu(self, channel: str, user: str, whom: str, name: str) -> Interaction:
        """Chooses one of the bot's entries from the menu of a person."""
        guild = self.world.guild_of(channel)
        command = self.commands.find(guild, name, _USER_MENU)
        if guild:
            self._check_allowed(guild, channel, user, command)
        data = {"id": command["id"], "name": name, "type": _USER_MENU, "target_id": whom}
        return self.interacting.start(Kind.COMMAND, channel, user, data | {"resolved": self._shown(guild, whom)})

    def _shown(self, guild: str | None, whom: str) -> Json:
        found: Json = {"users": {whom: self.world.users[whom]}}
        return found if guild is None else found | {"members": {whom: options.resolved_member(self.world, guild, whom)}}

    async def autocomplete(self, channel: str, user: str, command: str, focused: str, **values: Any) -> Interaction:
        """Types into the option `focused`; the answer's `choices` are what the person is offered."""
        return self._command(Kind.AUTOCOMPLETE, channel, user, command, values, focused=focused)

    async def click(
        self, channel: str, user: str, message: str, custom_id: str, values: list[str] | None = None
    ) -> Interaction:
        """Presses a button (or picks `values` in a menu) of a message, public or ephemeral."""
        body = self._find(channel, message)
        part = next((p for p in walk(body["components"]) if p.get("custom_id") == custom_id), None)
        if part is None:
            raise LookupError(f"message {message} has no component {custom_id!r}")
        if part.get("disabled"):
            raise PermissionError(f"{custom_id!r} is disabled")
        data: Json = {"component_type": part["type"], "custom_id": custom_id, "id": part["id"]}
        if part["type"] != _BUTTON:
            data["values"] = values or []
        return self.interacting.start(Kind.COMPONENT, channel, user, data, body)

    async def submit(self, opened: Interaction, **values: Any) -> Interaction:
        """Sends the form that `opened` (a command or click) was answered with; values by custom_id."""
        modal = opened.modal
        if modal is None:
            raise LookupError("the bot opened no form")
        data = {
            "custom_id": modal["custom_id"],
            "components": [_filled(p, values) for p in modal["components"]],
        }
        return self.interacting.start(Kind.MODAL, opened.channel, opened.user, data, opened.payload.get("message"))

    def _command(
        self, kind: Kind, channel: str, user: str, line: str, values: Json, *, focused: str | None = None
    ) -> Interaction:
        guild, (name, *path) = self.world.guild_of(channel), line.removeprefix("/").split()
        command = self.commands.find(guild, name)
        if guild:
            self._check_allowed(guild, channel, user, command)
        is_typing = kind is Kind.AUTOCOMPLETE
        chosen = options.fill(command, path, values, focused=focused, partial=is_typing)
        data = {"id": command["id"], "name": name, "type": 1, "options": chosen}
        data |= {"guild_id": command["guild_id"]} if "guild_id" in command else {}
        resolved = options.resolve(self.world, guild, chosen)
        return self.interacting.start(kind, channel, user, data | ({"resolved": resolved} if resolved else {}))

    def _check_present(self, channel: str, user: str) -> None:
        if self.world.channel(channel)["type"] in NO_MESSAGES:
            raise LookupError("a forum or category takes no messages; open a forum_post")
        guild = self.world.guild_of(channel)
        if guild is not None and not self.world.is_member(guild, user):
            raise LookupError(f"{self.world.users[user]['username']} is not in the guild")

    def _check_allowed(self, guild: str, channel: str, user: str, command: Json) -> None:
        needed = int(command["default_member_permissions"] or 0)
        if needed & ~self.world.permissions(guild, user, channel):
            raise PermissionError(f"/{command['name']} is not shown to this person")

    def _find(self, channel: str, message: str) -> Json:
        post = self.world.posts[channel].get(message)
        return post.seen_by(self.world.bot["id"]) if post else self.interacting.find_private(message)


def _filled(part: Json, values: Json) -> Json:
    filled: Json = {"type": part["type"], "id": part.get("id", 1)}
    if "components" in part:
        return filled | {"components": [_filled(child, values) for child in part["components"]]}
    if "component" in part:
        return filled | {"component": _filled(part["component"], values)}
    if "custom_id" not in part:
        return filled
    given = values.get(part["custom_id"], part.get("value", ""))
    key = "value" if part["type"] == _TEXT_INPUT else "values"
    return filled | {"custom_id": part["custom_id"], key: given}
