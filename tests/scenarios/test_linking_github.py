"""A GitHub account proved in three ways: by a gist, by a commit, by signing in. The whole bot, real clients, and what
looks like GitHub on another socket."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.storage.store import Store
from bot.runner import Bot
from core.times import write_time
from tests.adapters.connectors.test_link_trailers import commit, push
from tests.bot.browsing import Browser, free_port
from tests.lookalike import CLIENT, LENA, SECRET, GitHub, gist, github_like
from tests.scenarios.counter import SlackCounter, counter_of
from tests.scenarios.test_linking import SECRET as HOOK
from tests.scenarios.test_linking import code_in, deliver
from tests.scenarios.town import Town

ID = "0123456789abcdef0123"


@pytest.fixture
async def github() -> AsyncIterator[GitHub]:
    async with github_like() as found:
        yield found


@pytest.fixture
async def bot(town: Town, github: GitHub) -> AsyncIterator[Bot]:
    port = free_port()
    github.callback = f"http://127.0.0.1:{port}/link/github/back"
    async with town.running(
        PLAUDIT_HTTP_PORT=str(port),
        PLAUDIT_PUBLIC_URL=f"http://127.0.0.1:{port}/",
        PLAUDIT_HOOK_GITHUB_ACME_SECRET=HOOK,
        PLAUDIT_HOOK_GITHUB_ACME_URL=f"{github.url}/api/v3/orgs/acme",
        PLAUDIT_HOOK_GITHUB_ACME_TOKEN="t-1",
        PLAUDIT_GITHUB_CLIENT_ID=CLIENT,
        PLAUDIT_GITHUB_CLIENT_SECRET=SECRET,
        PLAUDIT_GITHUB_URL=github.url,
    ) as bot:
        yield bot


def counter(town: Town) -> SlackCounter:
    found = counter_of(town, "slack")
    assert isinstance(found, SlackCounter)
    return found


def is_linked(store: Store, account: str, other: str) -> bool:
    return store.communities.served["default"].people.member(other) == account


@pytest.mark.slow
async def test_by_a_gist(town: Town, bot: Bot, github: GitHub) -> None:
    slack = counter(town).street
    line = f"Plaudit-Link: {code_in(await slack.ask('lena', '/plaudit link github'))}"
    github.gists[ID] = gist(line, at=write_time(town.clock()))
    command = f"/plaudit link github gist https://gist.github.com/lena-k/{ID}"
    assert "You are one person here now" in await slack.press_private("lena", command, "Link us")
    assert is_linked(bot.store, slack.account("lena"), "github:acme/77")
    assert town.verify() == []


@pytest.mark.slow
async def test_by_the_form_for_a_gist(town: Town, bot: Bot, github: GitHub) -> None:
    for platform, who in (("slack", "lena"), ("discord", "jonas")):
        there = counter_of(town, "slack" if platform == "slack" else "discord")
        command = "/plaudit link github" if platform == "slack" else "/plaudit link by:forge"
        line = f"Plaudit-Link: {code_in(await there.street.ask(who, command))}"
        github.gists[ID] = gist(line, at=write_time(town.clock()), owner={**LENA, "id": len(who)})
        said = await there.fill_own(who, "It is in a gist…", address=ID)
        assert "lena-k on GitHub. Is that you?" in said


@pytest.mark.slow
async def test_by_a_commit(town: Town, bot: Bot) -> None:
    slack = counter(town)
    line = f"Plaudit-Link: {code_in(await slack.street.ask('amira', '/plaudit link github'))}"
    merged = push(commit(message=line), ref="refs/heads/main", created=False)
    left = await deliver(bot, "push", json.dumps(merged).encode())
    assert any("only on a new branch" in reason for reason in left["ignored"])
    await deliver(bot, "push", json.dumps(push(commit(message=line), after="b")).encode())
    assert "amira-k on GitHub" in await slack.told("amira", "Is that you?")
    assert "You are one person here now" in await slack.press_last("amira", "Link us")
    assert is_linked(bot.store, slack.street.account("amira"), "github:acme/7001")


@pytest.mark.slow
async def test_by_signing_in(town: Town, bot: Bot) -> None:
    slack = counter(town)
    said = await slack.street.ask("lena", "/plaudit link github")
    (link,) = set(re.findall(r"http://127\.0\.0\.1:\d+/link/github\?state=[A-Z2-9]+", said))
    browser = Browser(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
    async with browser.http:
        assert "Almost done" in (await browser.agree(await browser.through(link))).text
    assert "lena-k on GitHub" in await slack.told("lena", "Is that you?")
    assert "You are one person here now" in await slack.press_last("lena", "Link us")
    assert is_linked(bot.store, slack.street.account("lena"), "github:acme/77")
    assert town.verify() == []
