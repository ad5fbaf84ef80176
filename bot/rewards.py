"""What rewards cost: for the moderators' digest, and `plaudit rewards report`."""

from __future__ import annotations

import json
from decimal import Decimal

from adapters.storage.history import SqlHistory
from adapters.storage.reading import reading
from adapters.storage.rulings import book_in_force
from adapters.storage.spending import spending
from adapters.storage.store import Store
from bot.claims import one_book
from bot.settings import Settings
from core.budgets import Spending, cost, each, forecast, report
from core.calendar import zone
from core.errors import ConfigurationError
from core.languages import ours, speak
from core.linking import note_links
from core.plan import compile_plan
from core.rules.book import RuleBook
from core.serving import Served


async def budget(store: Store, community: str) -> list[str]:
    """The month so far; nothing in a community without rewards, where nothing is looked up."""
    served, now = store.communities.served[community], store.now()
    plan = served.plan
    if plan.book.rewards is None:
        return []
    found = await store.look(lambda db: spending(SqlHistory(db, community), plan.calendar, served.people, now))
    return report(found, plan.book, ours(plan.book))


def look(settings: Settings, community: str | None, now: int) -> tuple[RuleBook, Spending]:
    """The month of this moment, beside a running bot or without one. Raises ConfigurationError without rewards."""
    written = one_book(settings, community)
    with reading(settings.database_url) as histories:
        history = histories(written.community.id)
        book = book_in_force(history) or written
        if book.rewards is None:
            raise ConfigurationError("this community has no rewards; [rewards] in the rule book switches them on")
        served = Served(compile_plan(book))
        note_links(history, served)
        return book, spending(history, served.plan.calendar, served.people, now)


def as_lines(book: RuleBook, found: Spending) -> list[str]:
    return report(found, book, speak("en", zone(book.community.timezone)))


def as_json(book: RuleBook, found: Spending) -> str:
    """Amounts of money as exact texts."""
    rewards, ahead = book.rewards, forecast(found)
    whole = cost(found.spent, rewards) if rewards is not None else None
    said = {
        "month": found.month,
        "spent": found.spent,
        "cap": rewards.monthly_cap if rewards else None,
        "teams": dict(found.teams),
        "cap_per_team": rewards.cap_per_team if rewards else None,
        "forecast": {"weekly": str(ahead.weekly), "weeks": ahead.weeks, "month": ahead.total},
        "given": {name: {"awards": g.awards, "points": g.points} for name, g in sorted(found.given.items())},
        "active": found.active,
        "money": rewards.money if rewards else None,
        "cost": _text(whole),
        "cost_per_award": _text(each(whole, found.awards) if whole is not None else None),
        "cost_per_active_member": _text(each(whole, found.active) if whole is not None else None),
    }
    return json.dumps(said, indent=2, ensure_ascii=False)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
