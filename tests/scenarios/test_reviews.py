"""What a rule finds and a person confirms: the card for moderators, its buttons, the commands, on both platforms."""

from __future__ import annotations

import pytest

from core.passing import UNKNOWN
from tests.scenarios.street import Street
from tests.scenarios.town import GIVERS, Town

MENTOR = """
[achievement.mentor]
name = "Mentor"
when = "helpful_answer"
ask = true
announce = "channel"
points = 3
"""


@pytest.fixture
def rules() -> str:
    return MENTOR


def cards(street: Street) -> list[str]:
    return [text for text in street.said("mods") if "For you to decide" in text]


async def found(street: Street, who: str = "jonas") -> str:
    """The rule finds somebody; returns the answer that did it."""
    answer = await street.helped(who, GIVERS)
    await street.town.until(lambda: cards(street))
    return answer


async def confirmed(street: Street) -> None:
    await street.earned("jonas", "mentor")
    await street.town.until(lambda: any("Mentor" in text for text in street.said()))


async def closed(street: Street, words: str) -> None:
    """The one card says by whom it was decided, and has no buttons."""
    await street.town.until(lambda: words in cards(street)[0])
    (card,) = cards(street)
    assert not {"Confirm", "Decline"} & set(card.splitlines())


async def test_a_moderator_confirms_by_the_button(street: Street, town: Town) -> None:
    answer = await found(street)
    (card,) = cards(street)
    assert street.shows(card, "jonas")
    assert "an answer that three different people marked as helpful" in card
    assert "Counted: 3 facts." in card
    assert {"Confirm", "Decline"} <= set(card.splitlines())
    assert "mentor" not in street.awards("jonas")
    assert not any("Mentor" in text for text in street.said())
    assert "with the moderators" in await street.ask("jonas", "/achievements")
    assert "with the moderators" in await street.ask("jonas", "/plaudit why mentor")
    await street.press("noor", "Confirm", "mods")
    await confirmed(street)
    await closed(street, "Confirmed by")
    assert town.number("SELECT SUM(points) FROM ledger WHERE member = ?", street.account("jonas")) == 3
    await town.until(lambda: any("Confirmed" in text for text in street.said("mods")))
    await street.unreact("lena", answer)
    await street.lost("jonas", "mentor")
    await street.react("lena", answer)
    await street.earned("jonas", "mentor")  # confirmed once is confirmed
    assert len(cards(street)) == 1


async def test_a_no_is_quiet_and_may_be_thought_over(street: Street, town: Town) -> None:
    await found(street)
    assert "is not told" in await street.ask("noor", "/plaudit decline @jonas mentor")
    gone = "SELECT COUNT(*) FROM award WHERE achievement = 'mentor'"
    await town.until(lambda: town.number(gone) == 0)
    assert town.verify() == []
    assert not any("Mentor" in text for text in (*street.said(), *street.whispered("jonas")))
    await closed(street, "Declined by")
    await street.ask("noor", "/plaudit confirm @jonas mentor")
    await confirmed(street)
    await closed(street, "Confirmed by")


async def test_only_moderators_decide_and_not_about_themselves(street: Street, town: Town) -> None:
    await street.helped("noor", GIVERS)
    pending = "SELECT COUNT(*) FROM award WHERE achievement = 'mentor' AND state = 'pending' AND due_at = ?"
    await town.until(lambda: town.number(pending, UNKNOWN) == 1)
    assert "Only moderators" in await street.ask("amira", "/plaudit confirm @noor mentor")
    assert "Not for yourself" in await street.ask("noor", "/plaudit confirm @noor mentor")
    assert town.number(pending, UNKNOWN) == 1
