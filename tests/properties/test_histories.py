"""A replay gives what the oracle says, for every kind of rule, in any order of lines and whoever is linked."""

from __future__ import annotations

from random import Random

import pytest

from core.rules.loading import load
from tests.oracle import judge
from tests.properties.conftest import Effort
from tests.properties.kinds import KINDS, Kind, invented
from tests.properties.storyteller import LINKS, history
from tests.properties.town import differences, replayed


@pytest.mark.parametrize("name", KINDS)
def test_a_replay_gives_what_the_oracle_says(name: str, effort: Effort) -> None:
    for seed in range(effort.replays):
        check(KINDS[name], f"{name} {seed}", effort.statements)


@pytest.mark.parametrize("part", range(4))
def test_a_replay_of_invented_rules_gives_what_the_oracle_says(part: int, effort: Effort) -> None:
    for seed in range(part, 10 * effort.replays, 4):
        check(invented(seed), str(seed), effort.statements)


def check(kind: Kind, seed: str, length: int) -> None:
    random = Random(seed)  # noqa: S311 - a history, no secret
    said, now = history(random, kind.acts, length)
    links, book = random.choice(LINKS), load(kind.book, f"{kind.name}.toml")
    verdict, result = judge(kind.book, said, now, links), replayed(book, said, now, links)
    assert differences(verdict, result) == [], f"{kind.name}, {seed=}"
    assert replayed(book, said[::-1], now, links) == result, f"{kind.name}, {seed=}, backwards"
