"""One person with three names: in Slack, in Discord and on GitHub. Linked, with what needed all three; and parted."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.runner import Bot
from tests.adapters.connectors.rig import payload
from tests.mailserver import MailServer, mail_server
from tests.scenarios.counter import SlackCounter, counter_of
from tests.scenarios.streets import DiscordStreet, SlackStreet
from tests.scenarios.town import BOOK, Town

SECRET = "a-secret-of-the-forge"
MERGER = "github:acme/7001"
EVERYWHERE = """
[achievement.everywhere]
name = "Everywhere"
announce = "channel"
all = [
  {{ when = "message.posted", where.source = "{slack}", goal = 1 }},
  {{ when = "message.posted", where.source = "{discord}", goal = 1 }},
  {{ when = "pull_request.merged", goal = 1 }},
]
"""


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as there:
        yield there


@pytest.fixture
async def bot(town: Town, server: MailServer) -> AsyncIterator[Bot]:
    sides = town.community
    town.book = BOOK + EVERYWHERE.format(slack=sides.slack_side.source, discord=sides.discord_side.source)
    async with town.running(
        PLAUDIT_HOOK_GITHUB_ACME_SECRET=SECRET, PLAUDIT_SMTP_URL=server.url, PLAUDIT_MAIL_FROM="plaudit@example.org"
    ) as bot:
        yield bot


async def deliver(bot: Bot, event: str, body: bytes) -> Any:
    mac = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"x-github-event": event, "x-github-delivery": mac[:8], "x-hub-signature-256": f"sha256={mac}"}
    url, limit = f"http://127.0.0.1:{bot.port}/hooks/github:acme", aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers, timeout=limit) as answer:
        assert answer.status in (200, 202)
        return await answer.json()


def comment(text: str) -> bytes:
    body = json.loads(payload("github", "issues.opened"))
    user = {"login": "amira-k", "id": 7001, "type": "User"}
    return json.dumps(
        body | {"action": "created", "sender": user, "comment": {"id": 1, "user": user, "body": text}}
    ).encode()


def code_in(text: str) -> str:
    return str(re.findall(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{2}\b", text)[0])


def holds(town: Town) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for member, name in town.rows("SELECT member, achievement FROM award WHERE state = 'awarded'"):
        found.setdefault(member, set()).add(name)
    return found


@pytest.mark.slow
async def test_three_names_become_one_person_and_three_again(town: Town, bot: Bot) -> None:
    slack, discord = SlackStreet(town), DiscordStreet(town)
    counter = counter_of(town, "slack")
    assert isinstance(counter, SlackCounter)
    here, there = slack.account("amira"), discord.account("amira")
    await slack.say("amira")
    await discord.say("amira")
    await deliver(bot, "pull_request", payload("github", "pull_request.closed"))
    await slack.earned("amira", "first_post")
    await discord.earned("amira", "first_post")
    before = {here: {"first_post"}, there: {"first_post"}}
    assert holds(town) == before
    assert town.verify() == []

    code = code_in(await slack.ask("amira", "/plaudit link"))
    said = await discord.press_private("amira", f"/plaudit link code:{code}", "Link us")
    assert "You are one person here now: 1 badge." in said
    assert holds(town) == {here: {"first_post"}}
    assert "Your code was used" in await counter.told("amira", "Your code was used")
    assert town.verify() == []

    line = f"Plaudit-Link: {code_in(await slack.ask('amira', '/plaudit link github'))}"
    assert (await deliver(bot, "issue_comment", comment(f"> {line}")))["new"] == 0
    told = await deliver(bot, "issue_comment", comment(f"Hello\n{line}\n"))
    assert [text for text in told["ignored"] if text.startswith("link code")] == []
    assert "amira-k on GitHub" in await counter.told("amira", "Is that you?")
    assert holds(town) == {here: {"first_post"}}
    assert "1 is new" in await counter.press_last("amira", "Link us")
    assert holds(town) == {here: {"first_post", "everywhere"}}
    await town.until(lambda: sum("Everywhere" in text for text in (*slack.said(), *discord.said())) == 1)
    assert town.verify() == []
    again = await deliver(bot, "issue_comment", comment(f"Once more\n{line}\n"))
    assert "link code: the code is not known, or old" in again["ignored"]

    await slack.press_private("amira", "/plaudit unlink amira-k", "Part them")
    assert holds(town) == {here: {"first_post"}}
    assert town.verify() == []
    parted = await discord.press_private("amira", "/plaudit unlink account:Slack", "Part them")
    assert "a person of its own: 1 badge. The others: 1 badge" in parted
    assert holds(town) == before
    assert bot.store.communities.served["default"].people.groups == {}
    assert "Hello" not in "".join(str(row) for row in town.rows("SELECT body FROM statement"))


@pytest.mark.slow
async def test_an_address_by_the_forms_of_both_chats(town: Town, server: MailServer, bot: Bot) -> None:
    slack = counter_of(town, "slack")
    await slack.street.ask("lena", "/plaudit link")
    said = await slack.fill_own("lena", "By e-mail…", address="lena@example.org")
    assert "on its way" in said
    discord = counter_of(town, "discord")
    await discord.street.ask("jonas", "/plaudit link")
    assert "on its way" in await discord.fill_own("jonas", "By e-mail…", address="jonas@example.org")
    await town.until(lambda: len(server.taken) == 2)
    codes = {to: code_in(message.get_content()) for to, message in server.taken}
    assert "You are one person" in await slack.street.ask("lena", f"/plaudit link {codes['lena@example.org']}")
    assert "does not work" in await slack.street.ask("lena", f"/plaudit link {codes['jonas@example.org']}")
    found = await discord.street.ask("jonas", f"/plaudit link code:{codes['jonas@example.org']}")
    assert "You are one person" in found
    people = bot.store.communities.served["default"].people
    assert people.member("email/lena@example.org") == slack.street.account("lena")
    assert people.member("email/jonas@example.org") == discord.street.account("jonas")
    said = str(town.rows("SELECT body FROM statement WHERE id LIKE 'message:%' OR id LIKE 'command:%'"))
    assert "example.org" not in said
