"""Slash commands and buttons: asked of the desk, answered privately, understood after a restart."""

from __future__ import annotations

from bot.playground.discord_server import Permission
from core.cards import Button, Card, Section, line, note
from core.errors import PlauditError
from core.places import Places
from core.requests import Answer, File, Suggestion
from tests.adapters.discord.town import Town
from tests.fakes import FakeDesk


async def test_a_question_is_stored_then_answered_privately(town: Town) -> None:
    town.desk.reply = Answer(note("Your badges"), notes=(note("Something was taken back"),))
    async with town.running():
        asked = await town.server.slash(town.channel, town.ann, "achievements", member=town.bob)
        await town.until(lambda: len(town.server.private_messages(town.ann)) == 2)
    shown = [m["content"] for m in town.server.private_messages(town.ann)]
    assert shown == ["Your badges", "Something was taken back"]
    assert town.server.messages(town.channel) == []
    request = town.desk.requests[0]
    assert (request.verb, request.account) == ("achievements", town.account(town.ann))
    assert request.arguments == {"member": town.account(town.bob)}
    used = town.inbox.of_type("command.used")[0]
    assert (used.id, used.actor) == (f"command:{asked.id}", town.account(town.ann))
    assert used.facts == {"command": "achievements", "channel": "#general", "channel_id": town.channel}


async def test_every_subcommand_brings_its_arguments(town: Town) -> None:
    proof = "https://example.org/talk"
    asked = {
        "leaderboard": {"board": "helpers", "period": "month"},
        "plaudit why": {"achievement": "helper"},
        "plaudit why-not": {"achievement": "helper", "member": town.bob},
        "plaudit settings": {"timezone": "Europe/Lisbon"},
        "plaudit help": {},
        "plaudit privacy": {},
        "plaudit export": {},
        "plaudit erase": {},
        "plaudit grant": {"member": town.bob, "achievement": "helper", "reason": "a talk", "proof": proof},
        "plaudit revoke": {"member": town.bob, "achievement": "helper", "reason": "an error"},
        "plaudit validate": {"member": town.bob, "kind": "workshop", "reason": "seen", "proof": proof},
        "plaudit confirm": {"member": town.bob, "achievement": "helper"},
        "plaudit decline": {"member": town.bob, "achievement": "helper", "reason": "too early"},
        "plaudit pause": {"member": town.bob, "from": "2026-07-01", "until": "2026-07-14", "reason": "away"},
        "plaudit freeze": {"member": town.bob, "day": "2026-07-01", "achievement": "helper"},
        "plaudit fairness": {},
    }
    async with town.running():
        for command, values in asked.items():
            await town.server.slash(town.channel, town.ann, command, **values)
        await town.until(lambda: len(town.desk.requests) == len(asked))
    heard = {request.verb: dict(request.arguments) for request in town.desk.requests}
    for command, values in asked.items():
        wanted = {k: town.account(v) if k == "member" else v for k, v in values.items()}
        assert heard[command.removeprefix("plaudit ")] == wanted


async def test_files_are_handed_over_privately(town: Town) -> None:
    town.desk.reply = Answer(note("This is all."), files=(File("data.zip", b"PK"),))
    async with town.running():
        await town.server.slash(town.channel, town.ann, "plaudit export")
        await town.until(lambda: len(town.server.private_messages(town.ann)) == 2)
    shown = town.server.private_messages(town.ann)[1]
    assert [a["filename"] for a in shown["attachments"]] == ["data.zip"]
    assert town.server.messages(town.channel) == []


async def test_a_public_answer_is_said_in_the_channel(town: Town) -> None:
    town.desk.reply = Answer(note("For all"), private=False)
    async with town.running():
        await town.server.slash(town.channel, town.ann, "leaderboard")
        await town.until(lambda: town.server.messages(town.channel))
    assert town.server.messages(town.channel)[0]["content"] == "For all"


async def test_moderators_are_known_by_role_or_by_manage_server(town: Town) -> None:
    town.places = Places(rights={"moderator": "@moderator"})
    role = town.server.add_role(town.guild, "Moderator")
    boss = town.server.add_role(town.guild, "Boss", int(Permission.ADMINISTRATOR))
    mod = town.server.add_member(town.guild, "mod", [role])
    chief = town.server.add_member(town.guild, "chief", [boss])
    async with town.running():
        for user in (town.ann, mod, chief):
            await town.server.slash(town.channel, user, "plaudit help")
        await town.until(lambda: len(town.desk.requests) == 3)
    rights = {r.account: r.moderator for r in town.desk.requests}
    assert rights == {town.account(town.ann): False, town.account(mod): True, town.account(chief): True}


