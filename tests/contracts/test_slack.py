"""The stand-in of Slack says nothing that Slack's skeletons do not have, over one broad day."""

import functools
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack_server import SlackServer
from tests.bot.playground.slack_bot import SlackBot, connected
from tests.contracts.block_kit import block_kit_faults
from tests.contracts.slack_contract import (
    REQUIRED_ANSWER,
    REQUIRED_EVENT,
    REQUIRED_INTERACTION,
    SlackContract,
    differences,
)
from tests.shared import needs_shared

pytestmark = needs_shared

AMIRA, JONAS, LENA, GENERAL = "UAMIRA", "UJONAS", "ULENA", "CGENERAL"
Json = dict[str, Any]

TITLE: Json = {"type": "plain_text", "text": "Grant"}
MORE: Json = {
    "type": "button",
    "action_id": "more",
    "value": "1",
    "text": {"type": "plain_text", "text": "More"},
}
FORM: Json = {
    "type": "button",
    "action_id": "form",
    "value": "1",
    "text": {"type": "plain_text", "text": "Form"},
}
ROW: Json = {"type": "actions", "block_id": "row", "elements": [MORE, FORM]}
NOTE: Json = {"type": "plain_text_input", "action_id": "text"}
INPUT: Json = {"type": "input", "block_id": "note", "label": TITLE, "element": NOTE, "optional": True}
MODAL: Json = {
    "type": "modal",
    "callback_id": "grant",
    "title": TITLE,
    "submit": TITLE,
    "notify_on_close": True,
    "blocks": [INPUT],
}


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer(ack_timeout=0.5, retry_delays=(0.0,)) as running:
        for who, name in ((AMIRA, "amira"), (JONAS, "jonas"), (LENA, "lena")):
            running.add_user(who, name)
        running.add_channel(GENERAL, "general", [AMIRA, JONAS])
        running.add_channel("CWINS", "wins", [AMIRA], with_bot=False)
        yield running


def handle(bot: SlackBot) -> None:
    """Commands and buttons of a made-up app that opens, pushes and updates forms."""
    app = bot.app

    async def open_form(ack: Any, client: AsyncWebClient, body: Json) -> None:
        await ack()
        opened = await client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        await client.views_update(view_id=opened["view"]["id"], view=MODAL)

    async def push_form(ack: Any, client: AsyncWebClient, body: Json) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=MODAL)

    async def only_ack(ack: Any) -> None:
        await ack()

    app.command("/plaudit")(open_form)
    app.command("/push")(push_form)
    for listen in (app.action("more"), app.action("form"), app.view("grant"), app.view_closed("grant")):
        listen(only_ack)
    app.message_shortcut("mark")(only_ack)


async def people_talk(server: SlackServer) -> Json:
    root = await server.say(AMIRA, GENERAL, "How do I start?")
    reply = await server.reply(JONAS, GENERAL, root["ts"], "Read on")
    await server.say(JONAS, GENERAL, "for all", root["ts"], broadcast=True)
    await server.mention(AMIRA, GENERAL, "achievements", root["ts"])
    await server.react(AMIRA, GENERAL, reply["ts"], "thumbsup::skin-tone-2")
    await server.unreact(AMIRA, GENERAL, reply["ts"], "thumbsup::skin-tone-2")
    await server.edit(JONAS, GENERAL, reply["ts"], "Read the README")
    gone = await server.say(AMIRA, GENERAL, "oops")
    await server.delete(AMIRA, GENERAL, gone["ts"])
    await server.team_join("UKOFI", "kofi")
    await server.join("UKOFI", GENERAL, inviter=AMIRA)
    await server.leave("UKOFI", GENERAL)
    await server.join_huddle(AMIRA, "R0CALL", GENERAL)
    await server.leave_huddle(AMIRA)
    await server.say(AMIRA, server.me.bot_user, "hello you")
    return root


async def bot_writes(client: AsyncWebClient, root_ts: str) -> None:
    metadata = {"event_type": "plaudit", "event_payload": {"delivery": "d-1"}}
    posted = await client.chat_postMessage(
        channel=GENERAL,
        text="badge",
        thread_ts=root_ts,
        blocks=[ROW],
        metadata=metadata,
        reply_broadcast=True,
    )
    ts = posted["ts"]
    await client.chat_postEphemeral(channel=GENERAL, user=AMIRA, text="you", blocks=[ROW])
    await client.chat_update(channel=GENERAL, ts=ts, text="badge!", blocks=[ROW])
    await client.chat_getPermalink(channel=GENERAL, message_ts=ts)
    await client.reactions_add(channel=GENERAL, timestamp=ts, name="tada")
    await client.reactions_get(channel=GENERAL, timestamp=ts)
    await client.reactions_remove(channel=GENERAL, timestamp=ts, name="tada")
    await client.chat_postMessage(channel=AMIRA, text="psst")
    (file, *_) = (await client.files_upload_v2(filename="week.png", content=b"PNG", alt_txt="the week"))["files"]
    image = {"type": "image", "slack_file": {"id": file["id"]}, "alt_text": "the week"}
    await client.chat_postMessage(channel=GENERAL, text="the week", blocks=[image])
    extra = await client.chat_postMessage(channel=GENERAL, text="gone soon")
    await client.chat_delete(channel=GENERAL, ts=extra["ts"])


