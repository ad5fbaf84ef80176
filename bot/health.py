"""How the rules are doing: which went quiet, and how often the log had to be asked. Looked at once a day."""

from __future__ import annotations

from collections.abc import Iterator

import structlog

from adapters.storage.activity import activity
from adapters.storage.history import SqlHistory
from adapters.storage.store import Store
from adapters.web.metrics import Measure
from core.dead_rules import Quiet, quiet_rules

DAY = 24 * 3600 * 1_000_000
MOST_RECOUNTS = 0.01  # of the events of a day: above it, a rule is slower than it should be
FEWEST_EVENTS = 1_000  # fewer say nothing about a share
log = structlog.get_logger(__name__)


class Health:
    """What `/metrics` and the moderators' digest say about the rules."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looked = 0
        self._before: dict[str, tuple[int, int]] = {}
        self._quiet: dict[str, int] = {}

    async def look(self) -> None:
        """Once a day, however often it is called."""
        now = self._store.now()
        if self._looked and now - self._looked < DAY:
            return
        self._looked = now
        for community in self._store.communities.served:
            self._warn(community)
            await self.quiet(community, now)

    async def quiet(self, community: str, now: int) -> list[Quiet]:
        """Rules of a community whose events or awards stopped."""
        found = await self._store.look(lambda db: activity(SqlHistory(db, community), now))
        quiet = quiet_rules(self._store.communities.served[community].plan, found)
        self._quiet[community] = len(quiet)
        return quiet

    def _warn(self, community: str) -> None:
        served = self._store.communities.served[community]
        events, recounts = self._before.get(community, (0, 0))
        self._before[community] = served.events, served.recounts
        events, recounts = served.events - events, served.recounts - recounts
        if events >= FEWEST_EVENTS and recounts > MOST_RECOUNTS * events:
            log.warning(
                "the log is asked more often than it should be", community=community, events=events, recounts=recounts
            )

    def measures(self) -> Iterator[Measure]:
        """The numbers of every community, in the order in which `exposition` writes them."""
        served = self._store.communities.served.items()
        for name, c in served:
            says = "Facts that came, changed or went since the start."
            yield Measure("plaudit_events_total", "counter", says, c.events, {"community": name})
        for name, c in served:
            says = "How often the log was asked to decide on them."
            yield Measure("plaudit_recounts_total", "counter", says, c.recounts, {"community": name})
        for name, number in self._quiet.items():
            says = "Rules whose events stopped, or that nobody earns any more."
            yield Measure("plaudit_quiet_rules", "gauge", says, number, {"community": name})