async def test_givers_are_known_by_their_role_when_they_grant(town: Town) -> None:
    town.places = Places(givers=("Tutor", "Nobody"))
    tutor = town.server.add_member(town.guild, "tutor", [town.server.add_role(town.guild, "Tutor")])
    async with town.running():
        for user in (town.ann, tutor):
            await town.server.slash(
                town.channel, user, "plaudit grant", member=town.bob, achievement="helper", reason="a talk"
            )
        await town.server.slash(town.channel, tutor, "plaudit help")
        await town.until(lambda: len(town.desk.requests) == 3)
    assert [set(r.groups) for r in town.desk.requests if r.verb == "help"] == [{"Tutor"}]
    groups = {r.account: set(r.groups) for r in town.desk.requests}
    assert groups == {town.account(town.ann): set(), town.account(tutor): {"Tutor"}}


async def test_autocomplete_offers_at_most_25_short_lines(town: Town) -> None:
    town.desk.suggestions = [Suggestion(f"a{n}", "Helper " + "x" * 200) for n in range(40)]
    async with town.running():
        typed = await town.server.autocomplete(town.channel, town.ann, "plaudit why", "achievement", achievement="help")
        await typed.answered()
    assert len(typed.choices) == 25
    assert town.desk.typed[0][1:] == ("achievement", "help")


async def test_commands_are_registered_only_when_they_changed(town: Town) -> None:
    for _ in range(2):
        async with town.running():
            pass
    assert len([r for r in town.server.requests if r.method == "PUT" and r.path.endswith("/commands")]) == 1
    key = next(key for key in town.notebook.entries if key.startswith("discord:commands:"))
    town.notebook.entries[key] = "another definition"
    async with town.running():
        pass
    assert len([r for r in town.server.requests if r.method == "PUT" and r.path.endswith("/commands")]) == 2


async def test_buttons_work_after_a_restart_and_replace_private_answers(town: Town) -> None:
    page = Card((Section((line("page one"),)),), buttons=(Button("achievements", "More", "page:2"),))
    town.desk.reply = Answer(page)
    async with town.running():
        await town.server.slash(town.channel, town.ann, "achievements")
        await town.until(lambda: town.server.private_messages(town.ann))
    message = town.server.private_messages(town.ann)[0]["id"]
    town.desk = FakeDesk(Answer(note("page two"), replace=True))
    async with town.running():
        await town.server.click(town.channel, town.ann, message, "plaudit:achievements:page:2")
        await town.until(lambda: town.server.private_messages(town.ann)[0]["content"] == "page two")
        assert len(town.server.private_messages(town.ann)) == 1
        request = town.desk.requests[0]
        assert (request.verb, request.arguments) == ("achievements", {"argument": "page:2"})
        assert town.server.private_messages(town.ann)[0]["components"] == []


async def test_a_button_on_a_public_card_answers_only_who_pressed_it(town: Town) -> None:
    from core.ports import Delivery, Destination

    card = note("well done", buttons=(Button("why", "How it was earned", "helper"),))
    town.desk.reply = Answer(note("five answers"), replace=True)
    async with town.running() as edge:
        sent = await edge.messenger.send(Delivery("d", Destination(town.source, "channel", town.channel), card))
        await town.server.click(town.channel, town.bob, sent.reference or "", "plaudit:why:helper")
        await town.until(lambda: town.server.private_messages(town.bob))
    assert town.server.bot_messages(town.channel)[0]["content"] == "well done"
    assert town.server.private_messages(town.bob)[0]["content"] == "five answers"
    assert town.inbox.of_type("command.used")[0].facts["command"] == "why"


async def test_a_desk_that_fails_leaves_a_word_for_the_person_and_a_trace_for_the_operator(town: Town) -> None:
    town.desk.reply = RuntimeError("a bug")
    async with town.running():
        await town.server.slash(town.channel, town.ann, "achievements")
        await town.until(lambda: town.server.private_messages(town.ann))
        town.desk.reply = PlauditError("There is no such badge.")
        await town.server.slash(town.channel, town.bob, "achievements")
        await town.until(lambda: town.server.private_messages(town.bob))
    assert "try again" in town.server.private_messages(town.ann)[0]["content"]
    assert town.server.private_messages(town.bob)[0]["content"] == "There is no such badge."
    assert "a command failed" in town.warnings()


async def test_a_full_database_is_said_in_plain_words(town: Town) -> None:
    async with town.running():
        town.inbox.refusals = 100
        await town.server.slash(town.channel, town.ann, "achievements")
        await town.until(lambda: town.server.private_messages(town.ann), 8)
        town.inbox.refusals = 0
    assert "could not write that down" in town.server.private_messages(town.ann)[0]["content"]
    assert town.desk.requests == []
