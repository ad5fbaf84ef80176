"""Commands, mentions, buttons and the Home tab, over real sockets."""

import time

import pytest

from bot.playground.slack_server import SlackServer
from core.cards import Button, note
from core.errors import PlauditError
from core.places import Places
from core.requests import Answer, File, Request
from tests.adapters.slack.conftest import AMIRA, BEN, CHEN, GENERAL, Rig, Start
from tests.fakes import FakeDesk, FakeInbox


async def whisper(rig: Rig, user: str, count: int = 1) -> list[str]:
    """What only the person sees, once there is so much."""
    await rig.server.until(lambda: len(rig.server.ephemerals_for(user)) >= count)
    return [e.text for e in rig.server.ephemerals_for(user)]


async def test_a_command_is_stored_acknowledged_and_answered_privately_in_time(rig: Rig) -> None:
    begun = time.perf_counter()
    attempt = await rig.server.slash(AMIRA, GENERAL, "/achievements")
    assert attempt.ok
    assert await whisper(rig, AMIRA) == ["Here you are."]
    assert time.perf_counter() - begun < 3
    (used,) = rig.inbox.of_type("command.used")
    assert used.id == f"command:{attempt.payload['trigger_id']}"
    assert (used.actor, used.facts["command"]) == (rig.account(AMIRA), "achievements")
    assert used.facts["channel"] == "#general"
    (request,) = rig.desk.requests
    assert (request.verb, request.account, request.channel) == ("achievements", rig.account(AMIRA), GENERAL)
    assert request.id == attempt.payload["trigger_id"]


async def test_an_answer_for_everybody_is_posted_and_its_notes_stay_private(rig: Rig) -> None:
    rig.desk.reply = Answer(note("The board."), private=False, notes=(note("You are hidden."),))
    await rig.server.slash(AMIRA, GENERAL, "/leaderboard", "week")
    assert await whisper(rig, AMIRA) == ["You are hidden."]
    assert [m["text"] for m in rig.server.messages[GENERAL]] == ["The board."]
    assert rig.desk.requests[0].arguments == {"period": "week"}


async def test_a_typed_name_is_found_among_the_people(rig: Rig) -> None:
    await rig.server.until(lambda: rig.account(BEN) in rig.inbox.people)
    await rig.server.slash(AMIRA, GENERAL, "/achievements", "@ben")
    await whisper(rig, AMIRA)
    assert rig.desk.requests[0].arguments == {"member": rig.account(BEN)}


async def test_admins_are_moderators_and_others_are_not(rig: Rig) -> None:
    typed = f"grant <@{BEN}|ben> first_post for the workshop https://example.org/w"
    await rig.server.slash(CHEN, GENERAL, "/plaudit", typed)
    await rig.server.slash(AMIRA, GENERAL, "/plaudit", typed)
    await whisper(rig, AMIRA)
    await whisper(rig, CHEN)
    by = {r.account: r for r in rig.desk.requests}
    assert by[rig.account(CHEN)].moderator is True
    assert by[rig.account(AMIRA)].moderator is False
    assert by[rig.account(CHEN)].arguments == {
        "member": rig.account(BEN),
        "achievement": "first_post",
        "reason": "for the workshop",
        "proof": "https://example.org/w",
    }


async def test_members_of_the_moderators_group_are_moderators_as_soon_and_as_long_as_they_are_in_it(
    server: SlackServer, start: Start
) -> None:
    group = server.add_usergroup("moderators", "Moderators")
    rig = await start(places=Places(rights={"moderator": "@moderators"}))
    for number, members in enumerate(([BEN], [BEN, AMIRA], [BEN]), 1):
        server.usergroups[group]["users"] = list(members)  # changed behind the edge's back: it asks every time
        await server.slash(AMIRA, GENERAL, "/plaudit", f"revoke <@{BEN}> first_post mistake")
        await whisper(rig, AMIRA, number)
    assert [r.moderator for r in rig.desk.requests] == [False, True, False]


async def test_whoever_is_in_a_group_of_givers_gives_as_soon_and_as_long_as_they_are_in_it(
    server: SlackServer, start: Start
) -> None:
    group = server.add_usergroup("tutors", "Tutors")
    rig = await start(places=Places(givers=("@tutors", "@nobody")))
    for number, members in enumerate(([BEN], [BEN, AMIRA], [BEN]), 1):
        server.usergroups[group]["users"] = list(members)  # changed behind the edge's back: it asks every time
        await server.slash(AMIRA, GENERAL, "/plaudit", f"grant <@{BEN}> first_post because")
        await whisper(rig, AMIRA, number)
    assert [set(r.groups) for r in rig.desk.requests] == [set(), {"@tutors"}, set()]
    assert not any(r.moderator for r in rig.desk.requests)


async def test_help_knows_givers_without_asking_slack(server: SlackServer, start: Start) -> None:
    group = server.add_usergroup("tutors", "Tutors")
    server.usergroups[group]["users"] = [AMIRA]
    rig = await start(places=Places(givers=("@tutors", "@nobody")))
    before = len(server.called("usergroups.users.list"))
    for user in (AMIRA, BEN):
        await server.slash(user, GENERAL, "/plaudit", "help")
        await whisper(rig, user, 1)
    assert [set(r.groups) for r in rig.desk.requests] == [{"@tutors"}, set()]
    assert len(server.called("usergroups.users.list")) == before


