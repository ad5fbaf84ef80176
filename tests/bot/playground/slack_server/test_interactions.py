"""Commands, buttons, forms and response URLs."""

from typing import Any

import aiohttp
import pytest

from bot.playground.slack_server import ApiError, SlackServer
from tests.bot.playground.slack_bot import SlackBot, web_client
from tests.bot.playground.slack_server.community import (
    AMIRA,
    GENERAL,
    JONAS,
    Clock,
    Json,
    button,
    furnish,
    refusal,
    section,
)


async def test_a_command_answers_at_once_and_by_response_url(server: SlackServer, bot: SlackBot) -> None:
    @bot.app.command("/achievements")
    async def answer(ack: Any, respond: Any) -> None:
        await ack("one moment")
        await respond("three badges")
        await respond(text="look, all", response_type="in_channel")

    attempt = await server.slash(AMIRA, GENERAL, "/achievements", "mine")
    assert attempt.ok
    assert attempt.payload["text"] == "mine"
    await server.until(lambda: server.messages[GENERAL])
    # Bolt may send the acknowledgement after what the listener did meanwhile: no order is promised
    assert {e.text for e in server.ephemerals_for(AMIRA)} == {"one moment", "three badges"}
    assert server.ephemerals_for(JONAS) == []
    assert server.messages[GENERAL][0]["text"] == "look, all"


async def test_a_command_nobody_acknowledges_fails_for_the_person(server: SlackServer, bot: SlackBot) -> None:
    @bot.app.command("/slow")
    async def never(body: Json) -> None:
        pass

    attempt = await server.slash(AMIRA, GENERAL, "/slow")
    assert (attempt.ok, attempt.failure) == (False, "timeout")


async def test_a_response_url_works_five_times_within_thirty_minutes() -> None:
    clock = Clock()
    async with SlackServer(clock) as server, aiohttp.ClientSession() as http:
        furnish(server)

        async def use(url: str) -> tuple[int, str]:
            async with http.post(url, json={"text": "hi"}) as response:
                return response.status, await response.text()

        url = (await server.slash(AMIRA, GENERAL, "/x")).payload["response_url"]
        assert [await use(url) for _ in range(6)] == [(200, "ok")] * 5 + [(404, "used_url")]
        late = (await server.slash(AMIRA, GENERAL, "/x")).payload["response_url"]
        clock.now += 1801
        assert await use(late) == (404, "expired_url")


async def test_a_button_on_a_message_can_replace_it(server: SlackServer, bot: SlackBot) -> None:
    @bot.app.action("more")
    async def more(ack: Any, respond: Any, action: Json) -> None:
        await ack()
        await respond(text=f"pressed {action['value']}", replace_original=True)

    root = await server.say(AMIRA, GENERAL, "hello")
    posted = await bot.client.chat_postMessage(channel=GENERAL, thread_ts=root["ts"], text="badge", blocks=[button()])
    attempt = await server.click(AMIRA, "more", GENERAL, posted["ts"])
    assert attempt.ok
    assert attempt.payload["container"]["thread_ts"] == root["ts"]
    assert attempt.payload["message"]["ts"] == posted["ts"]
    await server.until(lambda: server.messages[GENERAL][-1]["text"] == "pressed 42")


async def test_a_button_on_an_ephemeral_can_delete_it(server: SlackServer, bot: SlackBot) -> None:
    @bot.app.action("more")
    async def more(ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)

    await bot.client.chat_postEphemeral(channel=GENERAL, user=AMIRA, text="only you", blocks=[button()])
    with pytest.raises(ApiError, match="no_such_button"):
        await server.click(JONAS, "more", GENERAL)
    attempt = await server.click(AMIRA, "more", GENERAL)
    assert attempt.payload["container"]["is_ephemeral"] is True
    assert "message" not in attempt.payload
    await server.until(lambda: not server.ephemerals)


async def test_home_is_published_and_its_button_works(server: SlackServer, bot: SlackBot) -> None:
    pressed: list[str] = []

    @bot.app.action("more")
    async def more(ack: Any, body: Json) -> None:
        await ack()
        pressed.append(body["view"]["id"])

    await server.open_home(AMIRA)
    await server.settled()
    assert "view" not in bot.events("app_home_opened")[0]
    await bot.client.views_publish(user_id=AMIRA, view={"type": "home", "blocks": [section("Earned"), button()]})
    await server.open_home(AMIRA)
    await server.settled()
    home = server.homes[AMIRA].body
    assert bot.events("app_home_opened")[1]["view"]["id"] == home["id"]
    assert (await server.click(AMIRA, "more")).ok
    await server.until(lambda: pressed == [home["id"]])


async def test_a_modal_opens_shows_errors_and_closes(server: SlackServer, bot: SlackBot) -> None:
    box = {"type": "plain_text_input", "action_id": "text"}
    label = {"type": "plain_text", "text": "Reason"}
    view = {
        "type": "modal",
        "callback_id": "grant",
        "title": {"type": "plain_text", "text": "Grant"},
        "submit": {"type": "plain_text", "text": "Grant"},
        "blocks": [{"type": "input", "block_id": "reason", "label": label, "element": box}],
    }

    @bot.app.command("/grant")
    async def open_form(ack: Any, client: Any, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @bot.app.view("grant")
    async def check(ack: Any, view: Json) -> None:
        given = view["state"]["values"]["reason"]["text"]["value"]
        await (ack() if given else ack(response_action="errors", errors={"reason": "Say why."}))

    await server.slash(AMIRA, GENERAL, "/grant")
    await server.until(lambda: server.modals.get(AMIRA))
    wrong = await server.submit(AMIRA, {"reason": {"text": ""}})
    assert wrong.answer["errors"] == {"reason": "Say why."}
    assert server.modals[AMIRA]
    assert (await server.submit(AMIRA, {"reason": {"text": "helped"}})).ok
    assert server.modals[AMIRA] == []


async def test_a_trigger_works_once_and_for_three_seconds() -> None:
    clock = Clock()
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [section()]}
    async with SlackServer(clock) as server:
        furnish(server)
        client = web_client(server)
        trigger = (await server.slash(AMIRA, GENERAL, "/x")).payload["trigger_id"]
        await client.views_open(trigger_id=trigger, view=view)
        again = await refusal(client.views_open(trigger_id=trigger, view=view))
        assert again["error"] == "exchanged_trigger_id"
        trigger = (await server.slash(AMIRA, GENERAL, "/x")).payload["trigger_id"]
        clock.now += 4
        late = await refusal(client.views_open(trigger_id=trigger, view=view))
        assert late["error"] == "expired_trigger_id"
