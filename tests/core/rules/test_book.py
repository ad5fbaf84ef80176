"""What the book says once it is read: defaults filled in, names resolved, places found."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from core.rules.book import MADE_FROM_TEXT, RuleBook, conditions
from core.rules.durations import Duration, read_duration
from core.rules.grammar import Needs
from core.rules.loading import parse
from tests.core.rules.books import HEAD, POST, achievement, book

SIGNAL = '[signal.s]\nwhen = "reaction.added"\n'


def test_an_achievement_of_three_lines_has_the_defaults_of_the_language() -> None:
    rule = achievement("")
    assert (rule.goal, rule.credit, rule.self_, rule.announce, rule.status) == (1, "actor", False, "thread", "active")
    assert (rule.settle, rule.if_undone) == (Duration(0, "minute"), Duration(14, "day"))
    assert (rule.version, rule.lasts, rule.for_, rule.timezone) == (1, "forever", "member", "community")
    assert (rule.repeats, rule.most_awards, rule.counts, rule.on) == (False, None, True, True)


def test_defaults_fill_in_what_a_rule_does_not_say() -> None:
    text = f"""
[defaults]
announce = "private"
settle = "10 minutes"
if_undone = "revoke"
open_for = "30 days"
limit.per_day = 5
{POST}
[achievement.y]
name = "Y"
when = "s"
announce = "none"
settle = "0 minutes"
limit.per_hour = 1
{SIGNAL}each = "message"
[score.p]
when = "s"
give = 2
"""
    found = book(text)
    x, y = found.achievements["x"], found.achievements["y"]
    assert (x.announce, x.settle, x.if_undone) == ("private", Duration(10, "minute"), "revoke")
    assert x.limit is not None
    assert (x.limit.per_day, x.limit.per_hour) == (5, None)
    assert (y.announce, y.settle.microseconds) == ("none", 0)
    assert y.limit is not None
    assert (y.limit.per_day, y.limit.per_hour) == (None, 1)  # its own limit stands in place of the default one
    assert found.signals["s"].open_for == Duration(30, "day")
    assert found.scores["p"].limit == x.limit


def test_only_signals_with_a_dated_thing_close() -> None:
    assert book(f'{SIGNAL}each = "message"').signals["s"].open_for == Duration(90, "day")
    assert book(f'{SIGNAL}each = "tag"').signals["s"].open_for is None
    assert book(SIGNAL).signals["s"].open_for is None
    assert book(f'{SIGNAL}each = "thread"\nopen_for = "2 hours"').signals["s"].open_for == Duration(2, "hour")


def test_short_forms_mean_the_long_ones() -> None:
    assert achievement("").when == ("message.posted",)
    assert achievement('needs = ["a", "b"]').needs == Needs(of=("a", "b"), at_least=2)
    assert achievement('needs = { of = ["a", "b"], at_least = 1 }').needs == Needs(of=("a", "b"), at_least=1)
    assert achievement("repeat = 3").most_awards == 3
    assert achievement("repeat = true").repeats
    unless = achievement('unless = "ticket.reopened"').unless
    assert unless is not None
    assert (unless.when, unless.match) == (("ticket.reopened",), "object")
    tiers = achievement('tiers = { A = 1, B = { goal = 2.5, member_for = "1 month" } }').tiers
    assert tiers is not None
    assert (tiers["A"].goal, tiers["B"].goal) == (1, Decimal("2.5"))


def test_goal_all_is_the_length_of_the_list() -> None:
    rule = achievement('distinct = "course"\nwhere.course = ["a", "b", "c"]\ngoal = "all"')
    assert (rule.target, rule.listed) == (3, ("a", "b", "c"))


def test_a_book_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        achievement("").name = "Other"


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [("90 minutes", 5_400_000_000), ("1 day", 86_400_000_000), ("2 weeks", 1_209_600_000_000), ("0 days", 0)],
)
def test_durations_have_their_length(text: str, microseconds: int) -> None:
    duration = read_duration(text)
    assert duration is not None
    assert duration.microseconds == microseconds
    assert str(duration) == text


@pytest.mark.parametrize("text", ["7", "7days", "7 fortnights", "-1 days", "1.5 days", "007 days", " 7 days", ""])
def test_what_is_no_duration(text: str) -> None:
    assert read_duration(text) is None


def test_months_have_no_fixed_length() -> None:
    with pytest.raises(ValueError, match="write it in days"):
        _ = Duration(2, "month").seconds


PLACES = f"""
[community]
staff = "Staff"
ignore_channels = ["#bots"]
only_channels = "#help"
[channels]
announcements = {{ slack = "#wins", discord = "123" }}
digest = {{ slack = "#general" }}
[moderators]
slack = "@mods"
[roles.regular]
slack = "@regulars"
[roles."Trusted helper"]
discord = "Helper"
{POST}gives_role = "regular"
[achievement.y]
name = "Y"
when = "a.b"
gives_role = "Trusted helper"
[achievement.z]
name = "Z"
when = "a.b"
gives_role = "nobody"
enabled = false
[achievement.w]
name = "W"
when = "a.b"
gives_role = "regular"
"""


def test_places_are_told_for_each_platform() -> None:
    slack, discord = book(PLACES).places("slack"), book(PLACES).places("discord")
    assert slack.channels == {"announcements": "#wins", "digest": "#general"}
    assert discord.channels == {"announcements": "123"}
    assert (slack.role("regular"), discord.role("regular")) == ("@regulars", "regular")
    assert (slack.rights, discord.rights) == ({"moderator": "@mods"}, {})
    assert slack.given_roles == ("regular", "Trusted helper")
    assert (slack.staff, slack.ignore_channels, slack.only_channels) == ("Staff", ("#bots",), ("#help",))


@pytest.mark.parametrize(
    "line",
    ["where.length.at_least = 40", 'distinct = "mentions"', 'sum = "words"', "where.has_code.not = true"],
)
def test_a_book_knows_whether_it_needs_facts_of_message_text(line: str) -> None:
    assert book(f"{POST}{line}").reads_text
    assert not book(f"{POST}{line}\nenabled = false").reads_text
    assert not book(f'{POST}where.channel = "#help"').reads_text
    assert "length" in MADE_FROM_TEXT


def test_facts_are_looked_for_in_every_part_of_a_rule() -> None:
    text = f"""{HEAD}
[achievement.x]
name = "X"
any = [{{ when = "a.b" }}, {{ all = [{{ steps = [{{ when = "c.d", where = {{ words = 5 }} }}] }}] }}]
"""
    found = parse(text, "rules.toml")
    assert found.reads_text
    assert len(list(conditions(found.achievements["x"]))) == 4
    assert found.types_used() == {"a.b", "c.d"}


def test_a_community_needs_nothing() -> None:
    community = RuleBook(rules=1).community
    assert (community.id, community.sources, community.timezone) == ("default", None, "UTC")
    assert (community.quiet_start, community.day_starts) == (Duration(14, "day"), "00:00")
