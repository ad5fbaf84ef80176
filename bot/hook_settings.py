"""Secrets of sources, and the APIs that are asked what was missed: PLAUDIT_HOOK_<SOURCE>_SECRET, _TOKEN and _URL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from adapters.connectors.address import is_safe

NAME = re.compile(r"PLAUDIT_HOOK_([A-Z0-9_]+)_(TOKEN|URL)")
SHORTEST = 8  # characters of a secret that a service made or takes
KINDS = frozenset(
    {"GITHUB", "GITLAB", "JIRA", "ZENDESK", "HUBSPOT", "MOODLE", "XAPI", "MAILCHIMP", "BUTTONDOWN", "TYPEFORM"}
)
"""Services whose secrets are texts of their own."""
NARROW = frozenset({"FORM", "ROSTER"})
"""Others that are not taken at their word for everything."""


@dataclass(frozen=True, slots=True)
class Api:
    """Where a source's own API is, and what opens it: a token, or `user:password`."""

    url: str
    token: SecretStr


def hook_name(source: str) -> str:
    """How a source is written in PLAUDIT_HOOK_<SOURCE>_SECRET: `desk:acme` as `DESK_ACME`."""
    return re.sub(r"[^A-Z0-9]", "_", source.upper())


def is_spelled_right(source: str) -> bool:
    """Whether it is read in the way that its secret is for: `github-acme` would find the secret of `github:acme`, and
    be heard like a source that may say anything."""
    kind = hook_name(source).partition("_")[0]
    return kind not in KINDS | NARROW or source.partition(":")[0] == kind.lower()


def takes_any_secret(name: str) -> bool:
    """Whether the source of a variable is a service that signs in its own way: `GITHUB_ACME`."""
    return name.partition("_")[0] in KINDS


def read_apis(values: Mapping[str, str]) -> tuple[dict[str, Api], list[str]]:
    """By the name of the source, and the faults; no fault repeats a value."""
    parts: dict[str, dict[str, str]] = {}
    for name, value in values.items():
        if found := NAME.fullmatch(name):
            parts.setdefault(found[1], {})[found[2]] = value
    faults = [fault for name, part in parts.items() for fault in _faults(name, part)]
    whole = {name: part for name, part in parts.items() if len(part) == 2}
    return {name: Api(part["URL"], SecretStr(part["TOKEN"])) for name, part in whole.items()}, faults


def _faults(name: str, part: Mapping[str, str]) -> Iterator[str]:
    url = f"PLAUDIT_HOOK_{name}_URL"
    if "URL" not in part:
        yield f"{url}: is missing; write the address of the API, as https://api.github.com/orgs/acme"
    elif not is_safe(part["URL"]):
        yield f"{url}: is no safe address for a token; write https://host/path"
    if "TOKEN" not in part:
        yield f"PLAUDIT_HOOK_{name}_TOKEN: is missing; write what opens the API, a token or user:password"
