"""The comparison bites: no sentence can be forgotten, and no rule of the books is one that nobody ever meets."""

from __future__ import annotations

import tomllib
from random import Random

import pytest

from tests.oracle import FAULTS, judge
from tests.properties.faults import HISTORIES, KINDS_OF, LENGTH, noticed
from tests.properties.kinds import KINDS
from tests.properties.storyteller import history


def test_every_fault_has_its_kinds() -> None:
    assert KINDS_OF.keys() == FAULTS.keys()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_forgotten_sentence_is_noticed(fault: str) -> None:
    assert any(noticed(fault))


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"counting"}))
def test_every_achievement_is_earned_in_some_history(kind: str) -> None:
    book = KINDS[kind].book
    missing = {*tomllib.loads(book)["achievement"]}
    for seed in range(HISTORIES):
        said, now = history(Random(f"{kind} {seed}"), KINDS[kind].acts, LENGTH)  # noqa: S311 - a history, no secret
        missing -= {won.achievement for won in judge(book, said, now).awards}
        if not missing:
            break
    assert missing == set()
