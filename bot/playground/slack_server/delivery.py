"""Getting events and interactions to the app: attempts, retries, and the faults on the way."""

import asyncio
import time
import uuid
from collections.abc import Coroutine
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from . import events
from .changes import Changes
from .errors import Json
from .faults import Faults, Plan
from .sockets import Sockets
from .world import World


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to hand something over. `kind` is events_api, slash_commands or interactive; `number`
    counts retries from 0; `failure` is "" when acknowledged, else `timeout`, `no_connection` or `lost_ack`;
    `answer` is the payload of the acknowledgement; `seconds` is how long the app took."""

    kind: str
    payload: Json
    number: int
    failure: str
    answer: Any
    seconds: float

    @property
    def ok(self) -> bool:
        return not self.failure


@dataclass(frozen=True, slots=True)
class _Parcel:
    payload: Json
    plan: Plan


@dataclass(slots=True)
class Timing:
    """How long Slack waits for an acknowledgement, and before each retry of an event, in seconds."""

    ack_timeout: float = 3.0
    retry_delays: tuple[float, ...] = field(default=(0.0, 60.0, 300.0))


class Delivery:
    """Events leave at once, in the background; interactions are handed over while the person waits."""

    def __init__(self, world: World, sockets: Sockets, faults: Faults, changes: Changes, timing: Timing) -> None:
        self.attempts: list[Attempt] = []
        self.timing = timing
        self._world = world
        self._sockets = sockets
        self._faults = faults
        self._changes = changes
        self._tasks: set[asyncio.Task[None]] = set()
        self._hurry = asyncio.Event()

    @property
    def pending(self) -> int:
        """Events on their way, those waiting for a retry included."""
        return len(self._tasks)

    def emit(self, event: Json) -> None:
        """Tell the app about an event."""
        plan = self._faults.plan()
        for _ in range(1 + plan.copies):
            self.repeat(event, plan)

    def repeat(self, event: Json, plan: Plan | None = None) -> None:
        """Tell it under a new event id, whatever was told before."""
        payload = events.envelope(self._world, deepcopy(event), self._world.ticker.id("Ev"))
        for parcel in self._faults.hold(_Parcel(payload, plan or Plan())):
            self._start(self._carry(parcel))

    def release(self) -> None:
        """Disarm all faults and let go what they held back."""
        for parcel in self._faults.clear():
            self._start(self._carry(parcel))

    def hurry(self) -> None:
        """Do every waiting retry now, as if its time had come."""
        self._hurry.set()
        self._hurry = asyncio.Event()

    async def interact(self, kind: str, payload: Json) -> Attempt:
        """Hand over a command or a click: one attempt, nobody repeats it."""
        envelope = _envelope(kind, payload) | {"accepts_response_payload": True}
        return await self._attempt(envelope, 0)

    async def stop(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.result()
        self._changes.notify()

    async def _carry(self, parcel: _Parcel) -> None:
        if parcel.plan.after:
            await asyncio.sleep(parcel.plan.after)
        reason = ""
        for number, delay in enumerate((0.0, *self.timing.retry_delays)):
            await self._wait(delay)
            envelope = _envelope("events_api", parcel.payload) | {"accepts_response_payload": False}
            envelope |= {"retry_attempt": number, "retry_reason": reason}
            lost = number < parcel.plan.lost_acks
            done = await self._attempt(envelope, number, lost=lost, drop=parcel.plan.drop_socket and not number)
            if done.ok:
                return
            reason = done.failure

    async def _wait(self, seconds: float) -> None:
        if not seconds:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            return

    async def _attempt(self, envelope: Json, number: int, *, lost: bool = False, drop: bool = False) -> Attempt:
        begun = time.perf_counter()
        failure, answer = "lost_ack" if lost else "", None
        try:
            answer = await self._sockets.send(envelope, self.timing.ack_timeout, then_drop=drop)
        except TimeoutError:
            failure = "timeout"
        except ConnectionError:
            failure = "no_connection"
        took = time.perf_counter() - begun
        attempt = Attempt(envelope["type"], envelope["payload"], number, failure, answer, took)
        self.attempts.append(attempt)
        self._changes.notify()
        return attempt


def _envelope(kind: str, payload: Json) -> Json:
    return {"envelope_id": str(uuid.uuid4()), "type": kind, "payload": payload}
