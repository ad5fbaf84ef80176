"""The playground's page over HTTP, on the stand-ins alone; what people see is asserted on the views."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from importlib.resources import files

import aiohttp
import pytest

from adapters.web.server import serving
from bot.demo.watch import plain
from bot.playground.clock import MovableClock
from bot.playground.community import furnish, rules_text
from bot.playground.discord_server import DiscordServer
from bot.playground.server import Playground, create_app
from bot.playground.slack_server import Ephemeral, SlackServer
from bot.playground.views import discord_view, slack_view
from core.rules.loading import load

HOSTILE = (
    "<script>alert(1)</script> <!channel> @everyone *<img src=x onerror=alert(2)>* [x](javascript:alert(3)) \u202e"
)
BUTTON = {"type": "button", "action_id": "plaudit:why:x", "value": "x", "text": {"type": "plain_text", "text": "How"}}


@pytest.fixture
def playground() -> Playground:
    clock = MovableClock()
    return Playground(furnish(SlackServer(clock.seconds), DiscordServer(clock.seconds)), clock)


@pytest.fixture
async def page(playground: Playground) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        serving(create_app(playground), "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", timeout=aiohttp.ClientTimeout(10)) as session,
    ):
        yield session
        playground.close()


def places(playground: Playground, platform: str) -> tuple[dict[str, str], dict[str, str]]:
    side = playground.community.slack_side if platform == "slack" else playground.community.discord_side
    return dict(side.channels), dict(side.people)


def seen(playground: Playground, platform: str, channel: str, who: str = "amira") -> list[dict]:
    return playground.state(who)[platform]["messages"][places(playground, platform)[0][channel]]


async def act(page: aiohttp.ClientSession, who: str, platform: str, verb: str, **more: str) -> tuple[int, str]:
    async with page.post("/act", json={"as": who, "platform": platform, "verb": verb, **more}) as answer:
        body = await answer.text()
        return answer.status, json.loads(body)["problem"] if answer.status == 409 else ""


def test_the_demo_rule_book_can_be_used_and_covers_the_story():
    book = load(rules_text(), "rules.toml")
    assert {"said_hello", "helpful_answer", "trusted_helper", "workshop_host", "beyond_the_chat"} <= set(
        book.achievements
    )
    assert book.community.quiet_start.seconds == 0


async def test_the_page_and_all_it_needs_come_from_this_server(page):
    async with page.get("/") as answer:
        html, policy = await answer.text(), answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|style=|https?://", html)
    for name in re.findall(r'(?:src|href)="([^"]+)"', html):
        async with page.get("/" + name) as answer:
            assert answer.status == 200, name


def test_no_script_ever_reads_text_as_markup():
    folder = files("bot.playground") / "page"
    for script in (f for f in folder.iterdir() if f.name.endswith(".js")):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(", script.read_text()
        )


async def test_what_the_scripts_load_is_there(page):
    folder = files("bot.playground") / "page"
    for script in (f for f in folder.iterdir() if f.name.endswith(".js")):
        for name in re.findall(r'from "\./([^"]+)"', script.read_text()):
            async with page.get(f"/page/{name}") as answer:
                assert (answer.status, answer.headers["Content-Type"][:15]) == (200, "text/javascript"), name
    async with page.get("/page/..%2fserver.py") as answer:
        assert answer.status == 404


async def test_without_a_bot_behind_it_the_page_offers_no_chaos(page):
    async with page.get("/state") as answer:
        assert (await answer.json())["bot"] is False
    for path in ("/chaos", "/guide"):
        async with page.post(path) as answer:
            assert answer.status == 404


async def test_a_page_under_another_name_is_not_let_in(page):
    async with page.get("/state", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_another_page_cannot_press_a_button_here(page, playground, origin):
    before = playground.clock.ahead
    async with page.post("/forward", headers={"Origin": origin}) as answer:
        assert answer.status == 403
    assert playground.clock.ahead == before
    async with page.post("/forward", headers={"Origin": f"http://{answer.url.authority}"}) as answer:
        assert answer.status == 204


async def test_a_form_of_another_page_cannot_act(page, playground):
    body = json.dumps({"as": "kofi", "platform": "slack", "verb": "say", "channel": "#general", "text": "forged"})
    async with page.post("/act", data=body, headers={"Content-Type": "text/plain"}) as answer:
        assert answer.status == 422
    assert seen(playground, "slack", "general") == []


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_what_people_do_on_the_page_happens_on_the_stand_in(page, playground, platform):
    channels, _ = places(playground, platform)
    help_ = channels["help"]
    assert await act(page, "kofi", platform, "say", channel=help_, text="How do I paint a bird house?") == (204, "")
    question = seen(playground, platform, "help")[0]
    await act(page, "amira", platform, "reply", channel=help_, message=question["id"], text="With linseed oil, @Kofi")
    answers = seen(playground, platform, "help")[0]["replies"] or seen(playground, platform, "help")[1:]
    answer = answers[0]
    assert plain(answer["parts"]).removesuffix(" A.") == "With linseed oil, @Kofi"  # what Kofi calls himself there
    assert answer["thread"] == question["id"] or answer["quote"]["name"].startswith("Kofi")

    about = {"channel": help_, "message": answer["id"]}
    await act(page, "mei", platform, "react", **about, emoji="white_check_mark")
    await act(page, "kofi", platform, "cheer", **about)
    assert _mark(playground, platform, answer["id"]) == ("✅", 4)
    await act(page, "mei", platform, "unreact", **about, emoji="white_check_mark")
    assert _mark(playground, platform, answer["id"]) == ("✅", 3)

    assert (await act(page, "kofi", platform, "edit", **about, text="mine now"))[0] == 409
    assert (await act(page, "kofi", platform, "delete", **about)) == (409, "Only moderators delete what others wrote.")
    await act(page, "amira", platform, "edit", **about, text="With tung oil")
    assert _find(playground, platform, answer["id"])["edited"]
    await act(page, "noor", platform, "delete", **about)
    assert _find(playground, platform, answer["id"]) is None


def _find(playground: Playground, platform: str, which: str) -> dict | None:
    flat = [m for root in seen(playground, platform, "help") for m in (root, *root["replies"])]
    return next((m for m in flat if m["id"] == which), None)


def _mark(playground: Playground, platform: str, which: str) -> tuple[str, int]:
    message = _find(playground, platform, which)
    assert message is not None
    return message["reactions"][0]["sign"], message["reactions"][0]["count"]


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_hostile_words_stay_words(page, playground, platform):
    channels, _ = places(playground, platform)
    await act(page, "kofi", platform, "say", channel=channels["general"], text=HOSTILE)
    message = seen(playground, platform, "general")[0]
    kinds = {n["t"] for p in message["parts"] for line in p["lines"] for n in _flat(line)}
    assert "<script>alert(1)</script>" in plain(message["parts"])
    assert kinds <= {"text", "b", "i", "span"}


def _flat(nodes: list[dict]) -> list[dict]:
    return [inner for n in nodes for inner in (n, *_flat(n.get("c", [])))]


def test_views_only_look(playground):
    place = playground.community
    amira = place.slack_side.people["amira"], place.discord_side.people["amira"]
    first = slack_view(place.slack, amira[0]), discord_view(place.discord, amira[1])
    assert first == (slack_view(place.slack, amira[0]), discord_view(place.discord, amira[1]))
    assert json.dumps(first)


async def test_whispers_are_for_one_person_alone(playground):
    channels, people = places(playground, "slack")
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "You earned *First post* :wave:"}},
        {"type": "actions", "elements": [BUTTON]},
    ]
    shown = Ephemeral(people["kofi"], channels["general"], "1700000000.000001", "You earned First post", blocks)
    playground.community.slack.ephemerals.append(shown)
    (whisper,) = seen(playground, "slack", "general", "kofi")
    assert whisper["private"]
    assert plain(whisper["parts"]) == "You earned First post 👋"
    assert whisper["parts"][1]["buttons"] == [{"label": "How", "id": "plaudit:why:x", "value": "x", "style": "default"}]
    assert seen(playground, "slack", "general", "amira") == []


def test_the_moderators_channel_on_slack_is_theirs(playground):
    assert "mods" not in [c["name"] for c in playground.state("kofi")["slack"]["channels"]]
    assert "mods" in [c["name"] for c in playground.state("noor")["slack"]["channels"]]


def test_people_show_their_roles(playground):
    for platform, role in (("slack", "@moderators"), ("discord", "Moderator")):
        roles = {p["key"]: p["roles"] for p in playground.state("amira")[platform]["people"]}
        assert roles["noor"] == [role]
        assert roles["tomas"] == []


async def test_an_open_page_hears_of_every_change(page, playground):
    channels, _ = places(playground, "discord")
    async with page.get("/events", params={"as": "lena"}) as stream:
        first = await _picture(stream)
        await act(page, "mei", "discord", "say", channel=channels["general"], text="Hello")
        second = await _picture(stream)
    assert first["as"] == second["as"] == "lena"
    assert first["discord"]["messages"][channels["general"]] == []
    assert plain(second["discord"]["messages"][channels["general"]][0]["parts"]) == "Hello"


async def _picture(stream: aiohttp.ClientResponse) -> dict:
    async with asyncio.timeout(5):
        line = b""
        while not line.startswith(b"data: "):
            line = await stream.content.readuntil(b"\n\n")
    return json.loads(line.removeprefix(b"data: "))


async def test_fast_forward_moves_the_clock_of_both_platforms(page, playground):
    async with page.post("/forward") as answer:
        assert answer.status == 204
    channels, _ = places(playground, "slack")
    await act(page, "mei", "slack", "say", channel=channels["general"], text="Monday")
    assert abs(seen(playground, "slack", "general")[0]["at"] - playground.clock.seconds()) < 60


async def test_what_cannot_be_done_is_said_in_words(page, playground):
    channels, _ = places(playground, "slack")
    status, problem = await act(page, "kofi", "slack", "say", channel=channels["general"], text="/unknown")
    assert (status, "knows no such command" in problem) == (409, True)
    status, problem = await act(page, "nobody", "slack", "say", channel=channels["general"], text="x")
    assert (status, problem) == (409, "Nobody here is called so.")
    assert (await act(page, "kofi", "slack", "fly"))[0] == 422
