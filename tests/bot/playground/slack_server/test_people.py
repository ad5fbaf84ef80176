"""What people do reaches the real Bolt over a loopback socket."""

import pytest

from bot.playground.slack_server import ApiError, SlackServer
from tests.bot.playground.slack_bot import SlackBot
from tests.bot.playground.slack_server.community import (
    AMIRA,
    GENERAL,
    JONAS,
    LENA,
    SECRET,
    refusal,
)


async def test_a_message_and_a_reply_reach_the_bot_in_order(server: SlackServer, bot: SlackBot) -> None:
    root = await server.say(AMIRA, "#general", "How do I start?")
    reply = await server.reply(JONAS, GENERAL, root["ts"], "With the README")
    await server.settled()
    first, second = bot.events("message")
    assert (first["user"], first["ts"], first["channel"], first["channel_type"]) == (
        AMIRA,
        root["ts"],
        GENERAL,
        "channel",
    )
    assert (second["thread_ts"], second["parent_user_id"], second["ts"]) == (root["ts"], AMIRA, reply["ts"])
    assert "thread_ts" not in first
    assert server.messages[GENERAL][0]["reply_count"] == 1


async def test_an_edit_carries_both_versions(server: SlackServer, bot: SlackBot) -> None:
    message = await server.say(AMIRA, GENERAL, "teh")
    await server.edit(AMIRA, GENERAL, message["ts"], "the")
    await server.settled()
    (event,) = bot.events("message", "message_changed")
    assert (event["message"]["text"], event["previous_message"]["text"]) == ("the", "teh")
    assert event["message"]["edited"]["user"] == AMIRA
    assert event["message"]["ts"] == message["ts"] < event["ts"]


async def test_a_deleted_message_is_told_as_message_deleted(server: SlackServer, bot: SlackBot) -> None:
    message = await server.say(AMIRA, GENERAL, "oops")
    await server.delete(AMIRA, GENERAL, message["ts"])
    await server.settled()
    (event,) = bot.events("message", "message_deleted")
    assert (event["deleted_ts"], event["previous_message"]["user"]) == (message["ts"], AMIRA)
    assert server.messages[GENERAL] == []


async def test_a_deleted_root_with_replies_leaves_a_tombstone(server: SlackServer, bot: SlackBot) -> None:
    root = await server.say(AMIRA, GENERAL, "question")
    reply = await server.reply(JONAS, GENERAL, root["ts"], "answer")
    await server.delete(AMIRA, GENERAL, root["ts"])
    await server.settled()
    (event,) = bot.events("message", "message_changed")
    assert (event["message"]["subtype"], event["message"]["user"]) == ("tombstone", "USLACKBOT")
    assert event["previous_message"]["user"] == AMIRA
    assert not bot.events("message", "message_deleted")
    history = await bot.client.conversations_history(channel=GENERAL)
    assert [m["subtype"] for m in history["messages"]] == ["tombstone"]
    await server.delete(JONAS, GENERAL, reply["ts"])
    assert server.messages[GENERAL][0]["reply_count"] == 0


async def test_reactions_come_and_go_and_skin_tones_are_told_apart(server: SlackServer, bot: SlackBot) -> None:
    message = await server.say(AMIRA, GENERAL, "done")
    for name in ("thumbsup", "thumbsup::skin-tone-2"):
        await server.react(JONAS, GENERAL, message["ts"], name)
    await server.unreact(JONAS, GENERAL, message["ts"], "thumbsup")
    await server.settled()
    added = bot.events("reaction_added")
    assert [e["reaction"] for e in added] == ["thumbsup", "thumbsup::skin-tone-2"]
    assert (added[0]["item"], added[0]["item_user"]) == (
        {"type": "message", "channel": GENERAL, "ts": message["ts"]},
        AMIRA,
    )
    assert [e["reaction"] for e in bot.events("reaction_removed")] == ["thumbsup"]
    shown = await bot.client.reactions_get(channel=GENERAL, timestamp=message["ts"])
    assert shown["message"]["reactions"] == [{"name": "thumbsup::skin-tone-2", "users": [JONAS], "count": 1}]


async def test_joining_leaving_and_new_people_are_told(server: SlackServer, bot: SlackBot) -> None:
    await server.join(LENA, GENERAL, inviter=AMIRA)
    await server.leave(JONAS, GENERAL)
    await server.team_join("UKOFI", "kofi")
    await server.settled()
    assert [(e["user"], e["inviter"]) for e in bot.events("member_joined_channel")] == [(LENA, AMIRA)]
    assert [e["user"] for e in bot.events("message", "channel_join")] == [LENA]
    assert [e["user"] for e in bot.events("member_left_channel")] == [JONAS]
    assert [e["user"]["id"] for e in bot.events("team_join")] == ["UKOFI"]


async def test_a_mention_in_a_thread_sends_app_mention_beside_the_message(server: SlackServer, bot: SlackBot) -> None:
    root = await server.say(AMIRA, GENERAL, "hello")
    asked = await server.mention(JONAS, GENERAL, "achievements", root["ts"])
    await server.settled()
    (event,) = bot.events("app_mention")
    assert (event["ts"], event["thread_ts"]) == (asked["ts"], root["ts"])
    assert event["text"] == "<@U0PLAUDIT> achievements"
    assert [e["ts"] for e in bot.events("message")] == [root["ts"], asked["ts"]]


async def test_the_bot_hears_nothing_of_channels_it_is_not_in(server: SlackServer, bot: SlackBot) -> None:
    await server.say(AMIRA, SECRET, "just us")
    await server.settled()
    assert bot.received == []
    assert (await refusal(bot.client.conversations_info(channel=SECRET)))["error"] == "channel_not_found"


async def test_people_write_only_where_they_are_members(server: SlackServer) -> None:
    with pytest.raises(ApiError, match="not_in_channel"):
        await server.say(LENA, GENERAL, "hi")


async def test_what_is_typed_becomes_what_slack_stores(server: SlackServer) -> None:
    assert server.compose("@jonas: 1 < 2 & see #general, me@home @nobody") == (
        "<@UJONAS>: 1 &lt; 2 &amp; see <#CGENERAL|general>, me@home @nobody"
    )