async def test_when_rights_cannot_be_checked_nothing_is_done(rig: Rig) -> None:
    rig.server.faults.answer("users.info", status=500)
    await rig.server.slash(CHEN, GENERAL, "/plaudit", f"grant <@{BEN}> first_post because")
    (said,) = await whisper(rig, CHEN)
    assert "could not check your rights" in said
    assert rig.desk.requests == []


async def test_slash_commands_do_not_work_in_threads_but_mentions_do(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, GENERAL, "root")
    await rig.server.mention(BEN, GENERAL, "achievements", post["ts"])
    await whisper(rig, BEN)
    (shown,) = rig.server.ephemerals_for(BEN)
    assert (shown.thread_ts, shown.text) == (post["ts"], "Here you are.")
    assert len(rig.inbox.of_type("command.used")) == 1
    assert len(rig.inbox.of_type("thread.replied")) == 1


async def test_being_talked_about_is_no_command(rig: Rig) -> None:
    await rig.server.mention(BEN, GENERAL, "is a nice bot, isn't it?")
    await rig.server.say(BEN, GENERAL, f"thanks <@{rig.server.me.bot_user}>")
    await rig.server.settled()
    assert rig.desk.requests == []
    assert rig.inbox.of_type("command.used") == []


async def test_a_button_replaces_the_private_message_it_was_in(server: SlackServer, start: Start) -> None:
    def reply(request: Request) -> Answer:
        if request.verb == "why":
            return Answer(note(f"Because of {request.arguments['argument']}."), replace=True)
        return Answer(note("Here.", buttons=(Button("why", "Why?", "first_post"),)))

    rig = await start(desk=FakeDesk(reply))
    await server.slash(AMIRA, GENERAL, "/achievements")
    await whisper(rig, AMIRA)
    attempt = await server.click(AMIRA, "plaudit:why:first_post", GENERAL)
    assert attempt.ok
    await server.until(lambda: server.ephemerals_for(AMIRA)[0].text == "Because of first_post.")
    assert len(server.ephemerals_for(AMIRA)) == 1
    assert [s.facts["command"] for s in rig.inbox.of_type("command.used")] == ["achievements", "why"]


async def test_a_button_under_a_public_post_is_answered_privately_and_leaves_the_post(rig: Rig) -> None:
    rig.desk.reply = Answer(note("Because."), replace=True)
    button = {
        "type": "button",
        "action_id": "plaudit:why:x",
        "value": "x",
        "text": {"type": "plain_text", "text": "Why?"},
    }
    rig.server.story.post_as_bot(GENERAL, "A badge.", blocks=[{"type": "actions", "elements": [button]}])
    await rig.server.click(BEN, "plaudit:why:x", GENERAL)
    assert await whisper(rig, BEN) == ["Because."]
    assert rig.server.messages[GENERAL][0]["text"] == "A badge."


async def test_home_shows_the_badge_case_and_its_buttons_open_a_window(rig: Rig) -> None:
    await rig.server.open_home(AMIRA)
    await rig.server.until(lambda: AMIRA in rig.server.homes)
    assert rig.account(AMIRA) in str(rig.server.homes[AMIRA].body["blocks"])
    home = rig.server.homes[AMIRA]
    home.body["blocks"].append(
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": "plaudit:settings:",
                    "text": {"type": "plain_text", "text": "Settings"},
                }
            ],
        }
    )
    await rig.server.click(AMIRA, "plaudit:settings:")
    await rig.server.until(lambda: rig.server.modals.get(AMIRA))
    assert "Here you are." in str(rig.server.modals[AMIRA][0].body["blocks"])


@pytest.mark.parametrize("fault", [PlauditError("no"), RuntimeError("a bug")])
async def test_a_desk_in_trouble_gives_a_friendly_line(server: SlackServer, start: Start, fault: Exception) -> None:
    rig = await start(desk=FakeDesk(fault))
    attempt = await server.slash(AMIRA, GENERAL, "/achievements")
    assert attempt.ok
    (said,) = await whisper(rig, AMIRA)
    assert said == "I could not look that up just now. Please try again in a minute."


async def test_a_command_that_cannot_be_stored_is_not_done_and_the_person_is_told(
    server: SlackServer, start: Start
) -> None:
    inbox = FakeInbox()
    rig = await start(inbox=inbox)
    inbox.refusals = 1
    attempt = await server.slash(AMIRA, GENERAL, "/achievements")
    assert attempt.ok
    (said,) = await whisper(rig, AMIRA)
    assert "try again" in said
    assert rig.desk.requests == []


async def test_a_file_is_handed_over_in_the_conversation_with_the_app(rig: Rig) -> None:
    rig.desk.reply = Answer(note("This is all."), files=(File("data.zip", b"PK-all-of-it"),))
    await rig.server.slash(AMIRA, GENERAL, "/plaudit", "export")
    assert await whisper(rig, AMIRA, 2) == [
        "This is all.",
        "Your file is in our direct messages: open Plaudit under Apps.",
    ]
    (message,) = rig.server.messages[rig.server.world.direct(AMIRA)]
    assert [(f["name"], f["size"]) for f in message["files"]] == [("data.zip", 12)]
    assert rig.server.world.files.held[message["files"][0]["id"]].content == b"PK-all-of-it"
    assert rig.desk.requests[0].verb == "export"


async def test_without_the_right_to_hand_files_over_the_person_hears_of_another_way(rig: Rig) -> None:
    rig.server.access.scopes.remove("files:write")
    rig.desk.reply = Answer(note("This is all."), files=(File("data.zip", b"PK"),))
    await rig.server.slash(AMIRA, GENERAL, "/plaudit", "export")
    assert "plaudit export" in (await whisper(rig, AMIRA, 2))[1]
