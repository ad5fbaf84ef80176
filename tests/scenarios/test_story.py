"""The main job, from chat to badge, role, note and digest, on both platforms."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.runner import Bot
from tests.scenarios.street import Street
from tests.scenarios.streets import DiscordStreet, SlackStreet, street_of
from tests.scenarios.town import GIVERS, PATIENCE, PLATFORMS, Town


async def test_one_event_on_each_platform_becomes_a_badge_and_outlives_a_restart(town: Town) -> None:
    streets = [street_of(town, p) for p in PLATFORMS]
    async with town.running():
        for street in streets:
            await street.say("amira", "Hello everybody")
            await street.earned("amira", "first_post")
    assert town.verify() == []
    async with town.running():
        for street in streets:
            assert street.awards("amira") == {"first_post"}
            await street.helped("jonas", GIVERS)
            await street.earned("jonas", "helpful_answer")


async def test_a_first_post_is_recorded_for_the_digest_and_nothing_is_said(street: Street, town: Town) -> None:
    await street.say("amira", "Hello everybody")
    await street.earned("amira", "first_post")
    await street.heard()
    assert [street.said(room) for room in street.side.channels] == [[]] * len(street.side.channels)
    assert town.number("SELECT COUNT(*) FROM outbox") == 0


async def test_three_marks_make_a_badge_in_the_thread(street: Street, town: Town) -> None:
    question = await street.say("amira", "How does this work?")
    answer = await street.reply("jonas", question)
    await street.react("lena", answer)
    await street.react("kofi", answer)
    await street.react("jonas", answer)  # one's own mark counts for nobody
    await street.heard()
    assert street.awards("jonas") == {"first_post"}
    await street.react("mei", answer, "bulb")
    await street.earned("jonas", "helpful_answer")
    await town.until(lambda: len(street.said()) == 1)
    post = (await street.posts_of("Helpful answer"))[0]
    assert street.thread_of(post) in (question, answer)
    assert "Jonas" in street.said()[0] or street.side.people["jonas"] in street.said()[0]


async def test_a_second_emoji_of_the_same_person_is_no_second_mark(street: Street) -> None:
    answer = await street.helped("jonas", ["lena", "kofi"])
    await street.react("lena", answer, "bulb")
    await street.heard()
    assert "helpful_answer" not in street.awards("jonas")


async def test_the_fifth_helpful_answer_brings_the_role_and_a_withdrawn_mark_takes_it(
    street: Street, town: Town
) -> None:
    rooms = await street.answers("jonas", 5)
    await street.earned("jonas", "helpful_answer", "trusted_helper")
    await town.until(lambda: street.holds_role("jonas"))
    await town.until(lambda: any("Trusted helper" in said for room, _ in rooms for said in street.said(room)))
    room, answer = rooms[0]
    await street.unreact("lena", answer, channel=room)
    await street.lost("jonas", "trusted_helper")
    await town.until(lambda: not street.holds_role("jonas"))
    assert "Trusted helper was taken back" in (await street.note_for("jonas"))
    assert "helpful_answer" in street.awards("jonas")  # four others still stand
    await street.react("lena", answer, channel=room)
    await street.earned("jonas", "trusted_helper")
    await town.until(lambda: street.holds_role("jonas"))


async def test_a_deleted_message_takes_its_marks_along(street: Street) -> None:
    answer = await street.helped("jonas", GIVERS)
    await street.earned("jonas", "helpful_answer")
    assert "1 of 5" in await street.ask("jonas", "/achievements")
    await street.delete("jonas", answer)
    await street.lost("jonas", "helpful_answer")
    assert "1 of 5" not in await street.ask("jonas", "/achievements")


async def test_achievements_show_ones_own_and_what_others_make_public(street: Street) -> None:
    await street.helped("jonas", GIVERS)
    await street.earned("jonas", "helpful_answer")
    own = await street.ask("jonas", "/achievements")
    assert "Helpful answer" in own
    assert "Under way" in own
    assert "1 of 5" in own
    other = await street.ask("amira", "/achievements @jonas")
    assert "Helpful answer" in other
    assert "Under way" not in other
    assert "No badges to show" in await street.ask("jonas", "/achievements @amira")


async def test_the_board_leaves_out_bots_staff_leavers_and_the_hidden_and_says_how_ties_stand(
    street: Street, town: Town
) -> None:
    for room, who in (("general", "amira"), ("help", "jonas"), ("show-and-tell", "tomas"), ("wins", "noor")):
        question = await street.say("lena", "How?", room)
        answer = await street.reply(who, question, channel=room)
        for giver in ("kofi", "mei", "lena"):
            await street.react(giver, answer, channel=room)
        await street.earned(who, "helpful_answer")
    for period in ("week", "month", "all"):
        board = await street.ask("amira", f"/leaderboard {period}")
        first = next(line for line in board.splitlines() if line.startswith("1. "))
        assert first.startswith("1. you")  # tied with the others of five points, oneself first
        assert street.shows(first, "jonas")
        assert street.shows(first, "noor")
        assert not street.shows(board, "tomas")
        assert "Ties share a place" in board
    assert "Staff are left out" in await street.ask("tomas", "/leaderboard")
    await street.settings("jonas", "boards=hidden")
    assert not street.shows(await street.ask("amira", "/leaderboard"), "jonas")
    assert "You are hidden" in await street.ask("jonas", "/leaderboard")


async def test_why_says_the_rule_the_count_and_when(street: Street) -> None:
    await street.helped("jonas", GIVERS)
    await street.earned("jonas", "helpful_answer")
    told = await street.ask("jonas", "/plaudit why Helpful answer")
    assert "an answer that three different people marked as helpful" in told
    assert "version 1" in told
    missing = await street.ask("jonas", "/plaudit why trusted_helper")
    assert "1 of 5" in missing


async def test_what_a_person_chooses_counts_from_the_next_badge(street: Street, town: Town) -> None:
    await street.settings("jonas", "announce=none")
    await street.helped("jonas", GIVERS)
    await street.earned("jonas", "helpful_answer")
    await street.heard()
    assert street.said() == []
    await street.settings("jonas", "announce=default")
    await street.helped("jonas", GIVERS, "help")
    await street.answers("jonas", 4)
    await street.earned("jonas", "trusted_helper")
    await town.until(lambda: any("Trusted helper" in s for room in street.side.channels for s in street.said(room)))


async def test_who_opts_out_is_not_counted_and_nothing_is_said(street: Street, town: Town) -> None:
    await street.settings("jonas", "tracking=off")
    await street.helped("jonas", GIVERS)
    await street.heard()
    assert street.awards("jonas") == set()
    assert town.number("SELECT COUNT(*) FROM outbox") == 0
    await street.settings("jonas", "tracking=on")
    await street.say("jonas", "Back again")
    await street.earned("jonas", "first_post")


async def test_moderators_grant_revoke_and_validate_and_nobody_else(street: Street, town: Town) -> None:
    refused = await street.ask("amira", "/plaudit grant @lena beyond_the_chat for the talk")
    assert "Only moderators" in refused
    await street.ask("noor", "/plaudit grant @lena beyond_the_chat for the talk on Git")
    await street.earned("lena", "beyond_the_chat")
    await town.until(lambda: any("for the talk on Git" in said for said in street.said("wins")))
    await street.ask("noor", "/plaudit revoke @lena beyond_the_chat it was somebody else")
    await street.lost("lena", "beyond_the_chat")
    await street.held("lena")  # granted nowhere in particular, so there is no place to whisper
    await street.ask("lena", "/plaudit help")
    await town.until(lambda: "it was somebody else" in street.whispered("lena")[-1])
    await street.ask("noor", "/plaudit validate @lena workshop Git for designers")
    await street.earned("lena", "teacher")
    await town.until(lambda: any("Teacher" in said for said in street.said("wins")))
    assert "Not for yourself" in await street.ask("noor", "/plaudit grant @noor beyond_the_chat because")


async def test_the_button_of_an_announcement_says_how_it_was_earned(street: Street, town: Town) -> None:
    await street.helped("jonas", GIVERS)
    await town.until(lambda: street.said())
    shown = await street.press("amira", "How it was earned")
    assert "an answer that three different people marked as helpful" in shown


async def test_the_buttons_of_the_settings_change_them(street: Street, town: Town) -> None:
    shown = await street.press_private("jonas", "/plaudit settings", "Hide me on boards")
    assert "you are hidden" in shown
    query = "SELECT hidden FROM choice WHERE member = ?"
    await town.until(lambda: town.rows(query, street.account("jonas")) == [(1,)])


async def test_slack_home_shows_the_badge_case(town: Town, bot: Bot) -> None:
    street = street_of(town, "slack")
    assert isinstance(street, SlackStreet)
    await street.say("amira")
    await street.earned("amira", "first_post")
    await street.stage.open_home("amira")
    await town.slack.until(lambda: street.side.people["amira"] in town.slack.homes, PATIENCE)
    assert "First post" in street.home("amira")
    assert "Your settings" in street.home("amira")
    amira = street.side.people["amira"]
    for button, words in (("plaudit:why:first_post", "What counted"), ("plaudit:settings:", "Hide me on boards")):
        await town.slack.click(amira, button)
        await town.slack.until(lambda words=words: words in str(town.slack.modals.get(amira, [])[-1:]), PATIENCE)  # type: ignore[misc] # bound now
        await town.slack.close_modal(amira)


async def test_slack_answers_a_mention_in_a_thread(town: Town, bot: Bot) -> None:
    street = street_of(town, "slack")
    root = await street.say("amira")
    await street.earned("amira", "first_post")
    await street.reply("amira", root, "@plaudit achievements")
    await town.until(lambda: any("First post" in text for text in street.whispered("amira")))
    assert town.slack.ephemerals_for(street.side.people["amira"])[0].thread_ts == root


async def test_discord_suggests_while_people_type(town: Town, bot: Bot) -> None:
    street = street_of(town, "discord")
    await street.ask("noor", "/plaudit help")
    room, noor = street.side.channels["general"], street.side.people["noor"]
    typed = await town.discord.autocomplete(room, noor, "plaudit grant", "achievement", achievement="bey")
    await typed.answered()
    assert [c["value"] for c in typed.choices] == ["beyond_the_chat"]


async def test_discord_shows_a_waiting_note_with_the_next_command(town: Town, bot: Bot) -> None:
    street = street_of(town, "discord")
    answer = await street.helped("jonas", GIVERS)
    await street.earned("jonas", "helpful_answer")
    await street.unreact("lena", answer)
    await street.lost("jonas", "helpful_answer")
    assert "taken back" in await street.note_for("jonas")
    await street.ask("jonas", "/plaudit help")
    assert sum("taken back" in text for text in street.whispered("jonas")) == 1


async def test_discord_threads_and_forum_posts_get_the_badge_where_it_was_earned(town: Town, bot: Bot) -> None:
    street = street_of(town, "discord")
    ids, room = street.side.people, street.side.channels["general"]
    root = await street.say("amira", "How?")
    thread = await town.discord.open_thread(room, ids["amira"], "How?", message=root)
    answer = await town.discord.say(thread, ids["jonas"], "Like this")
    for giver in GIVERS:
        await town.discord.react(thread, ids[giver], answer, "✅")
    await street.earned("jonas", "helpful_answer")
    await town.until(lambda: town.discord.bot_messages(thread))
    assert street.said() == []


async def test_the_digest_comes_once_although_two_bots_share_the_file(town: Town) -> None:
    streets = [street_of(town, p) for p in PLATFORMS]
    async with town.running() as one, town.running() as two:
        for street in streets:
            await street.say("amira", "Hello everybody")
            await street.earned("amira", "first_post")
        town.clock.forward_to(0, dt.time(9, 0, 1), "Europe/Berlin")
        for street in streets:
            await town.until(lambda s=street: s.said())  # type: ignore[misc] # bound now
            assert "Amira" in street.said()[0] or street.side.people["amira"] in street.said()[0]
        for bot in (one, two, one):
            await bot.schedule.tick()
        for street in streets:
            await street.heard()
            assert len(street.said()) == 1
    async with town.running():
        for street in streets:
            await street.heard()
            assert len(street.said()) == 1
        town.clock.forward(7 * 24 * 3600)
        for street in streets:
            await street.say("lena", "A new week")
            await street.earned("lena", "first_post")
        await town.until(lambda: town.number("SELECT COUNT(*) FROM run WHERE job = 'digest'") == 2)


async def test_a_reaction_to_a_message_from_before_the_bot_came_is_understood(town: Town) -> None:
    streets = [street_of(town, p) for p in PLATFORMS]
    answers = []
    for street in streets:
        question = await street.say("amira", "How?")
        answers.append(await street.reply("jonas", question))
    async with town.running():
        for street, answer in zip(streets, answers, strict=True):
            for giver in GIVERS:
                await street.react(giver, answer)
            await street.earned("jonas", "helpful_answer")
            await town.until(lambda s=street: s.said())  # type: ignore[misc] # bound now


async def test_what_the_bot_itself_says_earns_nothing(street: Street, town: Town) -> None:
    await street.helped("jonas", GIVERS)
    await town.until(lambda: street.said())
    for giver in GIVERS:
        await street.react(giver, street.id_of((await street.posts_of("Helpful answer"))[0]))
    await street.heard()
    me = street.me()
    assert town.number("SELECT COUNT(*) FROM statement WHERE body LIKE ?", f'%"actor":"{me}"%') == 0
    assert town.number("SELECT COUNT(*) FROM award WHERE member = ?", me) == 0


async def test_what_happens_in_a_private_channel_stays_there(town: Town, bot: Bot) -> None:
    street = street_of(town, "slack")
    await street.say("noor", "Between us", "mods")
    await street.heard()
    assert street.awards("noor") == set()
    assert town.number("SELECT COUNT(*) FROM outbox") == 0


@pytest.mark.parametrize("gone", ["leave", "return"])
async def test_who_leaves_is_off_the_board_and_back_on_return(gone: str, town: Town, bot: Bot) -> None:
    street = street_of(town, "discord")
    assert isinstance(street, DiscordStreet)
    await street.helped("jonas", GIVERS)
    await street.earned("jonas", "helpful_answer")
    await street.leaves("jonas")
    present = "SELECT present FROM account WHERE account = ?"
    await town.until(lambda: town.number(present, street.account("jonas")) == 0)
    if gone == "return":
        await town.discord.join(town.guild, "jonas", user=street.side.people["jonas"])
        await town.until(lambda: town.number(present, street.account("jonas")) == 1)
    board = await street.ask("amira", "/leaderboard")
    assert street.shows(board, "jonas") == (gone == "return")


async def test_who_left_while_the_bot_was_away_is_off_the_board(town: Town) -> None:
    street = street_of(town, "discord")
    assert isinstance(street, DiscordStreet)
    async with town.running("discord"):
        await street.helped("jonas", GIVERS)
        await street.earned("jonas", "helpful_answer")
    await street.leaves("jonas")
    async with town.running("discord"):
        await town.until(lambda: street.logged(f"member:{street.side.people['jonas']}"))
        assert not street.shows(await street.ask("amira", "/leaderboard"), "jonas")
        assert town.number("SELECT COUNT(*) FROM account WHERE NOT present") == 1
