"""Every quarter of an hour the services are asked what they could not deliver: the same facts, so none counts twice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

import structlog

from adapters.connectors.registry import HEADERS, LARGEST_ANSWERS, TOKEN_PARAMETERS, kind_of
from adapters.connectors.service import LARGEST, HttpService
from adapters.storage.store import Store
from adapters.web.hooks import ConnectorOf, LeaveOut, Refused, check, known_here, told
from adapters.web.metrics import Measure
from bot.forwarding import source_of
from bot.hook_settings import Api
from core.connectors import Normalised, Service, Unreachable
from core.errors import PlauditError

MINUTE = 60 * 1_000_000
INTERVAL = 15 * 60.0  # seconds
OVERLAP = 15 * MINUTE  # clocks differ, and what failed just now may be written down late
FARTHEST = 30 * 24 * 60 * MINUTE
FIRST = 3 * 24 * 60 * MINUTE
LONGEST = 600.0  # seconds for one source
_UNNAMED = "nobody knows how this source is written; name it in [community] sources, or let it send something first"
log = structlog.get_logger(__name__)


class Reconciler:
    """`apis` by the name of the source in the settings."""

    def __init__(self, store: Store, apis: Mapping[str, Api], connector_of: ConnectorOf, leave_out: LeaveOut) -> None:
        self._store = store
        self._apis = apis
        self._connector_of = connector_of
        self._leave_out = leave_out
        self._trouble: dict[str, str] = {}

    async def run(self) -> None:
        """Until cancelled."""
        while self._apis:
            await self.reconcile()
            await asyncio.sleep(INTERVAL)

    async def reconcile(self) -> None:
        """Ask every service once. What goes wrong with one keeps nobody else from being asked."""
        for name, api in self._apis.items():
            try:
                async with asyncio.timeout(LONGEST):
                    new = await self._reconcile(name, api)
            except TimeoutError:
                self._tell(name, f"it took longer than {LONGEST:g} seconds")
            except (Unreachable, PlauditError) as error:
                self._tell(name, str(error))
            except Exception:  # a fault of ours in one connector: logged with its trace, and the others are asked
                log.exception("a service cannot be asked what was missed", source=name)
            else:
                self._well(name, new)

    async def _reconcile(self, name: str, api: Api) -> int:
        """How many facts were new. Raises Unreachable, MalformedStatement, StorageUnavailable."""
        source = await source_of(self._store, name)
        if source is None:
            raise Unreachable(_UNNAMED)
        key, now = f"reconciled:{source}", self._store.now()
        since = _since(await self._store.read(key), now)
        kind = kind_of(source)
        token, named = api.token.get_secret_value(), TOKEN_PARAMETERS.get(kind)
        largest = LARGEST_ANSWERS.get(kind, LARGEST)
        async with HttpService(api.url, token, HEADERS.get(kind), token_parameter=named, largest=largest) as service:
            new = await self._take_all(service, source, since)
        await self._store.write({key: str(now)})
        return new

    async def _take_all(self, service: Service, source: str, since: int) -> int:
        new = 0
        async for said in self._connector_of(source).reconcile(service, source, since):
            new += await self._take(source, said)
        return new

    async def _take(self, source: str, said: Normalised) -> int:
        try:
            check(source, said)
        except Refused as refused:
            said = Normalised(ignored=((source, refused.reason),))
        taken = await self._store.take(said.statements)
        if people := known_here(source, said.people):
            await self._store.meet(people)
        if left := told(said.ignored):
            await self._leave_out(source, left)
        return taken.new

    def _tell(self, name: str, reason: str) -> None:
        """The operator reads the same thing once."""
        if self._trouble.get(name) != reason:
            log.warning("a service was not asked what was missed", source=name, reason=reason)
        self._trouble[name] = reason

    def _well(self, name: str, new: int) -> None:
        if self._trouble.pop(name, None) is not None or new:
            log.info("a service was asked what was missed", source=name, new=new)

    def measures(self) -> Iterator[Measure]:
        for name in self._apis:
            says = "Whether a service could not be asked what was missed."
            yield Measure("plaudit_reconcile_failing", "gauge", says, int(name in self._trouble), {"source": name})


def _since(last: str | None, now: int) -> int:
    return now - FIRST if last is None else max(int(last) - OVERLAP, now - FARTHEST)
