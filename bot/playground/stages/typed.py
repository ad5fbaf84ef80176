"""A Discord command typed out, `/plaudit grant @Lena beyond_the_chat for the talk`, as the options Discord would fill.

The real client shows a form; here a line is enough: options by name (`reason:for the talk`) or in their order, the
last one taking the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.playground.stages.refusals import NotAllowed

Json = dict[str, Any]
_SUBCOMMANDS, _USER = (1, 2), 6
_FIRST = re.compile(r'"([^"]*)"\s*|(\S+)\s*')


def read(line: str, commands: Sequence[Json], user: Callable[[str], str | None]) -> tuple[str, dict[str, str]]:
    """The command with its subcommand, and its values. `user` finds the id behind a name. Raises NotAllowed."""
    name, _, rest = line.strip().removeprefix("/").partition(" ")
    command = _named(commands, name)
    path = [name]
    while any(o["type"] in _SUBCOMMANDS for o in command.get("options") or ()):
        word, _, rest = rest.strip().partition(" ")
        command = _named(command["options"], word, before=f"/{' '.join(path)} ")
        path.append(word)
    values = _values(command, rest.strip())
    return " ".join(path), {n: _value(command, n, text, user) for n, text in values.items()}


def _named(options: Sequence[Json], name: str, before: str = "/") -> Json:
    for option in options:
        if option["name"] == name:
            return option
    known = ", ".join(before + o["name"] for o in options) or "none yet: Plaudit is still connecting"
    raise NotAllowed(f"There is no command {before}{name}. Known: {known}")


def _values(command: Mapping[str, Any], rest: str) -> dict[str, str]:
    names = [o["name"] for o in command.get("options") or ()]
    found = _by_name(names, rest) if names else {}
    values = found or _in_order(command, rest)
    missing = [o["name"] for o in command.get("options") or () if o.get("required") and not values.get(o["name"])]
    if missing:
        raise NotAllowed(f"Missing: {', '.join(missing)}. In order: {' '.join(f'<{n}>' for n in names)}")
    return values


def _by_name(names: Sequence[str], rest: str) -> dict[str, str]:
    """`name:value name:value`, where a value goes on to the next name."""
    parts = re.split(rf"(?:^|\s)({'|'.join(map(re.escape, names))}):", rest)
    return {parts[i]: parts[i + 1].strip() for i in range(1, len(parts), 2)} if not parts[0].strip() else {}


def _in_order(command: Mapping[str, Any], rest: str) -> dict[str, str]:
    options = command.get("options") or []
    wanted = [o["name"] for o in options if o.get("required")] or [o["name"] for o in options]
    values: dict[str, str] = {}
    for name in wanted:
        if not rest:
            break
        if name == wanted[-1]:
            values[name] = rest.strip('"')
        elif first := _FIRST.match(rest):
            values[name], rest = first.group(1) or first.group(2) or "", rest[first.end() :]
    return values


def _value(command: Mapping[str, Any], name: str, text: str, user: Callable[[str], str | None]) -> str:
    option = next(o for o in command["options"] if o["name"] == name)
    if option["type"] == _USER:
        found = user(text)
        if found is None:
            raise NotAllowed(f"Nobody here is called {text[:40]}.")
        return found
    choices = option.get("choices") or []
    return next((str(c["value"]) for c in choices if text in (c["name"], c["value"])), text)
