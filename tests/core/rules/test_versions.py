"""A changed rule asks for a new version, with the lines to paste; nothing else does."""

from __future__ import annotations

import pytest

from core.rules.book import RuleBook
from core.rules.loading import parse
from core.rules.versions import Edition, editions, raised, rule_changed, version_findings

OLD = """rules = 1
[words]
thanks = ["heart", "pray"]
[signal.thanked]
when = "reaction.added"
where.emoji = "@thanks"
credit = "author"
[achievement.kind]
name = "Kind"
when = "thanked"
goal = 5
[achievement.talkative]
name = "Talkative"
when = "message.posted"
goal = 20
version = 3
[score.talk]
when = "message.posted"
give = 1
"""


def book(*changes: tuple[str, str]) -> RuleBook:
    text = OLD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse(text, "rules.toml").read_from(text, "rules.toml")


def refused(*changes: tuple[str, str]) -> list[str]:
    return [str(found) for found in version_findings(book(*changes), editions(book()))]


def test_the_lines_to_paste_are_ready_made() -> None:
    assert refused(("goal = 5", "goal = 6")) == [
        "rules.toml:8 achievement.kind: it takes something else now than in version 1; paste this below its [header]:\n"
        '    version = 2\n    existing = "keep"  # or "recheck": whoever does not meet the new rule loses it'
    ]


def test_the_pasted_lines_are_accepted() -> None:
    (said,) = refused(("goal = 5", "goal = 6"))
    paste = said.partition("\n")[2]
    assert refused(("goal = 5", "goal = 6"), ("[achievement.kind]", f"[achievement.kind]\n{paste}")) == []


def test_a_version_that_is_written_already_is_to_be_replaced() -> None:
    (said,) = refused(("goal = 20", 'goal = 30\nexisting = "recheck"'))
    assert said.startswith("rules.toml:17 achievement.talkative: ")
    assert said.endswith("paste this in place of its version:\n    version = 4")


@pytest.mark.parametrize(
    "change",
    [
        ('"heart", "pray"', '"heart", "tada"'),
        ('credit = "author"', 'credit = "author"\nself = true'),
    ],
    ids=["word list", "signal"],
)
def test_what_a_rule_rests_on_asks_it_to_rise(change: tuple[str, str]) -> None:
    (said,) = refused(change)
    assert "achievement.kind" in said


def test_a_zone_asks_every_rule_to_rise() -> None:
    assert len(refused(("[words]", '[community]\ntimezone = "Asia/Tokyo"\n[words]'))) == 2


@pytest.mark.parametrize(
    "change",
    [
        ('name = "Kind"', 'name = "Kinder"\nemoji = "heart"\npoints = 5\nstatus = "shadow"'),
        ('["heart", "pray"]', '["pray", "heart"]'),
        ("give = 1", "give = 2"),
        ("version = 3", "version = 4"),
        ('[achievement.kind]\nname = "Kind"\nwhen = "thanked"\ngoal = 5\n', ""),
        ("[score.talk]", '[achievement.new]\nname = "New"\nwhen = "message.posted"\n[score.talk]'),
    ],
    ids=["looks", "order of words", "score", "only the version", "gone", "new"],
)
def test_nothing_else_does(change: tuple[str, str]) -> None:
    assert refused(change) == []


def test_versions_only_rise() -> None:
    (said,) = refused(("version = 3", "version = 2"))
    assert said == (
        "rules.toml:16 achievement.talkative: version 3 is in force, and versions only rise; write version = 3"
    )


def test_a_lower_version_of_a_changed_rule_is_asked_to_rise_above_the_one_in_force() -> None:
    (said,) = refused(("goal = 20\nversion = 3", "goal = 30\nversion = 2"))
    assert "\n    version = 4\n" in said


def test_what_was_decided_before_versions_were_kept_may_change() -> None:
    before = {name: Edition("0123456789abcdef", 0) for name in editions(book())}
    assert version_findings(book(("goal = 5", "goal = 6")), before) == []
    assert raised(book(("version = 3", "version = 4")), before) == []


def test_a_raised_version_is_said_in_the_log_and_names_nobody() -> None:
    new = book(("goal = 20\nversion = 3", 'goal = 30\nversion = 4\nprogress = "reset"'))
    assert raised(new, editions(book())) == ["talkative"]
    said = rule_changed(new, "talkative", 1_000_000)
    assert (said.source, said.id, said.type, said.at) == ("plaudit", "rule:talkative:4", "rule.changed", 1_000_000)
    assert (said.actor, said.author, said.target, said.participants) == (None, None, None, ())
    assert said.facts == {
        "achievement": "talkative",
        "version": 4,
        "fingerprint": editions(new)["talkative"].fingerprint,
        "existing": "keep",
        "progress": "reset",
    }
