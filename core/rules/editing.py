"""Settings written into the text of a rule book: whatever people wrote beside them stays, comments too."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from core.errors import PlauditError

Setting = str | Mapping[str, str]
"""A text, or a table with a text for each platform."""


class NotEdited(PlauditError):
    """This text is written in a way that cannot be changed safely by machine."""


def written(text: str, settings: Iterable[tuple[str, str, Setting]]) -> str:
    """The text with these settings, each as (table, key, value); an empty table takes the key out.

    Raises NotEdited where the result would not say exactly that, and nothing else.
    """
    settings = list(settings)
    lines = text.splitlines()
    for table, key, value in settings:
        _put(lines, table, key, value)
    found = "\n".join(lines) + "\n"
    try:
        is_right = tomllib.loads(found) == _expected(tomllib.loads(text), settings)
    except (tomllib.TOMLDecodeError, AttributeError):  # it is said twice now, or was no table before
        is_right = False
    if not is_right:
        raise NotEdited(as_lines(settings))
    return found


def as_lines(settings: Iterable[tuple[str, str, Setting]]) -> str:
    """The same, to be pasted by hand."""
    tables: dict[str, list[str]] = {}
    for table, key, value in settings:
        if value != {}:
            tables.setdefault(table, []).append(f"{key} = {_literal(value)}")
    return "\n".join("\n".join((f"[{table}]", *lines)) for table, lines in tables.items())


def _put(lines: list[str], table: str, key: str, value: Setting) -> None:
    start = _table(lines, table)
    own = re.compile(rf"\s*{key}\s*=\s*(\"[^\"]*\"|\{{[^}}]*\}})(\s*#.*)?\s*$")
    for number in range(start + 1, _end(lines, start)):
        if found := own.match(lines[number]):
            there = [] if value == {} else [f"{key} = {_literal(value)}{found[2] or ''}"]
            lines[number : number + 1] = there
            return
    if value != {}:
        lines.insert(_after(lines, start), f"{key} = {_literal(value)}")


def _table(lines: list[str], table: str) -> int:
    """Where the table begins; it is made where there is none, in place of one that is a comment."""
    real, commented = re.compile(rf"\s*\[\s*{table}\s*\]"), re.compile(rf"#\s*\[{table}\]\s*$")
    for number, line in enumerate(lines):
        if real.match(line):
            return number
    for number, line in enumerate(lines):
        if commented.match(line):
            lines[number] = f"[{table}]"
            while number + 1 < len(lines) and re.match(r"#\s*\w+ = ", lines[number + 1]):
                del lines[number + 1]
            return number
    lines += ["", f"[{table}]"]
    return len(lines) - 1


def _end(lines: list[str], start: int) -> int:
    """The line after the table's last one."""
    later = (n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("["))
    return next(later, len(lines))


def _after(lines: list[str], start: int) -> int:
    """The place for one more key: behind those that follow each other."""
    number = start + 1
    while number < len(lines) and re.match(r"\s*\w+\s*=", lines[number]):
        number += 1
    return number


def _literal(value: Setting) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return "{ " + ", ".join(f"{name} = {_literal(text)}" for name, text in value.items()) + " }"


def _expected(tables: dict[str, Any], settings: Iterable[tuple[str, str, Setting]]) -> dict[str, Any]:
    for table, key, value in settings:
        there = tables.setdefault(table, {})
        if value == {}:
            there.pop(key, None)
        else:
            there[key] = value if isinstance(value, str) else dict(value)
    return tables
