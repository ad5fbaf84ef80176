"""What people did elsewhere: from the form to the award, on both platforms, and the second look at a no."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground.acts import Act, perform
from bot.playground.stages import DiscordStage, SlackStage
from bot.playground.views import discord_view, slack_view
from bot.runner import Bot
from tests.scenarios.counter import Counter
from tests.scenarios.town import BOOK, Town

TEACHER = "Teacher (workshop)"


@pytest.fixture
async def bot(town: Town) -> AsyncIterator[Bot]:
    town.book = BOOK
    async with town.running() as bot:
        yield bot


def state(town: Town, number: int = 1) -> str:
    return str(town.rows("SELECT state FROM claim WHERE id = ?", number)[0][0])


async def test_from_the_form_to_the_award(counter: Counter, town: Town) -> None:
    assert await counter.options("jonas") == ["Beyond the chat", TEACHER, "Something else"]
    said = await counter.claim("jonas", TEACHER, proof="https://example.org/slides", note="Git for designers")
    assert "with the moderators" in said
    (card,) = await counter.cards("Claim #1")
    assert "Git for designers" in card
    assert "https://example.org/slides" in card
    assert counter.street.shows(card, "jonas")
    assert "Approved: Teacher (workshop) of Jonas" in await counter.press("noor", "Approve")
    await counter.street.earned("jonas", "teacher")
    await town.until(lambda: any("Approved by" in text for text in counter.street.said("mods")))
    assert TEACHER in await counter.told("jonas", "was approved")
    text = str(town.rows("SELECT body FROM statement WHERE id = 'claim:1'"))
    assert "Git for designers" not in text
    assert "example.org/slides" in text


@pytest.mark.slow
async def test_a_no_a_second_look_and_a_yes(counter: Counter, town: Town) -> None:
    await counter.claim("jonas", TEACHER)
    await counter.cards("Claim #1")
    await counter.fill("noor", "Decline…", reason="The link shows nothing")
    await town.until(lambda: state(town) == "declined")
    note = await counter.told("jonas", "was declined")
    assert "The link shows nothing" in note
    await counter.fill_own("jonas", "Ask a moderator", text="It is behind the second tab")
    (card,) = await counter.cards("A second look")
    assert "behind the second tab" in card
    again = await counter.fill_own("jonas", "Ask a moderator", text="Once more")
    assert "a second time already" in again
    await counter.fill("noor", "Restore…", reason="Found it")
    await counter.street.earned("jonas", "teacher")
    assert "gave you right" in await counter.told("jonas", "looked again")
    types = {row[0] for row in town.rows("SELECT id FROM statement WHERE source = 'moderator'")}
    assert types == {"claim:1", "claim:1:declined", "appeal:1:decided"}
    assert "second tab" not in str(town.rows("SELECT body FROM statement"))


@pytest.mark.slow
async def test_three_claims_are_enough(counter: Counter) -> None:
    for _ in range(3):
        assert "with the moderators" in await counter.claim("jonas", TEACHER)
    assert "Three claims of yours" in await counter.street.ask("jonas", "/claim")


@pytest.mark.slow
async def test_nobody_decides_on_their_own_and_only_the_first_click_counts(counter: Counter, town: Town) -> None:
    await counter.claim("noor", TEACHER)
    await counter.cards("Claim #1")
    assert "your own" in await counter.press("noor", "Approve")
    assert "Only moderators" in await counter.press("lena", "Approve")
    assert state(town) == "open"
    await counter.claim("jonas", TEACHER)
    await counter.cards("Claim #2")
    assert "Approved" in await counter.press("noor", "Approve")
    await town.until(lambda: state(town, 2) == "approved")


@pytest.mark.slow
async def test_a_question_and_its_answer_come_onto_the_card(counter: Counter, town: Town) -> None:
    await counter.claim("jonas", TEACHER)
    await counter.cards("Claim #1")
    await counter.fill("noor", "Ask", text="Who was there?")
    assert "Who was there?" in await counter.told("jonas", "A moderator asks")
    await counter.fill_own("jonas", "Answer", text="Twelve designers")
    await town.until(lambda: any("Twelve designers" in text for text in counter.street.said("mods")))


@pytest.mark.slow
async def test_all_shown_are_approved_at_once(counter: Counter, town: Town) -> None:
    for who in ("jonas", "lena", "noor"):
        await counter.claim(who, TEACHER)
    await counter.cards("Claim #3")
    shown = await counter.street.press_private("noor", "/plaudit claims", "Approve all shown")
    assert "Approve 2 claims?" in shown
    assert "Your own" in shown
    assert "Approved: 2 claims" in await counter.press_last("noor", "Approve them")
    await counter.street.earned("lena", "teacher")
    await counter.street.earned("jonas", "teacher")
    assert state(town, 3) == "open"


@pytest.mark.slow
async def test_a_badge_that_was_taken_back_is_restored(counter: Counter, town: Town) -> None:
    street = counter.street
    await counter.claim("jonas", TEACHER)
    await counter.cards("Claim #1")
    await counter.press("noor", "Approve")
    await street.earned("jonas", "teacher")
    await street.ask("noor", "/plaudit revoke @jonas teacher wrong person")
    await street.lost("jonas", "teacher")
    await counter.told("jonas", "was taken back")
    await counter.fill_own("jonas", "Ask a moderator", text="It was me")
    await counter.cards("A second look")
    await counter.fill("noor", "Restore…", reason="It was")
    await street.earned("jonas", "teacher")


@pytest.mark.slow
async def test_the_page_of_the_demo_shows_the_form_and_sends_it(counter: Counter, town: Town) -> None:
    street = counter.street
    who, general = street.side.people["jonas"], street.side.channels["general"]

    def window() -> dict[str, Any] | None:
        view = slack_view(town.slack, who) if street.platform == "slack" else discord_view(town.discord, who)
        return view["modal"]

    if street.platform == "discord":
        await town.discord.until(lambda: town.discord.commands.by_guild[None])
    await street.stage.say("jonas", general, "/claim")
    await town.until(window)
    shown = window()
    assert shown is not None
    assert [f["name"] for f in shown["fields"]] == ["what", "day", "proof", "note"]
    choice = next(o["value"] for o in shown["fields"][0]["options"] if o["label"] == TEACHER)
    filled = {"what": choice, "day": shown["fields"][1]["value"], "note": "At the fair"}
    act = Act.model_validate({"as": "jonas", "platform": street.platform, "verb": "submit", "fields": filled})
    await perform(act, *stages(town))
    assert "At the fair" in (await counter.cards("Claim #1"))[0]
    await perform(act.model_copy(update={"verb": "close"}), *stages(town))
    assert window() is None


def stages(town: Town) -> tuple[SlackStage, DiscordStage]:
    sides = town.community
    return SlackStage(town.slack, sides.slack_side), DiscordStage(town.discord, sides.discord_side)
