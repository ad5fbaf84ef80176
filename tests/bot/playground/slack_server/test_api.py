"""The Web API, called by the real slack_sdk."""

import asyncio

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.slack_server import SlackServer
from tests.bot.playground.slack_bot import SlackBot, web_client
from tests.bot.playground.slack_server.community import (
    AMIRA,
    GENERAL,
    JONAS,
    refusal,
)


async def test_wrong_tokens_and_missing_scopes_are_refused(server: SlackServer) -> None:
    assert (await refusal(web_client(server, "xoxb-wrong").auth_test()))["error"] == "invalid_auth"
    swapped = web_client(server, server.access.app_token)
    assert (await refusal(swapped.auth_test()))["error"] == "not_allowed_token_type"
    client = web_client(server)
    answer = await client.auth_test()
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")
    server.access.scopes.remove("chat:write")
    server.access.scopes.remove("channels:history")
    missing = await refusal(client.chat_postMessage(channel=GENERAL, text="hi"))
    assert (missing["error"], missing["needed"]) == ("missing_scope", "chat:write")
    assert "users:read" in missing["provided"]
    unread = await refusal(client.conversations_history(channel=GENERAL))
    assert unread["needed"] == "channels:history"


async def test_metadata_of_a_post_is_found_in_the_history(server: SlackServer) -> None:
    client = web_client(server)
    metadata = {"event_type": "plaudit", "event_payload": {"delivery": "d-1"}}
    await client.chat_postMessage(channel=GENERAL, text="badge", metadata=metadata)
    with_it = await client.conversations_history(channel=GENERAL, include_all_metadata=True)
    without = await client.conversations_history(channel=GENERAL)
    assert with_it["messages"][0]["metadata"] == metadata
    assert "metadata" not in without["messages"][0]


async def test_history_comes_in_pages_and_within_bounds(server: SlackServer) -> None:
    client = web_client(server)
    said = [await server.say(AMIRA, GENERAL, f"m{i}") for i in range(5)]
    await server.reply(JONAS, GENERAL, said[0]["ts"], "in the thread")
    first = await client.conversations_history(channel=GENERAL, limit=2)
    pages = [[m["text"] for m in page["messages"]] async for page in first]
    assert pages == [["m4", "m3"], ["m2", "m1"], ["m0"]]
    later = await client.conversations_history(channel=GENERAL, oldest=said[2]["ts"])
    assert [m["text"] for m in later["messages"]] == ["m4", "m3"]
    also = await client.conversations_history(channel=GENERAL, oldest=said[2]["ts"], inclusive=True, limit=9)
    assert also["messages"][-1]["text"] == "m2"
    thread = await client.conversations_replies(channel=GENERAL, ts=said[0]["ts"])
    assert [m["text"] for m in thread["messages"]] == ["m0", "in the thread"]


async def test_own_posts_are_updated_and_deleted_others_not(server: SlackServer, bot: SlackBot) -> None:
    posted = await bot.client.chat_postMessage(channel="#general", text="one")
    await bot.client.chat_update(channel=GENERAL, ts=posted["ts"], text="two")
    assert server.messages[GENERAL][0]["text"] == "two"
    await bot.client.chat_delete(channel=GENERAL, ts=posted["ts"])
    assert server.messages[GENERAL] == []
    foreign = await server.say(AMIRA, GENERAL, "mine")
    update = bot.client.chat_update(channel=GENERAL, ts=foreign["ts"], text="x")
    assert (await refusal(update))["error"] == "cant_update_message"
    await server.settled()
    # Bolt swallows what the app itself caused, so look at what was handed over
    told = [(a.payload["event"].get("subtype"), a.ok) for a in server.deliveries]
    assert told[:3] == [(None, True), ("message_changed", True), ("message_deleted", True)]
    assert server.deliveries[0].payload["event"]["bot_id"] == server.me.bot_id


async def test_direct_messages_open_by_person(server: SlackServer, bot: SlackBot) -> None:
    opened = await bot.client.conversations_open(users=AMIRA)
    await bot.client.chat_postMessage(channel=opened["channel"]["id"], text="psst")
    await server.say(AMIRA, server.me.bot_user, "thanks")
    await server.settled()
    assert bot.events("message")[0]["channel_type"] == "im"
    assert [m["text"] for m in server.messages[opened["channel"]["id"]]] == ["psst", "thanks"]


async def test_a_user_group_is_replaced_whole_and_never_emptied(server: SlackServer, bot: SlackBot) -> None:
    client = bot.client
    made = (await client.usergroups_create(name="Regulars", handle="regulars"))["usergroup"]
    await client.usergroups_users_update(usergroup=made["id"], users=[AMIRA, JONAS])
    await client.usergroups_users_update(usergroup=made["id"], users=[JONAS])
    assert (await client.usergroups_users_list(usergroup=made["id"]))["users"] == [JONAS]
    empty = await refusal(client.usergroups_users_update(usergroup=made["id"], users=""))
    assert empty["error"] == "no_users_provided"
    await client.usergroups_disable(usergroup=made["id"])
    assert (await client.usergroups_list())["usergroups"] == []
    assert (await client.usergroups_list(include_disabled=True))["usergroups"][0]["user_count"] == 1
    await client.usergroups_enable(usergroup=made["id"])
    await server.settled()
    changes = bot.events("subteam_members_changed")
    assert [(c["added_users"], c["removed_users"]) for c in changes] == [([AMIRA, JONAS], []), ([], [AMIRA])]


@pytest.mark.parametrize("reason", ["plan_upgrade_required", "permission_denied"])
async def test_a_plan_without_user_groups_refuses_changes(server: SlackServer, reason: str) -> None:
    group = server.add_usergroup("regulars", "Regulars")
    server.access.usergroups_refused = reason
    client = web_client(server)
    assert (await refusal(client.usergroups_create(name="New")))["error"] == reason
    update = client.usergroups_users_update(usergroup=group, users=[AMIRA])
    assert (await refusal(update))["error"] == reason


async def test_private_channels_are_listed_only_with_the_bot_inside(server: SlackServer) -> None:
    server.add_channel("CMODS", "mods", [AMIRA], is_private=True)
    both = await web_client(server).conversations_list(types="public_channel,private_channel")
    assert [c["name"] for c in both["channels"]] == ["general", "mods"]


async def test_joining_lets_the_bot_post(server: SlackServer) -> None:
    server.add_channel("CWINS", "wins", with_bot=False)
    client = web_client(server)
    outside = await refusal(client.chat_postMessage(channel="CWINS", text="hi"))
    assert outside["error"] == "not_in_channel"
    await client.conversations_join(channel="CWINS")
    await client.chat_postMessage(channel="CWINS", text="hi")
    members = await client.conversations_members(channel="CWINS")
    assert members["members"] == [server.me.bot_user]


async def test_a_second_post_within_a_second_is_refused_when_asked_for(server: SlackServer) -> None:
    server.access.one_post_a_second = True
    server.add_channel("CWINS", "wins")
    client = web_client(server)
    await client.chat_postMessage(channel=GENERAL, text="one")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=GENERAL, text="two")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "1")
    await client.chat_postMessage(channel="CWINS", text="elsewhere")
    await asyncio.sleep(1)
    await client.chat_postMessage(channel=GENERAL, text="two")