async def bot_reads(client: AsyncWebClient, root_ts: str) -> None:
    await client.auth_test()
    await client.team_info()
    await client.bots_info(bot="B0PLAUDIT")
    await client.users_info(user=AMIRA)
    await client.users_list(limit=2)
    await client.conversations_list(types="public_channel,private_channel,im")
    await client.conversations_info(channel=GENERAL, include_num_members=True)
    await client.conversations_members(channel=GENERAL, limit=1)
    await client.conversations_history(channel=GENERAL, include_all_metadata=True, limit=3)
    await client.conversations_replies(channel=GENERAL, ts=root_ts, include_all_metadata=True)
    await client.conversations_join(channel="CWINS")
    await client.conversations_invite(channel="CWINS", users=JONAS)
    await client.conversations_kick(channel="CWINS", user=JONAS)
    await client.conversations_open(users=AMIRA)


async def bot_groups(client: AsyncWebClient) -> None:
    group = (await client.usergroups_create(name="Regulars", handle="regulars"))["usergroup"]["id"]
    await client.usergroups_users_update(usergroup=group, users=[AMIRA])
    await client.usergroups_users_list(usergroup=group)
    await client.usergroups_list(include_users=True)
    await client.usergroups_disable(usergroup=group)
    await client.usergroups_enable(usergroup=group)


async def people_operate(server: SlackServer, client: AsyncWebClient) -> None:
    await server.open_home(AMIRA)
    await client.views_publish(user_id=AMIRA, view={"type": "home", "blocks": [ROW]})
    await server.open_home(AMIRA)
    await server.click(AMIRA, "more")
    await server.click(AMIRA, "more", GENERAL)
    message = next(m for m in server.messages[GENERAL] if m.get("blocks"))
    await server.click(JONAS, "more", GENERAL, message["ts"])
    await server.shortcut(JONAS, "mark", GENERAL, message["ts"])
    for command in ("/plaudit", "/push"):
        await server.slash(AMIRA, GENERAL, command, "grant")
        method = "views.update" if command == "/plaudit" else "views.push"
        await server.until(functools.partial(server.called, method))
    await server.close_modal(AMIRA)
    await server.submit(AMIRA, {"note": {"text": "helped"}})


async def provoke(server: SlackServer, client: AsyncWebClient) -> None:
    """Refusals have a shape too."""
    long = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    await refused(client.chat_postMessage(channel=GENERAL, text="x", blocks=long))
    await refused(client.chat_postEphemeral(channel=GENERAL, user=AMIRA, text="x", blocks=long))
    await refused(client.chat_update(channel=GENERAL, ts="1.000001", text="x"))
    await refused(client.views_publish(user_id=AMIRA, view={"type": "home", "blocks": long}))
    await refused(client.conversations_info(channel="CNONE"))
    await refused(client.reactions_add(channel=GENERAL, timestamp="", name="tada"))
    server.access.scopes.clear()
    await refused(client.chat_postMessage(channel=GENERAL, text="x"))
    await refused(client.users_info(user=AMIRA))


async def refused(call: Any) -> None:
    with pytest.raises(SlackApiError):
        await call


async def test_a_broad_day_stays_within_the_skeletons(server: SlackServer) -> None:
    async with connected(server) as bot:
        handle(bot)
        root = await people_talk(server)
        await bot_writes(bot.client, root["ts"])
        await bot_reads(bot.client, root["ts"])
        await bot_groups(bot.client)
        await people_operate(server, bot.client)
        await server.delete(AMIRA, GENERAL, root["ts"])
        await bot.client.conversations_history(channel=GENERAL)
        await server.settled()
        await provoke(server, bot.client)
    contract = SlackContract(server)
    contract.check()
    everything = {*REQUIRED_ANSWER, *REQUIRED_EVENT, *REQUIRED_INTERACTION}
    assert everything - contract.seen() == set(), "the day must touch all that is described"
    assert all(a.ok for a in server.deliveries if a.kind != "events_api")


async def test_a_key_the_skeleton_has_not_is_found(server: SlackServer) -> None:
    server.users[AMIRA]["profile"]["mood"] = "sunny"
    async with connected(server) as bot:
        await bot.client.users_info(user=AMIRA)
    assert SlackContract(server).faults() == ["users.info.user.profile.mood: not in the skeleton"]


def test_another_shape_is_found() -> None:
    skeleton = {"a": [{"b": ""}], "c": 1}
    assert list(differences({"a": [{"b": "x"}, {"b": 1}], "c": None}, skeleton)) == [
        ".a[1].b: 1 where the skeleton has ''"
    ]
    assert list(differences({"a": {}, "blocks": [{"free": 1}]}, skeleton)) == [
        ".a: an object where the skeleton has [{'b': ''}]"
    ]


def test_the_second_reading_of_block_kit_finds_what_is_too_much() -> None:
    assert block_kit_faults([ROW, INPUT]) == []
    long = {**MORE, "value": "x" * 2001, "text": {"type": "mrkdwn", "text": "x" * 76}}
    assert block_kit_faults([{"type": "section", "text": TITLE, "accessory": long}]) == [
        "blocks[0].accessory[0]: 76 characters in a button, 1 to 75 fit",
        "blocks[0].accessory[0]: a button takes plain_text only",
        "blocks[0].accessory[0].value: 2001 characters, 2000 are the most",
    ]
    assert block_kit_faults([{"type": "divider"}] * 51) == ["51 blocks, 50 are the most"]
