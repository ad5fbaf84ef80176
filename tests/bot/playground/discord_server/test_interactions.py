"""Commands, buttons and forms: who may start them, and where the answers go."""

import pytest

from tests.bot.playground.discord_bot import Place, running


async def test_a_command_is_answered_privately_and_the_channel_stays_clean(place: Place) -> None:
    server = place.server
    async with running(server):
        asked = await server.slash(place.channel, place.ann, "ping")
        await asked.answered()
        assert server.private_messages(place.ann)[0]["embeds"][0]["title"] == "Achievements"
        assert server.private_messages(place.bob) == []
        assert server.messages(place.channel) == []


async def test_subcommands_resolve_people_and_deferred_answers_are_filled(place: Place) -> None:
    server = place.server
    async with running(server):
        values = {"member": place.bob, "achievement": "Helper"}
        asked = await server.slash(place.channel, place.ann, "plaudit grant", **values)
        await server.until(lambda: asked.followups)
        assert [m["content"] for m in asked.messages] == ["gave Helper to bob", "public note"]
        assert [m["content"] for m in server.messages(place.channel)] == ["public note"]
        assert len(server.private_messages(place.ann)) == 1


async def test_autocomplete_offers_choices(place: Place) -> None:
    server = place.server
    async with running(server):
        typed = await server.autocomplete(place.channel, place.ann, "plaudit grant", "achievement", achievement="hel")
        await typed.answered()
        assert typed.choices == [{"name": "Helper", "value": "Helper"}]


@pytest.mark.parametrize("hidden", [False, True])
async def test_buttons_work_on_public_and_on_private_messages(place: Place, hidden: bool) -> None:
    server = place.server
    async with running(server):
        asked = await server.slash(place.channel, place.ann, "panel", hidden=hidden)
        await asked.answered()
        assert asked.original is not None
        message = asked.original["id"]
        opened = await server.click(place.channel, place.ann, message, "form")
        await opened.answered()
        sent = await server.submit(opened, name="Gold")
        await sent.answered()
        clicked = await server.click(place.channel, place.ann, message, "claim")
        await clicked.answered()
        assert asked.original["content"] == "claimed by ann"
        assert asked.original["components"] == []
        assert "created Gold" in [m["content"] for m in server.private_messages(place.ann)]
        assert len(server.messages(place.channel)) == (0 if hidden else 1)


async def test_an_answer_after_the_time_limit_is_unknown(place: Place) -> None:
    server = place.server
    server.interacting.ack_seconds = 0.1
    async with running(server) as bot:
        await server.slash(place.channel, place.ann, "slow")
        await server.until(lambda: bot.errors)
        assert "10062" in str(bot.errors[0])


async def test_what_was_not_registered_or_is_not_allowed_cannot_be_run(place: Place) -> None:
    server = place.server
    async with running(server):
        with pytest.raises(LookupError, match="not registered"):
            await server.slash(place.channel, place.ann, "nothing")
        with pytest.raises(LookupError, match="needs the option 'achievement'"):
            await server.slash(place.channel, place.ann, "plaudit grant", member=place.bob)
        server.commands.find(place.guild, "ping")["default_member_permissions"] = str(1 << 5)
        with pytest.raises(PermissionError):
            await server.slash(place.channel, place.ann, "ping")


async def test_commands_and_buttons_work_in_threads_and_private_channels(place: Place) -> None:
    server = place.server
    thread = await server.open_thread(place.channel, place.ann, "aside")
    private = server.world.open_dm(place.ann)["id"]
    async with running(server) as bot:
        for channel in (thread, private):
            asked = await server.slash(channel, place.ann, "panel")
            await asked.answered()
            assert asked.original is not None
            await (await server.click(channel, place.ann, asked.original["id"], "claim")).answered()
            assert asked.original["content"] == "claimed by ann"
        assert bot.errors == []
