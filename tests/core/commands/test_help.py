"""`/plaudit help`: to each person what they may do, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.commands import answer
from core.rights import ROLES, Role, may
from tests.village import BOOK, Village, ask, book, said

GIVERS = """
[[givers]]
slack = "@tutors"
achievements = ["beyond_the_chat", "teacher"]
monthly = 3
"""
TUTORS = frozenset({"@tutors"})


async def told(village: Village, role: Role, groups: frozenset[str] = frozenset()) -> str:
    return said(await answer(replace(ask("help"), role=role, groups=groups), book(BOOK + GIVERS), village.records))


@pytest.mark.parametrize("role", ROLES)
async def test_every_command_that_is_named_may_be_asked_by_who_reads_it(village: Village, role: Role) -> None:
    text = await told(village, role)
    named = {line.split("·")[0].split()[1] for line in text.splitlines() if line.strip().startswith("/plaudit")}
    assert {"why", "settings", "privacy"} <= named
    assert {verb for verb in named if not may(role, verb)} == set()
    assert ("grant" in named) is may(role, "grant")
    assert ("audit" in named) is may(role, "audit")


async def test_a_word_that_is_no_command_is_named_above_the_help(village: Village) -> None:
    for word, shown in (("dance", "dance"), ("x" * 99, f"{'x' * 59}…")):
        text = said(await answer(ask("help", word=word), book(), village.records))
        assert f"No command here is called “{shown}”. This is what you can ask:\n" in text
        assert text.index("No command") < text.index("/plaudit why NAME")
    assert "No command" not in said(await answer(ask("help"), book(), village.records))


async def test_givers_read_what_they_may_give_and_how_often(village: Village) -> None:
    text = await told(village, "member", TUTORS)
    assert "/plaudit grant @person NAME reason · give Beyond the chat, Teacher by hand, 3 a month" in text
    assert "revoke" not in text
    assert "a month" not in await told(village, "member")
    assert "a month" not in await told(village, "moderator", TUTORS)  # they may give everything
