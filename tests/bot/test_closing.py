"""What moderators were asked and is decided: the card says by whom and loses its buttons, however it was decided."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.cards import read_card
from adapters.terminal.cards import render
from core.cards import Card
from core.events import Statement
from tests.adapters.storage.said import HOUR, NOON, mark
from tests.bot.office import BOOK, Office, opened

ASKED = (
    BOOK
    + """
[achievement.bright]
name = "Bright"
when = "reaction.added"
where.emoji = "bulb"
credit = "author"
ask = true
[achievement.often]
name = "Often"
manual = "moderator"
repeat = true
[achievement.rare]
name = "Rare"
manual = "moderator"
two_people = true
"""
)
JONAS = "slack:T1/J"
_SENT = "UPDATE outbox SET state = 'sent', receipt = 'M' || id WHERE state = 'waiting'"
_EDITS = "SELECT card, destination ->> 'message' FROM outbox WHERE destination ->> 'kind' = 'edit' ORDER BY id"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, ASKED) as office:
        yield office


async def deliver(office: Office) -> None:
    """Everything that waited is on the platform now."""
    await office.store.perform(lambda db: db.exec_driver_sql(_SENT).rowcount)


def edits(office: Office) -> list[Card]:
    return [read_card(row[0]) for row in office.rows(_EDITS)]


def edited(office: Office) -> str:
    """The one edit, which asks no more."""
    (card,) = edits(office)
    assert card.buttons == ()
    return render(card)


async def nominate(office: Office, who: str = "A", badge: str = "beyond") -> None:
    about = "C1/1773000000.000100 J"
    said = await office.said(who, "nominate-send", about=about, achievement=badge, why="Stayed late")
    assert "Thank you" in said
    await deliver(office)


@pytest.mark.parametrize("by_button", [True, False])
async def test_a_nomination_says_who_gave_the_badge(office: Office, by_button: bool) -> None:
    await nominate(office)
    if by_button:
        await office.press("N", "nominate-give", f"beyond {JONAS}")
    else:
        await office.said("N", "grant", member=JONAS, achievement="beyond", reason="Stayed late")
    assert office.awards("J") == {"beyond"}
    assert edited(office).endswith("Given by Noor.")
    assert "Stayed late" in edited(office)


async def test_every_card_about_the_badge_is_closed_and_no_other(office: Office) -> None:
    await nominate(office, "A")
    await nominate(office, "L")
    await office.said("A", "nominate-send", about="C1/1773000000.000200 L", achievement="beyond", why="Helped")
    await deliver(office)
    await office.press("N", "nominate-give", f"beyond {JONAS}")
    assert [card.buttons for card in edits(office)] == [(), ()]
    assert all("Jonas" in render(card) for card in edits(office))


async def test_what_is_given_once_more_leaves_the_older_card_as_it_is(office: Office) -> None:
    await nominate(office, "A", "often")
    await office.press("N", "nominate-give", f"often {JONAS}")
    await deliver(office)
    await nominate(office, "L", "often")
    await office.press("O", "nominate-give", f"often {JONAS}")
    assert [render(card).splitlines()[-1].strip() for card in edits(office)] == ["Given by Noor.", "Given by Olga."]
    assert len({row[1] for row in office.rows(_EDITS)}) == 2


async def test_a_nomination_that_was_taken_back_asks_no_more(office: Office) -> None:
    await nominate(office)
    (id_,) = office.rows("SELECT id FROM statement WHERE id LIKE 'nomination:%'")[0]
    await office.store.take([Statement("slack:T1", id_, NOON + HOUR, op="withdraw")])
    assert edited(office).endswith("This was taken back.")


@pytest.mark.parametrize(
    ("verb", "said"), [("grant-confirm", "Confirmed by Olga."), ("grant-decline", "Declined by Olga.")]
)
async def test_a_proposal_says_who_answered(office: Office, verb: str, said: str) -> None:
    await office.said("N", "grant", member=JONAS, achievement="rare", reason="The whole year")
    await deliver(office)
    await office.press("O", verb, "proposal:r1")
    assert edited(office).endswith(said)


async def test_one_that_has_not_set_out_yet_is_posted_without_buttons(office: Office) -> None:
    await office.said("N", "grant", member=JONAS, achievement="rare", reason="The whole year")
    await office.press("O", "grant-decline", "proposal:r1")
    (row,) = office.rows("SELECT card FROM outbox WHERE cause = 'proposal:r1'")
    assert read_card(row[0]).buttons == ()
    assert edits(office) == []


async def reach(office: Office) -> None:
    await office.store.take([mark(1, "A", NOON, author="J")])
    await deliver(office)


@pytest.mark.parametrize(("verb", "said"), [("confirm", "Confirmed by Noor."), ("decline", "Declined by Noor.")])
@pytest.mark.parametrize("by_button", [True, False])
async def test_a_badge_that_waited_for_a_word_has_it(office: Office, verb: str, said: str, by_button: bool) -> None:
    await reach(office)
    if by_button:
        await office.press("N", verb, f"bright {JONAS}")
    else:
        await office.said("N", verb, member=JONAS, achievement="bright")
    assert edited(office).endswith(said)


async def test_a_second_thought_takes_the_place_of_the_first(office: Office) -> None:
    await reach(office)
    await office.press("N", "decline", f"bright {JONAS}")
    await deliver(office)
    office.clock.now += HOUR
    await office.said("O", "confirm", member=JONAS, achievement="bright")
    first, second = edits(office)
    assert "Declined by Noor." in render(first)
    assert "Declined" not in render(second)
    assert "Confirmed by Olga." in render(second)


async def test_the_first_of_two_yeses_stands_on_the_claim_and_the_buttons_stay(office: Office) -> None:
    await office.claim("J", "rare|")
    await deliver(office)
    await office.press("N", "claim-approve")
    (card,) = edits(office)
    assert "Noor said yes." in render(card)
    assert len(card.buttons) == 3
    await deliver(office)
    await office.press("O", "claim-approve")
    assert "claim-approve" not in {b.verb for b in edits(office)[-1].buttons}


async def test_marks_are_taken_back_once(office: Office) -> None:
    await reach(office)
    await office.said("N", "ban", member=JONAS, reason="spam")
    await deliver(office)
    await office.press("N", "ban-marks", JONAS)
    assert "taken back by Noor" in edited(office)
