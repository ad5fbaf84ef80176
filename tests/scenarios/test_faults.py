"""Whatever goes wrong on the way, the same things are awarded and said once."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import aiohttp
import pytest
from standardwebhooks import Webhook

from bot.playground.discord_server import DiscordServer
from bot.playground.slack_server import SlackServer
from bot.runner import Bot
from tests.scenarios.conftest import traces
from tests.scenarios.street import Street
from tests.scenarios.streets import DiscordStreet, SlackStreet, street_of
from tests.scenarios.town import GIVERS, HOOK, PLATFORMS, Town, founded, unheard

EVENTS = 12  # of one morning
SLOW = pytest.mark.slow  # the libraries themselves wait some seconds between their attempts
LIMIT = aiohttp.ClientTimeout(total=10)
POSTS = r"^/channels/\d+/messages$"


async def morning(street: Street) -> None:
    """Two helpful answers, and a message that its author takes back: all at once."""
    second_thoughts = await street.say("amira", "Never mind", "wins")
    await street.delete("amira", second_thoughts, "wins")
    for room in ("general", "help"):
        await street.helped("jonas", GIVERS, room)


async def as_always(street: Street) -> None:
    """What a morning leads to, whatever happens on the way: two badges each said or kept as their rules want."""
    town = street.town
    await street.earned("jonas", "first_post", "helpful_answer")
    await street.earned("noor", "first_post")
    # Not just anything that was sent: where Amira held a badge for a moment, she may be told of it before.
    query = "SELECT COUNT(*) FROM outbox WHERE cause LIKE '%:helpful_answer:%' AND state = 'sent' AND source = ?"
    await town.until(lambda: town.number(query, street.side.source) == 1, 15)
    marks = "SELECT COUNT(DISTINCT id) FROM statement WHERE id LIKE 'reaction:%' AND source = ?"
    await town.until(lambda: town.number(marks, street.side.source) == 6)
    await street.heard()
    assert [len(street.said(room)) for room in ("wins", "mods")] == [0, 0]
    assert sum(len(street.said(room)) for room in ("general", "help")) == 1
    assert street.awards("jonas") == {"first_post", "helpful_answer"}
    assert street.awards("amira") == set()
    assert town.number("SELECT SUM(amount) FROM score WHERE member = ?", street.account("jonas")) == 10


async def test_a_morning_without_faults(street: Street) -> None:
    await morning(street)
    await as_always(street)


SLACK: dict[str, Callable[[SlackServer], object]] = {
    "429 for posts": lambda s: s.faults.answer("chat.postMessage", status=429, retry_after=1, times=2),
    "500 and 503 for posts": lambda s: [s.faults.answer("chat.postMessage", status=n) for n in (500, 503)],
    "an accepted post without an answer": lambda s: s.faults.close_after("chat.postMessage"),
    "a dropped post": lambda s: s.faults.close_before("chat.postMessage"),
    "everything four times": lambda s: s.faults.duplicate(3, times=EVENTS),
    "late": lambda s: s.faults.late(0.4, times=EVENTS // 2),
    "backwards": lambda s: s.faults.shuffle(EVENTS),
    "lost acknowledgements": lambda s: s.faults.lose_ack(1, times=EVENTS),
}


@pytest.mark.parametrize("fault", SLACK)
async def test_a_morning_with_trouble_in_slack(town: Town, bot: Bot, fault: str) -> None:
    street = SlackStreet(town)
    SLACK[fault](town.slack)
    await morning(street)
    await as_always(street)


DISCORD: dict[str, Callable[[DiscordServer], object]] = {
    "429 for posts": lambda s: s.faults.answer("POST", POSTS, status=429, retry_after=0.5, times=2),
    "429 for everything": lambda s: s.faults.answer("POST", POSTS, status=429, retry_after=0.5, scope="global"),
    "500, 502 and 503 for posts": lambda s: [s.faults.answer("POST", POSTS, status=n) for n in (500, 502, 503)],
    "an accepted post without an answer": lambda s: s.faults.hang_up("POST", POSTS),
    "a dropped post": lambda s: s.faults.hang_up("POST", POSTS, when="before"),
    "everything twice": lambda s: s.faults.duplicate("*", times=EVENTS),
    "late messages": lambda s: s.faults.late("MESSAGE_CREATE", 0.4, times=3),
    "late marks": lambda s: s.faults.late("MESSAGE_REACTION_ADD", 0.4, times=3),
    "in another order": lambda s: s.faults.shuffle(EVENTS, seed=3),
}


@pytest.mark.parametrize("fault", [pytest.param(f, marks=SLOW) if f.startswith("500") else f for f in DISCORD])
async def test_a_morning_with_trouble_in_discord(town: Town, bot: Bot, fault: str) -> None:
    street = DiscordStreet(town)
    DISCORD[fault](town.discord)
    await morning(street)
    await as_always(street)


@pytest.mark.parametrize("abort", [True, False])
async def test_discord_loses_the_line_and_resumes(town: Town, bot: Bot, abort: bool) -> None:
    street = DiscordStreet(town)
    await street.heard()
    town.discord.drop_sockets(abort=abort)
    await morning(street)
    await as_always(street)


async def test_discord_loses_the_session_and_messages_come_back_by_history(town: Town, bot: Bot) -> None:
    street = DiscordStreet(town)
    await street.heard()
    town.discord.faults.resumable = False
    town.discord.drop_sockets(abort=True)
    await street.say("amira", "Is anybody there?")
    await street.earned("amira", "first_post")


@pytest.mark.slow
@pytest.mark.parametrize("first", [True, False])
async def test_slack_loses_the_line_and_sends_again_what_was_not_acknowledged(tmp_path: Path, first: bool) -> None:
    """Either the first event breaks it, or all connections break in the middle."""
    async with founded(tmp_path, retry_delays=(0.0, 60.0, 300.0)) as town, town.running("slack"):
        street = SlackStreet(town)
        await street.helped("jonas", GIVERS[:1])
        if first:
            town.slack.faults.drop_socket(times=2)
        else:
            town.slack.drop()
        await morning(street)
        await town.until(lambda: not town.slack.connections)
        await town.until(lambda: town.slack.connections, 15)
        town.slack.retry_now()
        await street.earned("jonas", "helpful_answer")
        await town.until(street.said)
    assert town.verify() == []
    assert unheard(town) == set()


async def test_slack_is_down_for_a_while_and_the_post_waits(town: Town, bot: Bot) -> None:
    street = SlackStreet(town)
    town.slack.faults.answer("*", status=503, times=2)  # the post, and the look whether it arrived
    await morning(street)
    waits = "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND attempts = 2"
    await town.until(lambda: town.number(waits))
    town.clock.forward(15)
    await as_always(street)


async def test_slack_asks_to_wait_without_saying_how_long(town: Town, bot: Bot) -> None:
    street = SlackStreet(town)
    town.slack.faults.answer("chat.postMessage", status=429, html=True)
    await morning(street)
    await town.until(lambda: town.number("SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND attempts = 1"))
    await asyncio.sleep(1.5)
    assert len(town.slack.called("chat.postMessage")) == 1
    assert town.number("SELECT (due_at - ?) / 1000000 FROM outbox", town.clock()) >= 20


async def test_a_slow_channel_in_slack_holds_up_nobody_on_discord(town: Town, bot: Bot) -> None:
    town.slack.faults.delay("chat.postMessage", 3.0, times=3)
    slack, discord = (street_of(town, p) for p in PLATFORMS)
    await slack.helped("jonas", GIVERS)
    await slack.earned("jonas", "helpful_answer")
    await town.until(lambda: town.number("SELECT COUNT(*) FROM outbox WHERE state = 'leased'"))
    await discord.helped("jonas", GIVERS)
    await town.until(discord.said, 2.5)
    assert slack.said() == []
    await town.until(slack.said)


async def test_a_role_that_cannot_be_given_is_said_once_and_the_badge_stands(
    town: Town, bot: Bot, logged: StringIO
) -> None:
    street = DiscordStreet(town)
    roles = town.discord.world.guild(town.guild)["roles"]
    next(role for role in roles if role["name"] == "Trusted helper")["position"] = 9
    await street.answers("jonas", 5)
    await street.earned("jonas", "trusted_helper")
    await town.until(lambda: "not delivered" in logged.getvalue())
    assert logged.getvalue().count("not delivered") == 1
    assert not street.holds_role("jonas")


async def test_a_stop_in_the_middle_of_a_post_leaves_it_to_the_next_process_at_once(town: Town) -> None:
    street = SlackStreet(town)
    town.slack.faults.delay("chat.postMessage", 4.0)
    async with town.running():
        await street.helped("jonas", GIVERS)
        await town.until(lambda: town.number("SELECT COUNT(*) FROM outbox WHERE state = 'leased'"))
    assert town.rows("SELECT state FROM outbox") == [("waiting",)]
    await town.until(street.said)  # Slack had taken it all the same
    async with town.running() as bot:
        await town.until(lambda: town.rows("SELECT state FROM outbox") == [("sent",)])
        assert bot.courier is not None
        assert bot.courier.repeated == 1
    assert len(street.said()) == 1


async def test_an_opt_out_that_one_process_hears_counts_in_the_other(town: Town) -> None:
    street = DiscordStreet(town)
    async with town.running("slack") as other, town.running("discord"):
        await street.settings("jonas", "tracking=off")
        assert (await post(town, other, workshop(street, "jonas")))[0] == 200
        assert street.awards("jonas") == set()
        await street.settings("jonas", "tracking=on")
        assert (await post(town, other, workshop(street, "jonas", id="another"), delivery="msg_2"))[0] == 200
        assert street.awards("jonas") == {"workshop_host"}


async def test_two_processes_answer_once_count_once_and_say_it_once(town: Town) -> None:
    street = DiscordStreet(town)
    async with town.running(), town.running():
        assert "Nothing yet" in await street.ask("jonas", "/achievements")
        await street.helped("jonas", GIVERS)
        await street.earned("jonas", "helpful_answer")
        await town.until(street.said)
        await street.heard()
        assert len(street.said()) == 1
        assert town.number("SELECT SUM(amount) FROM score") == 5


# -- webhooks


async def post(town: Town, bot: Bot, body: object, secret: str = HOOK, delivery: str = "msg_1") -> tuple[int, str]:
    """A signed request, as the desk sends it."""
    raw = json.dumps(body)
    now = dt.datetime.fromtimestamp(town.clock.seconds(), dt.UTC)
    headers = {
        "webhook-id": delivery,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery, now, raw),
    }
    address = f"http://127.0.0.1:{bot.port}/hooks/desk:acme"
    async with aiohttp.ClientSession(timeout=LIMIT) as http, http.post(address, data=raw, headers=headers) as answer:
        return answer.status, await answer.text()


def workshop(street: Street, who: str = "lena", **more: object) -> dict[str, object]:
    at = dt.datetime.fromtimestamp(street.town.clock.seconds(), dt.UTC).isoformat().replace("+00:00", "Z")
    base = {"source": "desk:acme", "id": f"workshop:{who}", "type": "workshop.given", "at": at}
    return {**base, "actor": street.account(who), **more}


async def test_a_signed_webhook_becomes_a_badge_and_an_announcement(street: Street, town: Town, bot: Bot) -> None:
    assert (await post(town, bot, workshop(street)))[0] == 200
    await street.earned("lena", "workshop_host")
    await town.until(lambda: any("Workshop host" in said for said in street.said("wins")))
    assert (await post(town, bot, workshop(street)))[0] == 200  # sent again, as senders do
    assert len(street.said("wins")) == 1


async def test_a_forged_webhook_is_refused_and_leaves_no_trace(street: Street, town: Town, bot: Bot) -> None:
    status, said = await post(town, bot, workshop(street), secret="whsec_" + "Zm9yZ2VkLWZvcmdlZC1mb3JnZWQ=")
    assert status == 401
    assert "signature" in said
    assert street.awards("lena") == set()
    assert town.number("SELECT COUNT(*) FROM statement WHERE source = 'desk:acme'") == 0
    assert town.number("SELECT COUNT(*) FROM request_seen") == 0


async def test_a_webhook_that_cannot_be_read_or_is_not_known_is_told_why(street: Street, town: Town, bot: Bot) -> None:
    status, said = await post(town, bot, workshop(street, at="yesterday"))
    assert status == 422
    assert "at" in said
    status, said = await post(town, bot, workshop(street, type="workshop.givn"), delivery="msg_2")
    assert status == 202
    assert "workshop.given" in said
    assert town.number("SELECT COUNT(*) FROM ignored") == 1


async def test_unexpected_trouble_would_be_seen(logged: StringIO) -> None:
    """The look at the log that ends every scenario finds a trace."""
    from bot.runner import log

    try:
        raise ValueError("of this test")
    except ValueError:
        log.exception("something")
    assert [event for event, _ in traces(logged)] == ["something"]
