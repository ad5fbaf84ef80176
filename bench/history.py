"""How often the log must be asked again while a community's whole history comes in."""

from __future__ import annotations

from pathlib import Path

from adapters.imports.slack_export import open_export
from adapters.storage.store import Store
from bench.ingest import LIVE, opened
from bench.workload import book, statements
from bot.imports import bring_in

EXPORT = Path(__file__).resolve().parents[2] / "shared" / "data" / "slack-export-community-a.zip"
BATCH = 1_000


async def imported(folder: Path) -> tuple[int, int] | None:
    """Recounts and events, over two years of a real community; None where they do not lie beside the checkout.

    These are posts in order of time with nothing taken back: the kindest history there is.
    """
    if not EXPORT.exists():
        return None
    store = await opened(folder, "imported", book())
    with open_export(EXPORT) as export:
        events = (await bring_in(export, store, "default", lambda _: None)).new
    return await _counted(store), events


async def chatted(folder: Path, events: int) -> tuple[int, int]:
    """Recounts and events, over chat with replies, reactions and deletions."""
    store = await opened(folder, "chatted", book())
    said = statements(events)
    for start in range(0, events, BATCH):
        await store.take(said[start : start + BATCH], LIVE)
    return await _counted(store), events


async def _counted(store: Store) -> int:
    await store.close()
    return store.communities.served["default"].recounts
