"""A fingerprint changes with what a rule means, and with nothing else."""

from __future__ import annotations

import pytest

from core.rules.fingerprint import fingerprint, signals_used
from core.rules.loading import parse

BOOK = """
rules = 1
[community]
timezone = "Europe/Berlin"
[defaults]
settle = "1 hour"
[words]
thanks = ["heart", "pray"]
[signal.inner]
describe = "inner"
when = "reaction.added"
where.emoji = "@thanks"
[signal.outer]
when = "inner"
each = "message"
goal = 3
[achievement.x]
name = "X"
when = "outer"
where.channel = "#help"
where.length.at_least = 40
goal = 5
[achievement.other]
name = "Other"
when = "message.posted"
[score.s]
when = "outer"
give = 2
"""


def of_x(*changes: tuple[str, str]) -> str:
    text = BOOK
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return fingerprint(parse(text, "rules.toml"), "x")


def test_it_is_sixteen_letters_and_the_same_at_every_reading() -> None:
    assert of_x() == of_x()
    assert len(of_x()) == 16
    assert int(of_x(), 16) >= 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("goal = 5", "goal = 6"),
        ('where.channel = "#help"', 'where.channel = "#support"'),
        ("goal = 3", "goal = 2"),  # of the signal it counts
        ('where.emoji = "@thanks"', 'where.emoji.not = "@thanks"'),  # of a signal below that
        ('"heart", "pray"', '"heart", "tada"'),  # a word list
        ('settle = "1 hour"', 'settle = "2 hours"'),  # a default
        ("Europe/Berlin", "Europe/Paris"),
        ("[defaults]", 'day_starts = "04:00"\n[defaults]'),
        ("[defaults]", 'week_starts = "sunday"\n[defaults]'),
        ("goal = 5", 'goal = 5\ncredit = "author"'),
        ("goal = 5", 'goal = 5\nif_undone = "keep"'),
        ("goal = 5", 'goal = 5\nneeds = ["other"]'),
        ("goal = 5", 'goal = 5\nseason = ["12-01", "01-31"]'),
        ("goal = 5", "tiers = { Bronze = 5, Silver = 9 }"),
        ("goal = 5", 'goal = 5\nunless = { when = "a.b", where = { x = 1 } }'),
    ],
)
def test_it_changes_with_what_the_rule_means(old: str, new: str) -> None:
    assert of_x((old, new)) != of_x()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "X"', 'name = "Y"\ndescription = "d"\nemoji = "star"\ncategory = "c"\npurpose = "p"'),
        ('name = "X"', 'name = "X"\nannounce = "none"\nsecret = true\nstatus = "shadow"\nversion = 2'),
        ('name = "X"', 'name = "X"\npoints = 5\ngives_role = "r"\nexisting = "recheck"\nprogress = "reset"'),
        ('name = "X"', 'name = "X"\nretired = 2026-01-01'),
        ('describe = "inner"', 'describe = "another text"'),
        ("[defaults]", 'staff = "Staff"\n[defaults]'),
        ('[achievement.other]\nname = "Other"', '[achievement.other]\nname = "Other"\ngoal = 9'),
        ("goal = 5", 'goal = 5\ncredit = "actor"\nself = false'),  # the default, said aloud
        ('"heart", "pray"', '"pray", "heart"'),  # a list of words is a set
        (
            'where.channel = "#help"\nwhere.length.at_least = 40',
            'where.length.at_least = 40\nwhere.channel = "#help"',
        ),
    ],
)
def test_it_stays_where_only_looks_or_other_rules_change(old: str, new: str) -> None:
    assert of_x((old, new)) == of_x()


def test_signals_and_score_rules_have_one_too() -> None:
    book = parse(BOOK, "rules.toml")
    changed = parse(BOOK.replace("give = 2", "give = 3").replace("goal = 3", "goal = 4"), "rules.toml")
    assert fingerprint(book, "s", "score") != fingerprint(changed, "s", "score")
    assert fingerprint(book, "outer", "signal") != fingerprint(changed, "outer", "signal")
    assert fingerprint(book, "inner", "signal") == fingerprint(changed, "inner", "signal")


def test_signals_are_followed_to_the_ground() -> None:
    book = parse(BOOK, "rules.toml")
    assert signals_used(book, book.achievements["x"]) == {"outer", "inner"}
    assert signals_used(book, book.achievements["other"]) == set()


def test_the_order_of_names_means_nothing_where_that_of_days_and_steps_does() -> None:
    def of(*keys: str) -> str:
        text = "\n".join(["rules = 1", "[achievement.x]", 'name = "X"', *keys])
        return fingerprint(parse(text, "rules.toml"), "x")

    assert of('when = ["a.b", "c.d"]') == of('when = ["c.d", "a.b"]')
    assert of('when = "a.b"', 'season = ["12-01", "01-31"]') != of('when = "a.b"', 'season = ["01-31", "12-01"]')
    assert of('steps = ["a.b", "c.d"]') != of('steps = ["c.d", "a.b"]')
    assert of('when = "a.b"', "where.hour.between = [1, 2]") != of('when = "a.b"', "where.hour.between = [2, 1]")


def test_points_of_a_tier_change_no_meaning() -> None:
    def of(gold: str) -> str:
        text = f'rules = 1\n[achievement.x]\nname = "X"\nwhen = "a.b"\ntiers = {{ Silver = 1, Gold = {gold} }}'
        return fingerprint(parse(text, "rules.toml"), "x")

    assert of("2") == of("{ goal = 2, points = 9 }")
    assert of("2") != of('{ goal = 2, member_for = "1 year" }')
