"""A challenge takes the id of no badge that people hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.adapters.storage.said import DAY, NOON, post
from tests.bot.office import BOOK, opened
from tests.bot.test_challenge_life import restart
from tests.bot.test_challenges import begin

OLD = '[achievement.busy_fortnight]\nname = "Old"\nwhen = "thread.replied"\npoints = 50\n'


async def test_a_badge_that_left_the_book_stays_as_it_was(tmp_path: Path) -> None:
    async with opened(tmp_path, BOOK + OLD) as office:
        await office.store.take([replace(post(1, "A", NOON - DAY), type="thread.replied")])
        await restart(office, BOOK)
        await begin(office, first="2026-03-18")
        assert office.rows("SELECT points FROM ledger") == [(50,)]
        assert office.rows("SELECT id FROM statement WHERE source = 'plaudit'") == [("challenge:busy_fortnight_2",)]
