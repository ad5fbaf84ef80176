"""`[team.ID]`: the teams of a community, and the user group or role by which a platform says who is in one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from core.roster_rows import LONGEST_TEAM
from core.rules.community import OnPlatforms, Platform
from core.rules.grammar import Flag, Text
from core.rules.locations import Path

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")  # a button carries it
_PLATFORMS: tuple[Platform, ...] = ("slack", "discord")


class Team(OnPlatforms):
    """`name`: what facts, rules and boards call it, as a roster does. `open`: members may join and leave it."""

    name: Text
    open: Flag = False


def team_faults(teams: Mapping[str, Team]) -> Iterator[tuple[Path, str, str]]:
    """What no key shows alone, as (path, what to write instead, number)."""
    seen: dict[str, str] = {}
    for name, team in teams.items():
        path: Path = ("team", name)
        if not _ID.fullmatch(name):
            yield path, "an id has up to 40 letters, digits, _ and -; what members see goes into name", "R0"
        if len(team.name) > LONGEST_TEAM or not team.name.isprintable():
            yield (*path, "name"), f"write a name of at most {LONGEST_TEAM} characters in one line", "R0"
        for word, text in _unique(team):
            if word in seen:
                yield path, f'"{text}" belongs to [team.{seen[word]}] already; write another one', "R2"
            seen.setdefault(word, name)


def _unique(team: Team) -> Iterator[tuple[str, str]]:
    yield f"name {team.name.casefold()}", team.name
    for platform in _PLATFORMS:
        if (there := team.on(platform)) is not None:
            yield f"{platform} {there.removeprefix('@').casefold()}", there
