"""Voice sessions, events, polls and huddles, from the person who comes to the badge. Each ends with `verify`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.playground.clock import MovableClock
from bot.playground.discord_server import ChannelType
from tests.scenarios.counter import DiscordCounter
from tests.scenarios.process import started
from tests.scenarios.streets import DiscordStreet, SlackStreet
from tests.scenarios.town import Town, founded

MINUTE = 60.0
CALL = "R0CALL"
RULES = """
rules = 1
[community]
timezone = "Europe/Berlin"
quiet_start = "0 days"
[channels]
announcements = { slack = "#wins", discord = "#wins" }
[achievement.good_company]
name = "Good company"
when = "voice.session_ended"
sum = "minutes"
goal = 20
announce = "channel"
[achievement.book_club]
name = "Book club"
when = "event.attended"
announce = "none"
[achievement.voter]
name = "Voter"
when = "poll.voted"
distinct = "message"
announce = "none"
[achievement.well_asked]
name = "Well asked"
when = "poll.voted"
credit = "author"
announce = "none"
"""


class Lounge(DiscordStreet):
    """Discord with a voice channel, as its people use it."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.lounge = town.discord.add_channel(town.guild, "lounge", ChannelType.VOICE)

    def stays(self) -> int:
        return self.town.number("SELECT COUNT(*) FROM stay WHERE ended_at IS NULL")

    async def join(self, *people: str) -> None:
        for who in people:
            before = self.stays()
            await self.town.discord.join_voice(self.lounge, self.side.people[who])
            await self.town.until(lambda n=before: self.stays() > n)  # type: ignore[misc] # bound now

    async def leave(self, who: str) -> None:
        await self.town.discord.leave_voice(self.town.guild, self.side.people[who])

    def facts(self, type_: str) -> int:
        query = "SELECT COUNT(DISTINCT id) FROM statement WHERE CAST(body AS TEXT) LIKE ?"
        return self.town.number(query, f'%"type":"{type_}"%')


@pytest.fixture
def town(town: Town) -> Town:
    town.book = RULES
    return town


async def test_an_hour_in_company_earns_a_badge_and_an_hour_alone_does_not(town: Town) -> None:
    street = Lounge(town)
    async with town.running("discord"):
        await street.join("amira")
        town.clock.forward(60 * MINUTE)
        await street.join("jonas")
        town.clock.forward(25 * MINUTE)
        await street.leave("amira")
        await street.earned("amira", "good_company")
        await town.until(lambda: town.discord.bot_messages(street.lounge))
        town.clock.forward(60 * MINUTE)
        await street.join("lena")
        await street.leave("jonas")
        await street.earned("jonas", "good_company")
        await street.leave("lena")
        await town.until(lambda: street.stays() == 0)
    minutes = "SELECT json_extract(CAST(body AS TEXT), '$.facts.minutes') FROM statement WHERE id LIKE 'voice:%'"
    assert [row[0] for row in town.rows(minutes)] == [25, 25]


@pytest.mark.slow
async def test_an_event_is_attended_in_its_channel_and_a_vote_goes_with_its_last_answer(town: Town) -> None:
    street, server = Lounge(town), town.discord
    channel, mei, noor = street.side.channels["general"], street.side.people["mei"], street.side.people["noor"]
    event = await server.plan_event(street.lounge, mei, "Book club", starts=1_774_000_000)
    await server.plan_elsewhere(town.guild, mei, "Picnic", "the park")
    async with town.running("discord"):
        await street.join("mei")
        await server.start_event(town.guild, event)
        await town.until(lambda: street.stays() == 2)
        poll = await server.ask(channel, street.side.people["kofi"], "Which days?", "Mon", "Tue", multiple=True)
        await server.vote(channel, noor, poll, 1)
        await server.vote(channel, noor, poll, 2)
        await street.earned("noor", "voter")
        await street.earned("kofi", "well_asked")
        assert street.facts("poll.voted") == 1
        town.clock.forward(6 * MINUTE)
        await server.end_event(town.guild, event)
        await street.earned("mei", "book_club")
        await server.unvote(channel, noor, poll, 1)
        await server.unvote(channel, noor, poll, 2)
        await street.lost("noor", "voter")
        await street.lost("kofi", "well_asked")
    assert street.logged(f"event:{event}/1774000000/{mei}") == 1


async def test_a_huddle_in_a_channel_earns_and_a_private_one_does_not(town: Town) -> None:
    street = SlackStreet(town)
    people = street.side.people
    async with town.running("slack"):
        met = "SELECT COUNT(*) FROM account WHERE account LIKE 'slack:%'"
        await town.until(lambda: town.number(met) >= len(people))  # now it knows who is in no huddle
        for who, call, channel in (
            ("amira", CALL, "#general"),
            ("jonas", CALL, "#general"),
            ("lena", "R1", None),
            ("kofi", "R1", None),
        ):
            await town.slack.join_huddle(people[who], call, channel)
            await street.heard()
        town.clock.forward(30 * MINUTE)
        for who in ("lena", "amira", "kofi", "jonas"):
            await town.slack.leave_huddle(people[who])
            await street.heard()
        await street.earned("amira", "good_company")
        await street.earned("jonas", "good_company")
        await town.until(lambda: town.number("SELECT COUNT(*) FROM statement WHERE id LIKE 'voice:%'") == 4)
        assert street.awards("lena") == street.awards("kofi") == set()


@pytest.mark.slow
async def test_of_who_is_erased_in_a_session_nothing_is_said_when_it_ends(town: Town) -> None:
    street = Lounge(town)
    async with town.running("discord"):
        await street.join("amira", "jonas")
        town.clock.forward(30 * MINUTE)
        await street.ask("amira", "/plaudit erase")
        await DiscordCounter(town).fill_own("amira", "Erase me…", word="erase")
        await town.until(lambda: street.stays() == 1)
        await street.leave("amira")
        await street.leave("jonas")
        await street.earned("jonas", "good_company")
    assert town.number("SELECT COUNT(*) FROM statement WHERE id LIKE 'voice:%'") == 1


@pytest.mark.slow
async def test_a_session_survives_a_kill_and_counts_for_nobody_while_nobody_listened(tmp_path: Path) -> None:
    async with founded(tmp_path, MovableClock()) as town:
        town.book = RULES
        street = Lounge(town)
        async with started(town.environment("discord"), tmp_path) as process:
            await process.ready()
            await street.join("amira", "jonas", "lena")
            began = town.rows("SELECT account, began_at FROM stay")
            await process.kill()
        await street.leave("lena")
        town.clock.forward(300 * MINUTE)
        async with town.running("discord"):
            await town.until(lambda: street.stays() == 2)
            assert {row[0] for row in began} >= {row[0] for row in town.rows("SELECT account FROM stay")}
            town.clock.forward(21 * MINUTE)
            await street.leave("amira")
            await street.earned("amira", "good_company")
        since = dict(began)[street.account("amira")]
        query = "SELECT json_extract(CAST(body AS TEXT), '$.facts.minutes') FROM statement WHERE id = ?"
        told = town.rows(query, f"voice:{street.lounge}/{street.side.people['amira']}/{since}")
        assert told == [(21,)]
        assert town.verify() == []
