"""Every verb times every role: who may ask it, and that nobody else is answered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from core.commands import VERBS, answer
from core.rights import NEEDED, ROLES, Role, at_least, may
from tests.village import BOOK, Village, ask, book, said

REFUSED = {
    "creator": "Only those who run challenges",
    "moderator": "Only moderators",
    "manager": "Only managers",
    "admin": "Only admins",
}


def test_every_verb_has_its_role_and_no_role_is_for_nothing() -> None:
    assert NEEDED.keys() - {"mylink"} == VERBS.keys()  # that one is answered at the desk, for everybody
    assert get_args(Role) == ROLES


@pytest.mark.parametrize("verb", sorted(VERBS))
async def test_who_may_not_is_told_so_and_nothing_else_happens(village: Village, verb: str) -> None:
    """Without arguments: whoever may gets as far as being asked for them."""
    for role in ROLES:
        told = await answer(replace(ask(verb), role=role), book(), village.records)
        refused = any(words in said(told) for words in REFUSED.values())
        assert refused is (ROLES.index(role) < ROLES.index(NEEDED[verb])), role
        if refused:
            assert said(told).startswith(REFUSED[NEEDED[verb]]), role
            assert (told.statements, told.changes, told.form) == ((), (), None), role


GIVERS = """
[[givers]]
slack = "@tutors"
achievements = ["helper"]
monthly = 1
"""


async def test_a_giver_may_grant_and_nothing_else_beyond_their_role(village: Village) -> None:
    givers = book(BOOK + GIVERS)
    for role in ROLES:
        refused = set()
        for verb in VERBS:
            asked = replace(ask(verb), role=role, groups=frozenset({"@tutors"}))
            told = said(await answer(asked, givers, village.records))
            refused |= {verb} if any(words in told for words in REFUSED.values()) else set()
        assert refused == {verb for verb in VERBS if not may(role, verb)} - {"grant"}


def test_the_page_names_every_command_under_its_role() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "rights.md").read_text()
    rows = {line.split("|")[1].strip().strip("*"): line for line in page.splitlines() if line.startswith("| **")}
    assert rows.keys() == set(ROLES)
    parts = ("-", *(f"{verb}-" for verb in VERBS))
    for verb in (v for v in VERBS if not v.startswith(parts[1:])):
        assert f"`{verb}`" in rows[NEEDED[verb]], verb


def test_a_verb_that_nobody_thought_of_is_for_admins() -> None:
    assert [role for role in ROLES if may(role, "reset-everything")] == ["admin"]


def test_each_role_may_what_the_one_before_it_may() -> None:
    assert [[at_least(role, needed) for needed in ROLES] for role in ROLES] == [
        [needed <= role for needed in range(len(ROLES))] for role in range(len(ROLES))
    ]
