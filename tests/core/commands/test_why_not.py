"""What is told to somebody who asks why not, and what others may know of it."""

from __future__ import annotations

from dataclasses import replace

from core.announcements import Place
from core.awards import Deserved
from core.cards import Channel
from core.commands import answer
from core.diagnosis import Diagnosis, Shown, Uncounted
from core.requests import Answer
from core.standing import Standing
from tests.village import AMIRA, DAY, JONAS, NOW, Village, ask, book, pressed, said

AT_HELP = Place("slack:T1", "C2")
FOUND = Diagnosis(
    achievement="trusted_helper",
    member=AMIRA,
    rule="Five helpful answers.",
    version=2,
    now=NOW,
    awards=(),
    grounds=(),
    standing=Standing("trusted_helper", 4, 5),
    progress="4 of 5 helpful answers",
    next_step="one more helpful answer",
    counted=tuple(Shown(NOW - n * DAY, "helpful answer", AT_HELP, "#help", False) for n in range(4)),
    counted_in_all=4,
    uncounted=(
        Uncounted(1, "mark", "was your own", "self"),
        Uncounted(1, "mark", "came from a bot", "bot"),
    ),
    obstacles=(),
)
AWARD = Deserved("trusted_helper", 2, AMIRA, "", None, NOW - DAY, NOW - DAY, 5, NOW - DAY, frozenset(), None)


async def told(village: Village, found: Diagnosis = FOUND, *, moderator: bool = False, **arguments: str) -> Answer:
    own = "member" not in arguments
    village.diagnoses[AMIRA if own else JONAS, found.achievement, own] = found
    request = ask("why-not", moderator=moderator, **{"achievement": found.achievement, **arguments})
    return await answer(request, book(), village.records)


async def test_it_says_what_counted_what_did_not_and_what_is_missing(village: Village) -> None:
    assert said(await told(village)).splitlines()[:6] == [
        ":ring_buoy: Trusted helper",
        "Five helpful answers.",
        "4 of 5 helpful answers.",
        "Counted: 4 (15 Mar to 18 Mar).",
        "Not counted: one mark was your own, one came from a bot.",
        "Missing: one more helpful answer.",
    ]


async def test_many_reasons_are_told_in_short(village: Village) -> None:
    many = tuple(Uncounted(2, "mark", f"was no. {n}", "where") for n in range(7))
    assert "two were no. 4; 4 for other reasons." in said(
        await told(
            village, replace(FOUND, uncounted=tuple(replace(u, reason=f"were no. {n}") for n, u in enumerate(many)))
        )
    )


async def test_more_than_are_shown_began_earlier(village: Village) -> None:
    assert "Counted: 40 (earlier to 18 Mar)." in said(await told(village, replace(FOUND, counted_in_all=40)))


async def test_what_stands_in_the_way_is_told_beside_the_number(village: Village) -> None:
    found = replace(FOUND, obstacles=("only for members with the role Helper", "a moderator declined it"))
    lines = said(await told(village, found)).splitlines()
    assert lines[6:8] == ["Only for members with the role Helper.", "A moderator declined it."]


async def test_who_has_it_lacks_nothing(village: Village) -> None:
    shown = await told(village, replace(FOUND, awards=(AWARD,)))
    assert "You have it since 17 Mar: nothing is missing." in said(shown)
    assert "Not counted" not in said(shown)
    assert pressed(shown) == {"How it was earned": "trusted_helper"}


async def test_only_moderators_ask_about_others(village: Village) -> None:
    refused = said(await told(village, member=JONAS))
    assert refused.startswith("Only moderators can ask that about others.")
    shown = said(await told(village, member=JONAS, moderator=True))
    assert "Jonas reads: “4 of 5 helpful answers”." in shown


async def test_who_names_oneself_asks_about_oneself(village: Village) -> None:
    village.diagnoses[AMIRA, "trusted_helper", True] = FOUND
    shown = await answer(ask("why-not", achievement="trusted_helper", member=AMIRA), book(), village.records)
    assert "4 of 5 helpful answers." in said(shown)


async def test_who_opted_out_is_left_alone(village: Village) -> None:
    village.chose(JONAS, tracked=False)
    assert "Jonas opted out" in said(await told(village, member=JONAS, moderator=True))


async def test_a_secret_badge_stays_a_secret(village: Village) -> None:
    village.diagnoses[AMIRA, "riddle", True] = FOUND
    assert said(await told(village, replace(FOUND, achievement="riddle"))) == "No badge here is called “riddle”."
    village.award(AMIRA, "riddle")
    assert "The riddle" in said(await told(village, replace(FOUND, achievement="riddle")))


async def test_a_moderator_does_not_learn_of_a_secret_that_another_has_not_found(village: Village) -> None:
    village.award(AMIRA, "riddle")
    found = replace(FOUND, achievement="riddle")
    assert "No badge here" in said(await told(village, found, member=JONAS, moderator=True))


async def test_a_badge_that_is_off_says_so(village: Village) -> None:
    shown = await answer(ask("why-not", achievement="trusted_helper"), book(), village.records)
    assert said(shown) == "That badge cannot be earned at the moment."


async def test_the_button_of_why_leads_here_and_back(village: Village) -> None:
    shown = await answer(ask("why", achievement="trusted_helper"), book(), village.records)
    assert pressed(shown) == {"What counted, and what not?": "trusted_helper"}
    village.diagnoses[AMIRA, "trusted_helper", True] = FOUND
    assert "4 of 5" in said(await answer(ask("why-not", argument="trusted_helper"), book(), village.records))


async def test_why_shows_the_facts_of_ones_own_award_and_no_private_place(village: Village) -> None:
    village.award(AMIRA, "trusted_helper", NOW - DAY, version=2)
    secret = Shown(NOW - 2 * DAY, "helpful answer", Place("slack:T1", private=True), None, True)
    there = replace(FOUND.counted[1], place=Place("slack:T1", "C2", "1.2", "1.1"))
    found = replace(FOUND, awards=(AWARD,), grounds=(there, secret))
    village.diagnoses[AMIRA, "trusted_helper", True] = found
    told = await answer(ask("why", achievement="trusted_helper"), book(), village.records)
    spans = [span for section in told.card.sections for line in section.lines for span in line]
    assert [s for s in spans if isinstance(s, Channel)] == [Channel("slack:T1", "C2", "#help", "1.2", "1.1")]
    lines = said(told).splitlines()
    place = next(n for n, text in enumerate(lines) if "What counted" in text)
    assert lines[place + 1 : place + 3] == [
        "  17 Mar · helpful answer in #help",
        "  16 Mar · helpful answer in a private channel",
    ]


async def test_the_facts_of_another_award_than_the_one_held_are_not_shown(village: Village) -> None:
    village.award(AMIRA, "trusted_helper", NOW - 5 * DAY, version=2)
    village.diagnoses[AMIRA, "trusted_helper", True] = replace(FOUND, awards=(AWARD,), grounds=FOUND.counted)
    assert "helpful answer in #help" not in said(
        await answer(ask("why", achievement="trusted_helper"), book(), village.records)
    )
