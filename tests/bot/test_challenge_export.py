"""`plaudit challenges`: from the chat into the rule book, and the same awards in a replay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.challenge_export import as_toml, find, find_rules
from bot.settings import read
from core.errors import ConfigurationError
from tests.adapters.storage.said import HOUR, post
from tests.bot.office import BOOK, opened
from tests.bot.test_challenges import begin
from tests.commands import plaudit

ID = "busy_fortnight"


@pytest.mark.slow  # eight processes
async def test_the_exported_rule_gives_the_same_in_a_replay(tmp_path: Path) -> None:
    async with opened(tmp_path, BOOK) as office:
        where = {"PLAUDIT_DATABASE_URL": office.url, "PLAUDIT_RULES": str(tmp_path / "rules.toml")}
        (tmp_path / "rules.toml").write_text(BOOK)
        assert "Nobody has made a challenge yet" in plaudit(tmp_path, "challenges", "list", **where).out
        await begin(office, first="2026-03-18")
        at = office.clock.now - HOUR
        await office.store.take([post(n, who, at + n) for n, who in enumerate(("A", "A", "J", "L", "L"))])
        await office.press("A", "challenge-join", ID)
        await office.ask("N", "challenge-ended", about=ID, reason="Enough")
        assert "busy_fortnight: Busy fortnight (default), 2026-03-18 to 2026-03-18" in (
            plaudit(tmp_path, "challenges", "list", **where).out
        )
        exported = plaudit(tmp_path, "challenges", "export", ID, **where)
        assert "ended early" in exported.out
        assert "version = 2" in exported.out
        (tmp_path / "rules.toml").write_text(BOOK + exported.out)
        assert plaudit(tmp_path, "check", "--no-history", **where).code == 0
        said = plaudit(tmp_path, "log", **where)
        (tmp_path / "log.jsonl").write_text(said.out)
        replayed = plaudit(tmp_path, "replay", "--events", "log.jsonl", "--json", **where)
        result = json.loads(replayed.out)
        assert result["ignored"] == []
        found = {a["member"] for a in result["awards"] if a["achievement"] == ID}
        assert found == {"slack:T1/A", "slack:T1/L"} == {f"slack:T1/{who}" for who in "AJL" if office.awards(who)}
        assert plaudit(tmp_path, "verify", **where).code == 0
        unknown = plaudit(tmp_path, "challenges", "export", "nothing", **where)
        assert (unknown.code, "no challenge is called" in unknown.err) == (78, True)


async def test_one_that_was_dropped_has_no_rule_to_print(tmp_path: Path) -> None:
    async with opened(tmp_path, BOOK) as office:
        (tmp_path / "rules.toml").write_text(BOOK)
        where = read({"PLAUDIT_DATABASE_URL": office.url, "PLAUDIT_RULES": str(tmp_path / "rules.toml")}, None)
        await begin(office)
        assert [f.challenge.id for f in find_rules(where, ID)] == [ID]
        await office.ask("N", "challenge-ended", about=ID, reason="Too soon")
        assert [f.challenge.id for f in find(where, ID)] == [ID]
        with pytest.raises(ConfigurationError, match="was dropped before it began, so it has no rule to print"):
            find_rules(where, ID)
        assert as_toml(find_rules(where)) == "# There is no challenge with a rule.\n"
