"""`plaudit migrate`."""

from __future__ import annotations

from adapters.storage.upgrade import upgrade
from bot.settings import Settings


def migrate(settings: Settings) -> str:
    """Create the database or bring it to this version; says what was done."""
    return upgrade(settings.database_url)
