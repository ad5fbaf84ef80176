"""Rules on trial, rules for a few, rules that went quiet, and what moderators read about them on Monday."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.playground.community import CAST
from bot.runner import Bot
from bot.trials import as_lines, find
from core.events import Statement
from core.passing import in_cohort
from core.plan import compile_plan
from core.rules.loading import load
from tests.scenarios.street import Street
from tests.scenarios.town import GIVERS, Town

DAY = 24 * 3600 * 1_000_000
RULES = """
[achievement.trial]
name = "Small talk"
when = ["message.posted", "thread.replied"]
status = "shadow"
points = 5
gives_role = "Trusted helper"
announce = "channel"
[achievement.here]
name = "Only here"
when = "message.posted"
only_in = ["#help"]
announce = "none"
[achievement.half]
name = "One half"
when = "message.posted"
cohort = "50 %"
announce = "none"
[achievement.asked]
name = "Asked for"
when = "helpful_answer"
ask = true
purpose = "People answer each other."
"""


@pytest.fixture
def rules() -> str:
    return RULES


async def monday(street: Street, town: Town) -> str:
    """What moderators read on the next Monday."""
    town.clock.forward_to(0, dt.time(9, 0, 1), "Europe/Berlin")
    await town.until(lambda: any("For moderators" in text for text in street.said("mods")))
    (told,) = (text for text in street.said("mods") if "For moderators" in text)
    return told


async def test_a_rule_on_trial_touches_nobody_and_moderators_read_of_it(street: Street, town: Town) -> None:
    await street.say("amira", "Hello everybody")
    await street.say("lena", "Hello Amira")
    trial = "SELECT COUNT(*) FROM award WHERE achievement = 'trial' AND state = 'shadow'"
    await town.until(lambda: town.number(trial) == 2)
    await street.heard()
    assert town.number("SELECT COUNT(*) FROM outbox") == 0
    assert town.number("SELECT COUNT(*) FROM ledger") == 0
    assert "Small talk" not in await street.ask("amira", "/achievements")
    assert "No badge here is called" in await street.ask("amira", "/plaudit why trial")
    assert town.verify() == []
    would_have_it = town.number("SELECT COUNT(DISTINCT member) FROM award WHERE achievement = 'trial'")
    assert f"  {would_have_it} people would have it" in list(as_lines(find(town.settings())))
    assert "Small talk would have gone to" in await monday(street, town)
    assert not any("Small talk" in text for text in street.said())


async def test_moderators_read_what_waits_and_what_badges_were_for(street: Street, town: Town) -> None:
    await street.helped("jonas", GIVERS)
    await town.until(lambda: street.said("mods"))
    told = await monday(street, town)
    assert "Waiting for you" in told
    assert "Asked for" in told
    assert street.shows(told, "jonas")
    assert "What badges were given for" not in told  # nobody confirmed it
    await street.ask("noor", "/plaudit confirm @jonas asked")
    await street.earned("jonas", "asked")
    town.clock.forward(7 * 24 * 3600)
    await town.until(lambda: len([t for t in street.said("mods") if "For moderators" in t]) == 2)
    again = [t for t in street.said("mods") if "For moderators" in t][1]
    assert "People answer each other" in again
    assert "Waiting for you" not in again


async def test_a_rule_for_one_channel_counts_only_there(street: Street) -> None:
    await street.say("amira", "Not here", "general")
    await street.earned("amira", "first_post")
    assert "here" not in street.awards("amira")
    await street.say("amira", "But here", "help")
    await street.earned("amira", "here")


async def test_a_rule_for_a_share_of_the_members_is_given_to_the_same_ones(street: Street, town: Town) -> None:
    people = [p.key for p in CAST if p.key in street.side.people]
    for who in people:
        await street.say(who)
        await street.earned(who, "first_post")
    wanted = compile_plan(load(town.book, "rules.toml")).wanted["half"]
    chosen = {who for who in people if in_cohort(wanted, street.account(who))}
    assert {who for who in people if "half" in street.awards(who)} == chosen


async def test_a_rule_whose_events_stopped_is_reported_once_a_week(street: Street, town: Town, bot: Bot) -> None:
    host, now = street.account("amira"), town.clock()
    said = [
        Statement("desk:acme", f"workshop:{n}", now - n * 3 * DAY, "workshop.given", actor=host) for n in range(7, 27)
    ]
    await bot.store.take(said)
    told = await monday(street, town)
    assert "Workshop host: no workshop.given for 3 weeks" in told
    assert "First post" not in told
    for _ in range(3):
        await bot.schedule.tick()
    await street.heard()
    assert len([text for text in street.said("mods") if "went quiet" in text]) == 1
    assert not any("went quiet" in text for text in street.said())
