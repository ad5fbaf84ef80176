"""What `/hooks` needs to know: which connector reads a source, and what becomes of what it leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from adapters.connectors import registry
from adapters.storage.left_out import leave_out
from adapters.storage.store import Store
from adapters.web.metrics import Measure
from bot.hook_settings import hook_name
from core.connectors import Connector


class Forwarding:
    """One for the whole process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ignored: Counter[str] = Counter()
        self._named: set[str] = set()

    def connector_of(self, source: str) -> Connector:
        community = self._store.communities.of_source(source)
        served = self._store.communities.served
        return registry.connector_of(source, served[community].plan.book if community is not None else None)

    def probed(self, source: str) -> bool:
        return registry.kind_of(source) in registry.PROBED

    async def leave_out(self, source: str, left: Sequence[tuple[str, str]]) -> None:
        """Counted always; kept once for each kind and reason, where the source belongs to a community."""
        self._ignored[source] += len(left)
        community, now = self._store.communities.of_source(source), self._store.now()
        if community is not None:
            await self._store.perform(lambda db: leave_out(db, community, source, left, now))

    async def seen(self, source: str, delivery: str, at: int) -> bool:
        """Also remembers how a source is written: in the names of its settings that cannot be seen."""
        if source not in self._named:
            self._named.add(source)
            await self._store.write({source_key(hook_name(source)): source})
        return await self._store.seen(source, delivery, at)

    def measures(self) -> Iterator[Measure]:
        for source, number in self._ignored.items():
            says = "What sources sent and no rule can count, since the start."
            yield Measure("plaudit_ignored_total", "counter", says, number, {"source": source})


async def source_of(store: Store, name: str) -> str | None:
    """How the source is written that settings call `GITHUB_ACME`: in a book, in a request that came, or plainly."""
    served = store.communities.served.values()
    for source in (s for c in served for s in c.plan.book.community.sources or ()):
        if hook_name(source) == name:
            return source
    kind, _, place = name.lower().partition("_")
    guess = f"{kind}:{place}" if place and "_" not in place else None
    return await store.read(source_key(name)) or guess


def source_key(name: str) -> str:
    """Where the notebook keeps the source that settings call `GITHUB_ACME`."""
    return f"source:{name}"
