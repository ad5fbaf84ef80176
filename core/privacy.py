"""What others may see of a person."""

from __future__ import annotations

from core.records import ChoiceRow, HeldAward, PersonRow
from core.rules.book import RuleBook

_TO_ONESELF = ("private", "none", "dm")


def is_public(award: HeldAward, choice: ChoiceRow, book: RuleBook) -> bool:
    """Whether others may be shown this award.

    It stands, comes from no private channel, its rule announces it to others, and the person lets them.
    """
    return award.state == "awarded" and not award.private and shows(choice) and _announced(award.achievement, book)


def shows(choice: ChoiceRow) -> bool:
    """Whether the person lets others see what they earned."""
    named = not choice.hidden and not choice.anonymous
    return choice.tracked and named and choice.announce not in _TO_ONESELF


def _announced(achievement: str, book: RuleBook) -> bool:
    """A badge that left the book was public while it was there: unknown is shown to nobody."""
    rule = book.achievements.get(achievement)
    return rule is not None and rule.status == "active" and rule.announce not in _TO_ONESELF


def on_boards(person: PersonRow, choice: ChoiceRow, staff: str | None) -> bool:
    """Whether a board lists the person: no bots, no leavers, no staff, nobody who hides or opted out."""
    listed = person.present and not person.bot and (staff is None or staff not in person.roles)
    return listed and choice.tracked and not choice.hidden
