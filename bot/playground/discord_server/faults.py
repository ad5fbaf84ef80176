"""What can go wrong on purpose: bad answers of the REST interface, and events that come odd or not at all."""

import asyncio
import random
import re
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.playground.discord_server.wire import Json

Scope = Literal["user", "shared", "global"]
Send = Callable[[str, Json], None]


@dataclass(slots=True)
class AnswerFault:
    """What happens to the next `times` requests that match."""

    method: str
    path: re.Pattern[str]
    times: int
    status: int | None = None
    body: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    hang_up: Literal["before", "after"] | None = None

    def strikes(self, method: str, path: str) -> bool:
        """Whether it applies to this request; each time uses it up by one."""
        if not self.times or self.method not in (method, "*") or not self.path.search(path):
            return False
        self.times -= 1
        return True


@dataclass(slots=True)
class EventFault:
    """What happens to the next `times` gateway events of that name ("*": any)."""

    event: str
    times: int
    late: float | None = None  # seconds; None: sent twice instead


class Faults:
    """The faults still to strike. All of them wear off: each has a number of times.

    `resumable = False` refuses every RESUME until it is set back.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forgets every fault that has not struck; what a shuffle still holds back is lost."""
        self.resumable = True
        self._answers: list[AnswerFault] = []
        self._events: list[EventFault] = []
        self._held: list[tuple[str, Json]] = []
        self._hold = 0
        self._seed = 0

    # -- the REST interface -------------------------------------------------------------------------------

    def answer(
        self,
        method: str,
        path: str,
        *,
        status: int,
        retry_after: float | None = None,
        scope: Scope = "user",
        body: Json | None = None,
        times: int = 1,
    ) -> None:
        """Answers with `status` instead of doing anything.

        `path` is a regular expression searched in the path below /api/v10; `method` may be "*".
        With `retry_after` (seconds) a 429 carries Discord's headers, Via and Retry-After among them.
        """
        headers: dict[str, str] = {}
        if status == 429:
            wait = 1.0 if retry_after is None else retry_after
            body = body or _rate_limit_body(wait, scope)
            headers = rate_limit_headers(wait, scope, bucket=f"fault-{zlib.crc32(path.encode()):x}")
        fault = AnswerFault(method, re.compile(path), times, status, body or _plain_body(status), headers)
        self._answers.append(fault)

    def delay(self, method: str, path: str, seconds: float, *, times: int = 1) -> None:
        """Answers right, but `seconds` later."""
        self._answers.append(AnswerFault(method, re.compile(path), times, delay=seconds))

    def hang_up(self, method: str, path: str, *, when: Literal["before", "after"] = "after", times: int = 1) -> None:
        """Takes the request and closes without an answer, `after` or `before` doing what it asked."""
        self._answers.append(AnswerFault(method, re.compile(path), times, hang_up=when))

    def strike(self, method: str, path: str) -> AnswerFault | None:
        """The first fault that applies to this request."""
        return next((fault for fault in self._answers if fault.strikes(method, path)), None)

    # -- the gateway --------------------------------------------------------------------------------------

    def duplicate(self, event: str = "*", *, times: int = 1) -> None:
        """Sends the next such events twice."""
        self._events.append(EventFault(event, times))

    def late(self, event: str, seconds: float, *, times: int = 1) -> None:
        """Sends the next such events `seconds` late; what happens meanwhile overtakes them."""
        self._events.append(EventFault(event, times, late=seconds))

    def shuffle(self, count: int, *, seed: int = 0) -> None:
        """Holds the next `count` events back, then sends them in another order (the same for a seed)."""
        self._hold, self._seed = count, seed

    def route(self, event: str, payload: Json, send: Send) -> None:
        """Passes an event on to `send` the way the faults want it."""
        if self._hold:
            self._hold_back(event, payload, send)
            return
        fault = self._next(event)
        if fault is not None and fault.late is not None:
            asyncio.get_running_loop().call_later(fault.late, send, event, dict(payload))
            return
        send(event, payload)
        if fault is not None:
            send(event, payload)

    def _next(self, event: str) -> EventFault | None:
        for fault in self._events:
            if fault.times and fault.event in (event, "*"):
                fault.times -= 1
                return fault
        return None

    def _hold_back(self, event: str, payload: Json, send: Send) -> None:
        self._held.append((event, dict(payload)))
        self._hold -= 1
        if self._hold:
            return
        held, self._held = self._held, []
        order = random.Random(self._seed)  # noqa: S311  # a repeatable disorder, not a secret
        for name, body in order.sample(held, len(held)):
            send(name, body)


def rate_limit_headers(retry_after: float, scope: Scope, *, bucket: str) -> dict[str, str]:
    """The headers of a 429. Without Via discord.py takes the answer for a ban by Cloudflare and gives up."""
    headers = {
        "Via": "1.1 google",
        "Retry-After": str(max(1, round(retry_after))),
        "X-RateLimit-Limit": "5",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": f"{time.time() + retry_after:.3f}",
        "X-RateLimit-Reset-After": f"{retry_after:.3f}",
        "X-RateLimit-Bucket": bucket,
        "X-RateLimit-Scope": scope,
    }
    return {**headers, "X-RateLimit-Global": "true"} if scope == "global" else headers


def _rate_limit_body(retry_after: float, scope: Scope) -> Json:
    limited = {"message": "You are being rate limited.", "code": 0, "global": scope == "global"}
    return {**limited, "retry_after": retry_after}


def _plain_body(status: int) -> Json:
    return {"code": 0, "message": f"{status}: made to fail"}
