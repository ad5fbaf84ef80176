"""Options of a slash command as they are typed: nested under subcommands, with people and roles resolved."""

from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from bot.playground.discord_server.shapes import bare_member
from bot.playground.discord_server.wire import Json
from bot.playground.discord_server.world import World


class Type(IntEnum):
    """The option types that are more than a plain value."""

    SUBCOMMAND = 1
    GROUP = 2
    USER = 6
    CHANNEL = 7
    ROLE = 8


def fill(command: Json, path: list[str], values: Json, *, focused: str | None, partial: bool) -> list[Json]:
    """The `options` of an interaction. LookupError for a subcommand or option that was not registered.

    `partial` is a command still being typed: required options may be missing.
    """
    if path:
        sub = _named(command, path[0])
        inner = fill(sub, path[1:], values, focused=focused, partial=partial)
        return [{"name": sub["name"], "type": sub["type"], "options": inner}]
    if not partial:
        _check_required(command, values)
    return [_option(command, name, value, focused) for name, value in values.items()]


def _option(command: Json, name: str, value: Any, focused: str | None) -> Json:
    shape = {"name": name, "type": _named(command, name)["type"], "value": value}
    return {**shape, "focused": True} if name == focused else shape


def _named(command: Json, name: str) -> Json:
    for option in command.get("options") or []:
        if option["name"] == name:
            found: Json = option
            return found
    raise LookupError(f"{command['name']!r} has no option {name!r}")


def _check_required(command: Json, values: Json) -> None:
    for option in command.get("options") or []:
        if option["type"] in (Type.SUBCOMMAND, Type.GROUP):
            raise LookupError(f"{command['name']!r} needs a subcommand")
        if option.get("required") and option["name"] not in values:
            raise LookupError(f"{command['name']!r} needs the option {option['name']!r}")


def resolve(world: World, guild: str | None, options: list[Json]) -> Json:
    """The objects behind the ids among the options, as Discord sends them along."""
    resolved: Json = {}
    for option in _leaves(options):
        value = str(option["value"])
        if option["type"] == Type.USER:
            resolved.setdefault("users", {})[value] = world.users[value]
            if guild and world.is_member(guild, value):
                resolved.setdefault("members", {})[value] = resolved_member(world, guild, value)
        elif option["type"] == Type.ROLE and guild:
            resolved.setdefault("roles", {})[value] = world.role(guild, value)
        elif option["type"] == Type.CHANNEL:
            resolved.setdefault("channels", {})[value] = {**world.channel(value), "permissions": "0"}
    return resolved


def _leaves(options: list[Json]) -> Iterator[Json]:
    for option in options:
        if "options" in option:
            yield from _leaves(option["options"])
        else:
            yield option


def resolved_member(world: World, guild: str, user: str) -> Json:
    member = bare_member(world.member(guild, user))
    slim = {key: value for key, value in member.items() if key not in ("deaf", "mute")}
    return {**slim, "permissions": str(world.permissions(guild, user))}
