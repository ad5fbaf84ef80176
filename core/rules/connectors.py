"""`[connectors]`: how what a source sends becomes a fact, where the source has no connector of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, PlainValidator

from core.catalogue import CLOCK, ENGINE, HAND, KEPT, KNOWN, nearest
from core.rules.community import SOURCE
from core.rules.grammar import Table, Text
from core.rules.locations import Path

OWN = frozenset(
    {
        *("slack", "discord", "moderator", "clock", "engine", "plaudit", "roster"),
        *("github", "gitlab", "jira", "zendesk", "hubspot", "moodle", "xapi", "mailchimp", "buttondown", "typeform"),
    }
)
"""Kinds of sources that are read without a line in the book."""
SAID_BY_US = frozenset((*HAND, *CLOCK, *ENGINE, *KEPT)) - {"team.joined"}
LONGEST_PATH = 200
_PATH = re.compile(r"[^.\s](?:[^.]*[^.\s])?(?:\.[^.\s](?:[^.]*[^.\s])?)*")


def is_path(text: str) -> bool:
    """Whether it leads somewhere: names (or places in a list, from 0) with one dot between two."""
    return len(text) <= LONGEST_PATH and text.isprintable() and _PATH.fullmatch(text) is not None


def _path(value: object) -> str:
    if isinstance(value, str) and is_path(value):
        return value
    raise ValueError('write where it stands in the JSON, names with dots between them, as "answers.email"')


def _source(value: object) -> str:
    if isinstance(value, str) and SOURCE.fullmatch(value):
        return value
    raise ValueError('write a source, as "slack:T024BE7LD"')


def _plain(value: object) -> str | int | Decimal | bool:
    if isinstance(value, str | int | Decimal | bool):
        return value
    raise ValueError('write a text, a number, true or false; put a path with dots in quotes, as "form.state" = "sent"')


Place = Annotated[str, PlainValidator(_path)]


class Mapped(Table):
    """`id`, `at`, `actor` and `facts` say where in the JSON to look. `at` None: when it arrived. `only`: what must
    stand there, else the request is ignored."""

    type: Text
    id: Place
    at: Place | None = None
    actor: Place | None = None
    actor_source: Annotated[str, PlainValidator(_source)] | None = None
    facts: dict[Text, Place] = Field(default_factory=dict)
    only: dict[Text, Annotated[Any, PlainValidator(_plain)]] = Field(default_factory=dict)


def connector_faults(tables: Mapping[str, Mapped], known: Collection[str]) -> Iterator[tuple[Path, str, str]]:
    """(path, text, number of the fault) for what the grammar allows and makes no sense. `known`: types of the book."""
    for source, mapped in tables.items():
        path: Path = ("connectors", source)
        yield from _source_faults(path, source)
        yield from _type_faults((*path, "type"), mapped.type, known)
        if mapped.actor_source is not None and mapped.actor is None:
            yield (*path, "actor_source"), 'goes with actor; add where the person stands, as actor = "user.id"', "R2"
        for place in mapped.only:
            if not is_path(place):
                yield (*path, "only", place), 'write names with one dot between two, as "form.state" = "sent"', "R0"


def _source_faults(path: Path, source: str) -> Iterator[tuple[Path, str, str]]:
    if not SOURCE.fullmatch(source):
        yield path, 'write the source of the address in quotes, as [connectors."form:signup"]', "R0"
    elif source.partition(":")[0] in OWN:
        yield path, f'"{source.partition(":")[0]}" is read without it; take this table out', "R2"


def _type_faults(path: Path, name: str, known: Collection[str]) -> Iterator[tuple[Path, str, str]]:
    if name in SAID_BY_US:
        yield path, f'"{name}" is said by Plaudit alone; write what happened there, as "form.submitted"', "R7"
    elif name not in KNOWN and name not in known:
        near = nearest(name, KNOWN | set(known))
        guess = f'Did you mean "{near}"? If not, add' if near else "Add"
        yield path, f'unknown event type "{name}". {guess} it to known in [types]', "R7"
