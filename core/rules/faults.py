"""What is wrong with a rule book, said so that the person who wrote it can mend it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ValidationError

from core.catalogue import nearest
from core.rules.boards import BoardRule, Season
from core.rules.book import RuleBook
from core.rules.community import Channels, Community, Defaults, Digest, Kudos, Moderators, OnPlatforms, Pictures, Types
from core.rules.conditions import Achievement, Level, Part, ScoreRule, Signal
from core.rules.connectors import Mapped
from core.rules.examples import Example, Happening
from core.rules.fairness import Fairness
from core.rules.filters import WRITTEN, BadFilter
from core.rules.findings import Finding, Severity
from core.rules.givers import Giver
from core.rules.grammar import Limit, Needs, Step, Tier, Unless, Who, keys
from core.rules.locations import Key, Path, line_of
from core.rules.noise import Noise
from core.rules.rewards import Reward, Rewards
from core.rules.teams import Team
from core.rules.webhooks import Webhook

_AT = re.compile(r"^(.*?) \(at (?:line (\d+), column (\d+)|(end of document))\)$", re.S)
_TWICE = re.compile(r"Cannot (?:declare|overwrite|redefine)", re.I)

_TABLES: dict[str, type[BaseModel]] = {
    "community": Community,
    "defaults": Defaults,
    "channels": Channels,
    "digest": Digest,
    "fairness": Fairness,
    "kudos": Kudos,
    "creators": OnPlatforms,
    "moderators": Moderators,
    "managers": OnPlatforms,
    "noise": Noise,
    "pictures": Pictures,
    "admins": OnPlatforms,
    "rewards": Rewards,
    "types": Types,
    "example": Example,
}
_ENTRIES: dict[str, type[BaseModel]] = {
    "achievement": Achievement,
    "signal": Signal,
    "score": ScoreRule,
    "level": Level,
    "board": BoardRule,
    "season": Season,
    "reward": Reward,
    "team": Team,
    "webhook": Webhook,
    "givers": Giver,
    "roles": OnPlatforms,
    "channels": OnPlatforms,
    "connectors": Mapped,
}
_NAMED = ("achievement", "signal", "score", "board", "season", "reward", "team", "roles", "connectors")
_INSIDE: dict[str, type[BaseModel]] = {
    "limit": Limit,
    "unless": Unless,
    "needs": Needs,
    "who": Who,
    "steps": Step,
    "tiers": Tier,
    "all": Part,
    "any": Part,
    "events": Happening,
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

    `place`: what to take the line from, where that is deeper than the path shown. `code`: its number in
    docs/reference/lint.md; R0 is what cannot be read at all.
    """

    path: Path
    text: str
    place: Path = ()
    code: str = "R0"
    severity: Severity = "error"


def advice(code: str, path: Path, text: str) -> Fault:
    """A warning: the book works, and somebody should think about it."""
    return Fault(path, text, code=code, severity="warning")


def coded(code: str, faults: Iterable[Fault]) -> Iterator[Fault]:
    """The same faults; those that have no number of their own get this one."""
    for fault in faults:
        yield replace(fault, code=code) if fault.code == "R0" else fault


def write_faults(faults: Iterable[Fault], lines: Mapping[Path, int], file: str) -> list[Finding]:
    """Each once, with its line, in the order of the file."""
    found = [
        Finding(file, line_of(lines, f.place or f.path), _name(f.path), f.code, f.text, f.severity) for f in faults
    ]
    return sorted(dict.fromkeys(found), key=lambda finding: finding.line or 0)


def _name(path: Path) -> str:
    return "".join(f"[{k + 1}]" if isinstance(k, int) else f".{k}" for k in path)[1:]


def syntax_fault(error: tomllib.TOMLDecodeError, text: str, file: str) -> Finding:
    """Where the file is no TOML."""
    found = _AT.match(str(error))
    if found is None:
        return Finding(file, 1, "", "R0", f"this is no TOML: {error}")
    line = int(found[2]) if found[2] else text.rstrip().count("\n") + 1
    said = f"this is no TOML ({_lower(found[1])}); look for a missing quote, bracket or ="
    if _TWICE.search(found[1]):
        said = "the same key or table stands here for the second time; keep one of them"
    return Finding(file, line, "", "R0", said, column=int(found[3]) if found[2] else None)


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
            return [_bad_filter(path, bad) for bad in context["faults"]]
        case "extra_forbidden":
            return [Fault(path[:-1], unknown_key(path), path, "R1")]
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
        case kind if path[2:3] == ("manual",):
            return [Fault(path, 'name the role that gives it, as manual = "moderator"', code="R28")]
        case kind:
            return [Fault(path, _heading(path, error["input"]) or _TEXTS.get(kind) or _lower(error["msg"]))]


def _heading(path: Path, written: object) -> str | None:
    """What to say of a heading with one pair of brackets too few or too many; None where it is something else."""
    if len(path) != 1 or not isinstance(written, dict | list):
        return None
    name = path[0]
    if isinstance(written, dict):
        return f"there may be several, so write two brackets: [[{name}]]"
    if name in _NAMED:
        return f"each has a name in its heading: write [{name}.a_name] instead of [[{name}]]"
    return f"write one pair of brackets: [{name}]"


def _bad_filter(path: Path, bad: BadFilter) -> Fault:
    unknown = str(bad).startswith("unknown comparison")
    text = _unknown_comparison(bad.path[-1]) if unknown else str(bad)
    return Fault((*path, *bad.path), text, code="R1" if unknown else "R0")


def _unknown_comparison(name: str) -> str:
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
    if path[0] == "connectors":
        example = {"type": 'type = "form.submitted"', "id": 'id = "submission.id"'}
    if path[0] == "webhook":
        example = {"name": 'name = "crm"', "secret_env": 'secret_env = "PLAUDIT_OUT_CRM_SECRET"'}
        example["url"] = 'url = "https://example.org/plaudit"'
    if path[0] == "givers":
        example = {"achievements": 'achievements = ["helper"]', "monthly": "monthly = 10"}
    return f'"{path[-1]}" is missing; add {example.get(str(path[-1]), str(path[-1]) + " = …")}'


def _choice(expected: str, written: object) -> str:
    choices = re.findall(r"'([^']*)'", expected)
    if not choices:
        return f"write {expected}"
    near = nearest(written, choices) if isinstance(written, str) else None
    listed = ", ".join(f'"{c}"' for c in choices)
    return f'Did you mean "{near}"? It is one of {listed}' if near else f"write one of {listed}"
