"""What is wrong with a rule book, said so that the person who wrote it can mend it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from core.catalogue import nearest
from core.rules.book import RuleBook
from core.rules.community import Channels, Community, Defaults, Digest, OnPlatforms, Types
from core.rules.conditions import Achievement, Level, Part, ScoreRule, Signal
from core.rules.filters import WRITTEN, BadFilter
from core.rules.grammar import Limit, Needs, Step, Tier, Unless, Who, keys
from core.rules.locations import Key, Path, line_of

_AT = re.compile(r"^(.*?) \(at (?:line (\d+), column (\d+)|(end of document))\)$", re.S)
_TWICE = re.compile(r"Cannot (?:declare|overwrite|redefine)", re.I)

_TABLES: dict[str, type[BaseModel]] = {
    "community": Community,
    "defaults": Defaults,
    "channels": Channels,
    "digest": Digest,
    "moderators": OnPlatforms,
    "types": Types,
}
_ENTRIES: dict[str, type[BaseModel]] = {
    "achievement": Achievement,
    "signal": Signal,
    "score": ScoreRule,
    "level": Level,
    "roles": OnPlatforms,
    "channels": OnPlatforms,
}
_INSIDE: dict[str, type[BaseModel]] = {
    "limit": Limit,
    "unless": Unless,
    "needs": Needs,
    "who": Who,
    "steps": Step,
    "tiers": Tier,
    "all": Part,
    "any": Part,
}
_TEXTS = {
    "string_type": "write a text in quotes",
    "string_too_short": "write something between the quotes",
    "bool_type": "write true or false",
    "tuple_type": 'write a list, as ["a", "b"]',
    "list_type": 'write a list, as ["a", "b"]',
    "dict_type": "write a table with keys",
    "model_type": "write a table with keys",
    "too_short": "write at least one",
    "missing_positional_only_argument": "write all values",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: the keys that lead to it, and what to write instead.

    `place`: what to take the line from, where that is deeper than the path shown.
    """

    path: Path
    text: str
    place: Path = ()


def write_faults(faults: Iterable[Fault], lines: Mapping[Path, int], file: str) -> list[str]:
    """One line each, in the order of the file: file, line, key, what to write instead."""
    placed = sorted(((line_of(lines, f.place or f.path), f) for f in faults), key=lambda found: found[0])
    return list(dict.fromkeys(f"{file}:{line} {_name(f.path)}{f.text}" for line, f in placed))


def _name(path: Path) -> str:
    named = "".join(f"[{k + 1}]" if isinstance(k, int) else f".{k}" for k in path)
    return f"{named[1:]}: " if named else ""


def syntax_fault(error: tomllib.TOMLDecodeError, text: str, file: str) -> str:
    """The one line that says where the file is no TOML."""
    found = _AT.match(str(error))
    if found is None:
        return f"{file}:1 this is no TOML: {error}"
    line, column = (found[2], found[3]) if found[2] else (text.rstrip().count("\n") + 1, None)
    place = f"{file}:{line}" + (f" column {column}" if column else "")
    if _TWICE.search(found[1]):
        return f"{place}: the same key or table stands here for the second time; keep one of them"
    return f"{place}: this is no TOML ({_lower(found[1])}); look for a missing quote, bracket or ="


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def grammar_faults(error: ValidationError, data: Mapping[str, Any]) -> list[Fault]:
    """What pydantic found, in our words. `data`: the tables as written."""
    errors = error.errors(include_url=False)
    deeper = {tuple(e["loc"])[:n] for e in errors for n in range(1, len(e["loc"]))}
    # pydantic calls a list too short when it could not read its items: those are told already
    told = [e for e in errors if e["type"] != "too_short" or tuple(e["loc"]) not in deeper]
    found = [fault for e in told for fault in _translate(e)]
    written = [fault for fault in found if not _inherited(fault.path, data)]
    return written or found


def _inherited(path: Path, data: Mapping[str, Any]) -> bool:
    """Whether a value came into a rule from [defaults]: the fault is told there."""
    defaults = data.get("defaults")
    if len(path) < 3 or path[0] not in ("achievement", "signal", "score") or not isinstance(defaults, dict):
        return False
    rule = data[str(path[0])][path[1]]
    return path[2] in defaults and path[2] not in rule


def _translate(error: Any) -> list[Fault]:
    path: Path = tuple(error["loc"])
    context = error.get("ctx", {})
    match error["type"]:
        case "where":
            return [Fault((*path, *bad.path), _comparison(bad)) for bad in context["faults"]]
        case "extra_forbidden":
            return [Fault(path[:-1], unknown_key(path), path)]
        case "missing":
            return [Fault(path[:-1], _missing(path))]
        case "literal_error":
            return [Fault(path, _choice(context["expected"], error["input"]))]
        case "greater_than_equal":
            return [Fault(path, f"write {context['ge']} or more")]
        case "less_than_equal":
            return [Fault(path, f"write {context['le']} or less")]
        case "value_error":
            return [Fault(path, str(context["error"]))]
        case kind:
            return [Fault(path, _TEXTS.get(kind) or _lower(error["msg"]))]


def _comparison(bad: BadFilter) -> str:
    if not str(bad).startswith("unknown comparison"):
        return str(bad)
    name = bad.path[-1]
    near = nearest(name, WRITTEN)
    remedy = f'Did you mean "{near}"?' if near else f"Write one of {', '.join(WRITTEN)}"
    return f'unknown comparison "{name}". {remedy}'


def unknown_key(path: Path) -> str:
    """What to say about a key that the language does not have."""
    name, known = str(path[-1]), known_keys(path[:-1])
    near = nearest(name, known)
    if near:
        return f'unknown key "{name}". Did you mean "{near}"?'
    return f'unknown key "{name}". Here you can write {", ".join(sorted(known))}'


def known_keys(table: Path) -> list[str]:
    """The keys that a table of the file may have."""
    return list(keys(_model(table)))


def _model(table: Path) -> type[BaseModel]:
    names: list[Key] = [k for k in table if not isinstance(k, int)]
    if not names:
        return RuleBook
    for depth in (1, 2):  # the name of a rule or tier may be any word: look at what stands before it, too
        inside = _INSIDE.get(str(names[-depth])) if len(names) > depth else None
        if inside is not None and (depth == 1 or inside is Tier):
            return inside
    first = str(names[0])
    if len(names) == 1 and first in _TABLES:
        return _TABLES[first]
    return _ENTRIES.get(first, RuleBook)


def _missing(path: Path) -> str:
    if path == ("rules",):
        return "write rules = 1 at the top: the version of the rule language"
    example = {"name": 'name = "What members see"', "when": 'when = "message.posted"', "give": "give = 1"}
    return f'"{path[-1]}" is missing; add {example.get(str(path[-1]), str(path[-1]) + " = …")}'


def _choice(expected: str, written: object) -> str:
    choices = re.findall(r"'([^']*)'", expected)
    if not choices:
        return f"write {expected}"
    near = nearest(written, choices) if isinstance(written, str) else None
    listed = ", ".join(f'"{c}"' for c in choices)
    return f'Did you mean "{near}"? It is one of {listed}' if near else f"write one of {listed}"
