"""Whoever reads another language in the playground: their clients are in it, and Plaudit is asked to speak it."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from adapters.web.server import serving
from bot.playground.clock import MovableClock
from bot.playground.community import furnish, rule_book, sources_of
from bot.playground.discord_server import DiscordServer
from bot.playground.server import Playground, create_app
from bot.playground.slack_server import SlackServer
from core.languages import LANGUAGES

SETTINGS = {
    "name": "plaudit",
    "type": 1,
    "description": "Everything",
    "options": [
        {
            "type": 1,
            "name": "settings",
            "description": "What is announced about you",
            "description_localizations": {"ja": "お知らせの設定"},
            "options": [{"type": 3, "name": "language", "description": "Which"}],
        }
    ],
}


def furnished(language: str = "en") -> Playground:
    clock = MovableClock()
    community = furnish(SlackServer(clock.seconds), DiscordServer(clock.seconds), language)
    community.discord.commands.by_guild[None] = [{**SETTINGS}]
    return Playground(community, clock)


def locale(playground: Playground, who: str) -> str:
    return playground.community.discord.world.locales[playground.community.discord_side.people[who]]


def hint(playground: Playground, who: str) -> str:
    return str(playground.state(who)["discord"]["commands"][0]["hint"])


@pytest.mark.parametrize(("language", "client"), [("en", "en-US"), ("ja", "ja"), ("es", "es-ES"), ("ar", "en-US")])
def test_a_community_of_another_language_has_clients_in_it_where_discord_speaks_it(language: str, client: str) -> None:
    playground = furnished(language)
    assert {locale(playground, who) for who in playground.community.discord_side.people} == {client}
    assert playground.state("amira")["language"] == language
    assert [one["code"] for one in playground.state("amira")["languages"]] == list(LANGUAGES)
    book = rule_book(sources_of(playground.community), language=language)
    assert (book.community.language, len(book.community.sources or ())) == (language, 3)


def test_discord_describes_commands_in_the_language_of_a_client() -> None:
    playground = furnished()
    assert hint(playground, "amira") == "[language]: What is announced about you"
    playground.community.discord.world.speak(playground.community.discord_side.people["amira"], "ja")
    assert hint(playground, "amira") == "[language]: お知らせの設定"
    assert hint(playground, "kofi") == "[language]: What is announced about you"


async def read(playground: Playground, platform: str, language: str) -> tuple[int, Any]:
    """Amira picks a language on the page; nobody answers here."""
    async with (
        serving(create_app(playground), "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", timeout=aiohttp.ClientTimeout(10)) as page,
    ):
        body = {"as": "amira", "platform": platform, "verb": "speak", "text": language}
        async with page.post("/act", json=body) as answer:
            said = answer.status, json.loads(await answer.text() or "null")
        playground.close()
    return said


async def test_on_discord_the_client_changes_for_whoever_picked_and_for_nobody_else() -> None:
    playground = furnished()
    await read(playground, "discord", "ja")
    assert (locale(playground, "amira"), locale(playground, "kofi")) == ("ja", "en-US")


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_a_language_that_nobody_speaks_is_refused(platform: str) -> None:
    playground = furnished()
    assert await read(playground, platform, "tlh") == (409, {"problem": "Plaudit does not speak that."})
    assert playground.state("amira")["language"] == "en"


async def test_what_the_bot_did_not_hear_is_not_shown_as_chosen() -> None:
    playground = furnished()
    status, said = await read(playground, "slack", "ja")
    assert (status, "did not answer" in said["problem"]) == (409, True)
    assert playground.state("amira")["language"] == "en"
