"""Brings what waits in the outbox to where it belongs, and asks again later when a platform says so."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping

import structlog

from adapters.storage.outbox import Parcel
from adapters.storage.store import Store
from core.effects import destination_from
from core.errors import Ambiguous, RetryLater, StorageUnavailable, Undeliverable
from core.ports import Delivery, Held, Messenger, Receipt

AT_ONCE = 16
PUBLIC = frozenset({"channel", "thread", "reaction"})
PATIENCE = 45.0  # seconds for one delivery: less than its lease
NOTING = (0.1, 0.5, 2.0)  # seconds between attempts to note how it went, before the lease ends
LONGEST_PAUSE = 3600.0
log = structlog.get_logger(__name__)


class Unwanted(Exception):
    """Something that would be said aloud about a person who has chosen otherwise since."""


class Courier:
    """`messengers`: who brings things to a source, for the sources that are connected now; `shown` hears the kind of
    each message that was taken."""

    def __init__(
        self,
        store: Store,
        messengers: Callable[[], Mapping[str, Messenger]],
        shown: Callable[[str], None] = lambda kind: None,
    ) -> None:
        self._store = store
        self._shown = shown
        self._messengers = messengers
        self._under_way: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._setting_out = asyncio.Lock()
        self.repeated = 0

    async def run(self, pause: float = 0.25) -> None:
        """Until cancelled or closed. A slow channel holds up only what goes there."""
        while not self._stopping.is_set():
            async with self._setting_out:
                number = await self._set_out()
            if not number:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), pause)

    async def close(self, seconds: float) -> None:
        """Let what is under way arrive, for so long. The rest is tried again by whoever comes next, who looks first
        whether it arrived."""
        self._stopping.set()
        with contextlib.suppress(TimeoutError):  # what is just being taken out belongs to it, too
            await asyncio.wait_for(self._setting_out.acquire(), seconds)
        tasks = list(self._under_way)
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _set_out(self) -> int:
        """Take what is due now, as much as can be carried. Returns how many parcels that were."""
        messengers, room = self._messengers(), AT_ONCE - len(self._under_way)
        try:
            parcels = await self._store.claim(list(messengers), room) if messengers and room else []
        except StorageUnavailable as error:
            log.warning("the outbox cannot be read", reason=str(error))
            return 0
        for parcel in parcels:
            task = asyncio.create_task(self._bring(messengers[parcel.source], parcel))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(parcels)

    async def _bring(self, messenger: Messenger, parcel: Parcel) -> None:
        try:
            receipt = await asyncio.wait_for(self._hand_over(messenger, parcel), PATIENCE)
        except asyncio.CancelledError:
            await self._finish(parcel, "waiting", error="stopped on the way")  # not a minute later, when the lease ends
            raise
        except Held:
            await self._finish(parcel, "held")
        except Unwanted:
            await self._finish(parcel, "failed", error="the person chose, while it waited, that it is not told aloud")
        except RetryLater as wait:
            await self._finish(parcel, "waiting", after=min(wait.after, LONGEST_PAUSE), error=str(wait))
        except Undeliverable as fault:
            log.warning("not delivered", cause=parcel.cause, reason=str(fault))
            await self._finish(parcel, "failed", error=str(fault))
        except (Ambiguous, TimeoutError) as error:
            await self._finish(
                parcel, "waiting", after=_pause(parcel.attempts), error=str(error) or "no answer in time"
            )
        except Exception as error:  # the worker loop: one broken parcel must not stop the others
            log.exception("a delivery failed", cause=parcel.cause)
            await self._finish(parcel, "waiting", after=_pause(parcel.attempts), error=type(error).__name__)
        else:
            self.repeated += receipt.repeated
            await self._finish(parcel, "sent", receipt=receipt.reference)

    async def _hand_over(self, messenger: Messenger, parcel: Parcel) -> Receipt:
        if parcel.kind == "roles":
            wanted, managed = await self._store.wanted_roles(parcel.destination)
            await messenger.set_roles(parcel.destination, wanted, managed)
            return Receipt()
        if parcel.card is None:
            raise Undeliverable("there is nothing to say")
        to = destination_from(parcel.destination)
        if to.kind in PUBLIC and to.account is not None and await self._store.wants_quiet(to.account):
            raise Unwanted
        delivery = Delivery(f"{parcel.community}:{parcel.id}", to, parcel.card, parcel.attempts > 1)
        receipt = await messenger.send(delivery)
        self._shown(to.kind)
        return receipt

    async def _finish(
        self, parcel: Parcel, state: str, after: float = 0, error: str | None = None, receipt: str | None = None
    ) -> None:
        """Tried more than once: who cannot note what was said would ask a minute later whether it was."""
        for pause in (*NOTING, 0):
            try:
                await self._store.finish(parcel, state, after, error, receipt)
            except StorageUnavailable as fault:
                reason = str(fault)
            else:
                return
            await asyncio.sleep(pause)
        log.warning("a delivery could not be noted", cause=parcel.cause, reason=reason)  # the lease ends by itself


def _pause(attempts: int) -> float:
    """Seconds until the next attempt: one, two, four … at most an hour."""
    return float(min(2 ** min(attempts - 1, 12), LONGEST_PAUSE))
