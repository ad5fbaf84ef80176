"""Application commands: the registry behind the bulk PUT, with Discord's naming rules."""

import re

from bot.playground.discord_server.call import Call, Route
from bot.playground.discord_server.limits import check_choices
from bot.playground.discord_server.wire import Answer, ApiError, Json, invalid_form
from bot.playground.discord_server.world import World

_CHAT, _SUBCOMMANDS = 1, (1, 2)
_NAME = re.compile(r"[-_'\w]{1,32}")
_MOST_CHAT_COMMANDS = 100


class Commands:
    """The commands by guild; those under None are global."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by_guild: dict[str | None, list[Json]] = {None: []}

    def routes(self) -> list[Route]:
        """Read and replace, global and per guild."""
        app = "/applications/{application_id}"
        paths = (f"{app}/commands", f"{app}/guilds/{{guild_id}}/commands")
        reads = [Route("GET", path, self.read) for path in paths]
        return reads + [Route("PUT", path, self.replace) for path in paths]

    def read(self, call: Call) -> Answer:
        """The registered commands."""
        return self.by_guild.get(call.params.get("guild_id"), [])

    def replace(self, call: Call) -> Answer:
        """Bulk overwrite: what is not in the list is gone; a command that keeps its name keeps its id."""
        guild = call.params.get("guild_id")
        check_commands(call.items)
        old = {(c["type"], c["name"]): c["id"] for c in self.by_guild.get(guild, [])}
        self.by_guild[guild] = [self._register(command, guild, old) for command in call.items]
        return self.by_guild[guild]

    def find(self, guild: str | None, name: str, kind: int = _CHAT) -> Json:
        """The command people see under that name. LookupError when the bot registered none."""
        for command in (*self.by_guild.get(guild, []), *self.by_guild[None]):
            if command["name"] == name and command["type"] == kind:
                return command
        raise LookupError(f"/{name} is not registered")

    def _register(self, command: Json, guild: str | None, old: dict[tuple[int, str], str]) -> Json:
        absent = ("default_member_permissions", "contexts", "name_localizations", "description_localizations")
        shape: Json = {**dict.fromkeys(absent), "options": [], "nsfw": False, "dm_permission": True}
        shape |= {"description": "", "type": _CHAT, **command}
        shape["integration_types"] = command.get("integration_types") or [0]
        if shape["default_member_permissions"] is not None:
            shape["default_member_permissions"] = str(shape["default_member_permissions"])
        known = old.get((shape["type"], shape["name"]))
        shape |= {"id": known or self.world.ids.next(), "application_id": self.world.bot["id"]}
        return {**shape, "version": self.world.ids.next(), **({"guild_id": guild} if guild else {})}


def check_commands(commands: list[Json]) -> None:
    """Refuses a bulk PUT Discord would refuse (400)."""
    keys = [(command.get("type", _CHAT), command["name"]) for command in commands]
    if len(set(keys)) != len(keys):
        code = "APPLICATION_COMMANDS_DUPLICATE_NAME"
        raise invalid_form("", code, "Application command names must be unique")
    if sum(kind == _CHAT for kind, _ in keys) > _MOST_CHAT_COMMANDS:
        raise ApiError(400, 30032, "Maximum number of application commands reached (100)")
    for index, command in enumerate(commands):
        if command.get("type", _CHAT) == _CHAT:
            _check_named(command, str(index))
            _check_options(command.get("options") or [], f"{index}.options")


def _check_named(thing: Json, where: str) -> None:
    name, description = thing["name"], thing.get("description") or ""
    if not _NAME.fullmatch(name) or name != name.lower():
        code = "APPLICATION_COMMAND_INVALID_NAME"
        raise invalid_form(f"{where}.name", code, "Command name is invalid")
    if not 1 <= len(description) <= 100:
        text = "Must be between 1 and 100 in length."
        raise invalid_form(f"{where}.description", "BASE_TYPE_BAD_LENGTH", text)


def _check_options(options: list[Json], where: str) -> None:
    if len(options) > 25:
        raise invalid_form(where, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    names = [option["name"] for option in options]
    if len(set(names)) != len(names):
        raise invalid_form(where, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
        raise invalid_form(where, code, "Required options must be placed before non-required options")
    for index, option in enumerate(options):
        _check_named(option, f"{where}.{index}")
        check_choices(option.get("choices") or [], f"{where}.{index}.choices")
        if option["type"] in _SUBCOMMANDS:
            _check_options(option.get("options") or [], f"{where}.{index}.options")
