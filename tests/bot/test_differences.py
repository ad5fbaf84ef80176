"""Two books over one history: who gains, who loses, what becomes of losers, and what it does to score and points."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from adapters.storage.holdings import Kept
from bot.difference_report import as_json, as_lines
from bot.differences import Difference, Differences, History, compare, gather
from core.events import Statement
from core.replay import Log
from tests.adapters.storage.said import DAY, HEAD, NOON, THREE, book, post
from tests.commands import ROOT, plaudit
from tests.shared import needs_shared, shared

NAMES = {"slack:T1/A": "Amira", "slack:T1/B": "Bela"}
ONCE = f'{HEAD}[achievement.first]\nname = "First"\nwhen = "message.posted"\n'
WEEKLY = ONCE + 'in_one = "week"\nrepeat = true\n'


def posts(**people: int) -> list[Statement]:
    """So many posts by each."""
    said, n = [], 0
    for user, number in people.items():
        for _ in range(number):
            said.append(post(n, user))
            n += 1
    return said


def compared(old: str, new: str, said: list[Statement], *kept: Kept) -> Differences:
    def read(log: Log) -> None:
        for statement in said:
            log.take(statement)

    return compare(gather(book(old), book(new), History(read, NOON, kept, NAMES)))


def only(found: Differences) -> Difference:
    (rule,) = (r for r in found.rules if r.what != "same" or r.gains or r.losses)
    return rule


def who(rule: Difference) -> tuple[list[str], list[str]]:
    return [h.member[-1] for h in rule.gains], [h.member[-1] for h in rule.losses]


def test_a_lower_goal_gives_and_a_higher_one_takes() -> None:
    lower = only(compared(THREE, THREE.replace("goal = 3", "goal = 2\nversion = 2"), posts(A=2, B=3)))
    assert who(lower) == (["A"], [])
    assert (lower.what, lower.versions, lower.lose) == ("changed", (1, 2), False)
    higher = only(compared(THREE, THREE.replace("goal = 3", "goal = 4\nversion = 2"), posts(A=3, B=4)))
    assert who(higher) == ([], ["A"])
    assert (higher.losses[0].earned_at, higher.losses[0].evidence) == ("2026-03-17T12:00:02+00:00", 3)


def test_who_keeps_keeps_the_points_and_who_is_rechecked_does_not() -> None:
    keep = THREE.replace("goal = 3", "goal = 4\nversion = 2")
    assert compared(THREE, keep, posts(A=3)).points == {}
    recheck = keep.replace("version = 2", 'version = 2\nexisting = "recheck"')
    found = compared(THREE, recheck, posts(A=3))
    assert only(found).lose
    assert found.points == {"slack:T1/A": (2, 0)}


def test_who_stands_by_an_earlier_version_is_asked_too() -> None:
    kept = Kept("three", "slack:T1/B", "", None, NOON - DAY, 3)
    recheck = THREE.replace("goal = 3", 'goal = 4\nversion = 2\nexisting = "recheck"')
    found = compared(THREE, recheck, posts(A=4), kept)
    assert who(only(found)) == ([], ["B"])
    assert found.points == {"slack:T1/B": (2, 0)}


def test_who_stands_by_an_earlier_version_is_left_alone_by_a_book_that_changes_nothing() -> None:
    kept = Kept("three", "slack:T1/A", "", None, NOON - DAY, 2)
    same = compared(THREE, THREE + '[achievement.new]\nname = "New"\nwhen = "thread.replied"\n', posts(A=2), kept)
    (three,) = (rule for rule in same.rules if rule.what == "same")
    assert (three.achievement, who(three)) == ("three", ([], []))
    assert same.points == {}


def test_a_rule_that_leaves_and_one_that_comes() -> None:
    found = compared(THREE, ONCE, posts(A=3))
    come, gone = found.rules
    assert (come.achievement, come.what, who(come)) == ("first", "new", (["A"], []))
    assert (gone.achievement, gone.what, gone.lose, who(gone)) == ("three", "gone", False, ([], ["A"]))
    assert found.score == {"slack:T1/A": (3, 0)}
    assert found.points == {}


def test_a_changed_rule_under_its_old_version_is_compared_and_named() -> None:
    rule = only(compared(THREE, THREE.replace("goal = 3", "goal = 4"), posts(A=3)))
    assert rule.unraised
    assert not rule.lose


def test_the_same_award_by_other_facts_is_no_difference() -> None:
    later = ONCE.replace('when = "message.posted"', 'when = "message.posted"\ngoal = 2\nversion = 2')
    assert who(only(compared(ONCE, later, posts(A=3)))) == ([], [])


def test_with_repeat_each_period_counts() -> None:
    said = [post(0, at=NOON - 8 * DAY), post(1, at=NOON - 7 * DAY), post(2, at=NOON)]
    harder = WEEKLY.replace("repeat", "goal = 2\nversion = 2\nrepeat")
    assert [h.period for h in only(compared(WEEKLY, harder, said)).losses] == ["2026-W12"]


def test_what_begins_with_its_version_counts_nothing_before() -> None:
    reset = THREE.replace("goal = 3", 'goal = 3\nversion = 2\nprogress = "reset"')
    assert who(only(compared(THREE, reset, posts(A=3)))) == ([], ["A"])


def test_it_is_said_in_a_few_lines() -> None:
    keep = THREE.replace("goal = 3", "goal = 4\nversion = 2").replace("give = 1", "give = 2")
    assert as_lines(compared(THREE, keep, posts(A=3, B=4))) == [
        "7 statements, decided under both books as of 2026-03-18 12:00 UTC.",
        "",
        "Three (three): version 1 → 2",
        "  - 1 person no longer meets it and keeps it: Amira",
        "    for example Amira: 2026-03-17 12:00 UTC, with 3 facts behind it",
        "",
        "Score changes for 2 people: Bela 4 → 8, Amira 3 → 6",
    ]
    assert as_lines(compared(THREE, THREE, posts(A=3)))[-1] == "Nobody gains or loses anything."


def test_of_many_five_are_named() -> None:
    people = dict.fromkeys("CDEFGHIJ", 3)
    lines = as_lines(compared(ONCE, THREE, posts(**people)))
    assert lines[3].startswith("  + 8 people would get it: slack:T1/C, ")
    assert lines[3].endswith(" and 3 more")


def test_for_programs_everybody_is_named() -> None:
    recheck = THREE.replace("goal = 3", 'goal = 4\nversion = 2\nexisting = "recheck"')
    found = as_json(compared(THREE, recheck, posts(A=3)))
    assert json.loads(json.dumps(found)) == {
        "statements": 3,
        "achievements": [
            {
                "achievement": "three",
                "name": "Three",
                "what": "changed",
                "from_version": 1,
                "to_version": 2,
                "losers": "lose",
                "needs_version": False,
                "gains": [],
                "losses": [
                    {
                        "member": "slack:T1/A",
                        "name": "Amira",
                        "tier": None,
                        "period": None,
                        "earned_at": "2026-03-17T12:00:02+00:00",
                        "evidence": 3,
                    }
                ],
            }
        ],
        "score": {},
        "points": {"slack:T1/A": [2, 0]},
    }


# -- on a real community


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a real, anonymised community's history and the shipped rules in force."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "rules.toml").write_text((ROOT / "rules.toml").read_text())
    export = str(shared("data/slack-export-community-a.zip"))
    done = plaudit(folder, "import", "slack-export", export, "--source", "slack:T1")
    assert done.code == 0, done.err
    return folder


def changed(folder: Path, *more: str, goal: int) -> None:
    """`new.toml`: the streak of four weeks gets another goal."""
    text = (ROOT / "rules.toml").read_text()
    assert text.count("goal = 4") == 1
    (folder / "new.toml").write_text(text.replace("goal = 4", "\n".join([f"goal = {goal}", *more])))


def told(folder: Path, *arguments: str) -> dict[str, Any]:
    done = plaudit(folder, "diff", *arguments, "--json")
    assert done.code == 0, done.err
    rules = json.loads(done.out)["achievements"]
    return {rule["achievement"]: rule for rule in rules}


@pytest.mark.slow
@needs_shared
@pytest.mark.timeout(240)
def test_a_changed_goal_on_a_real_community_and_both_ways_to_treat_holders(imported: Path) -> None:
    changed(imported, "version = 2", goal=6)
    rule = told(imported, "new.toml")["regular"]
    assert rule["losers"] == "keep"
    assert rule["losses"]
    assert rule["gains"] == []
    assert told(imported, "rules.toml", "new.toml")["regular"] == rule
    back = told(imported, "new.toml", "rules.toml")["regular"]
    assert sorted(h["member"] for h in back["gains"]) == sorted(h["member"] for h in rule["losses"])
    losers = {h["member"] for h in rule["losses"]}
    holders = plaudit(imported, "apply", "new.toml", "--yes")
    assert holders.code == 0, holders.err
    assert held(imported) >= losers
    changed(imported, "version = 3", 'existing = "recheck"', goal=6)
    again = told(imported, "new.toml")["regular"]
    assert again["losers"] == "lose"
    assert {h["member"] for h in again["losses"]} == losers
    assert plaudit(imported, "apply", "new.toml", "--yes").code == 0
    assert held(imported).isdisjoint(losers)
    assert plaudit(imported, "verify").code == 0


def held(folder: Path) -> set[str]:
    with sqlite3.connect(folder / "plaudit.db") as db:
        query = "SELECT member FROM award WHERE achievement = 'regular' AND state = 'awarded'"
        return {row[0] for row in db.execute(query)}
