"""What goes wrong, on request. Web API faults are taken one per call, delivery faults one per event."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ANY = "*"
_HTML = "<!DOCTYPE html><html><head><title>Service unavailable</title></head><body>Try again.</body></html>"


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer like this instead of doing what was asked."""

    status: int
    error: str | None
    retry_after: float | None
    body: str | None


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection without an answer, after the call took effect or before."""

    after_effect: bool


@dataclass(frozen=True, slots=True)
class Delay:
    """Do what was asked, but late."""

    seconds: float


Fault = Answer | Close | Delay


@dataclass(slots=True)
class Plan:
    """How the next event travels."""

    copies: int = 0
    after: float = 0.0
    lost_acks: int = 0
    drop_socket: bool = False


@dataclass(slots=True)
class _Shuffle:
    size: int
    order: Callable[[list[Any]], None]
    held: list[Any] = field(default_factory=list)


class Faults:
    """Armed faults; each is used up `times` times and then gone. `clear()` disarms all."""

    def __init__(self) -> None:
        self._calls: dict[str, deque[Fault]] = defaultdict(deque)
        self._plans: dict[str, deque[tuple[str, float]]] = defaultdict(deque)
        self._shuffle: _Shuffle | None = None

    # -- Web API

    def answer(
        self,
        method: str,
        *,
        status: int = 200,
        error: str | None = None,
        retry_after: float | None = None,
        html: bool = False,
        times: int = 1,
    ) -> None:
        """Answer `method` ("*": any) with this status. `error` is the code in the JSON body (unless given,
        `ratelimited` for 429 and `internal_error` else); `html` sends a proxy's error page instead;
        `retry_after` is in seconds."""
        default = "ratelimited" if status == 429 else "internal_error"
        fault = Answer(status, error or default, retry_after, _HTML if html else None)
        self._arm(method, fault, times)

    def close_after(self, method: str, times: int = 1) -> None:
        """Accept the call, let it take effect, and close the connection: the caller cannot know."""
        self._arm(method, Close(after_effect=True), times)

    def close_before(self, method: str, times: int = 1) -> None:
        """Close the connection before the call takes effect."""
        self._arm(method, Close(after_effect=False), times)

    def delay(self, method: str, seconds: float, times: int = 1) -> None:
        self._arm(method, Delay(seconds), times)

    def _arm(self, method: str, fault: Fault, times: int) -> None:
        self._calls[method].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The next fault of a call, used up by asking."""
        for key in (method, ANY):
            if self._calls[key]:
                return self._calls[key].popleft()
        return None

    # -- delivery of events

    def duplicate(self, copies: int = 1, times: int = 1) -> None:
        """The next `times` events come again `copies` times under new event ids."""
        self._plans["copies"].extend([("copies", copies)] * times)

    def late(self, seconds: float, times: int = 1) -> None:
        """The next `times` events set off only after `seconds`."""
        self._plans["after"].extend([("after", seconds)] * times)

    def lose_ack(self, attempts: int = 1, times: int = 1) -> None:
        """Slack does not see the first `attempts` acknowledgements of the next `times` events and sends again
        with the same event id."""
        self._plans["lost"].extend([("lost", attempts)] * times)

    def drop_socket(self, times: int = 1) -> None:
        """The connection breaks right after the next `times` events were written to it."""
        self._plans["drop"].extend([("drop", 1)] * times)

    def shuffle(self, size: int, order: Callable[[list[Any]], None] = list.reverse) -> None:
        """Hold the next `size` events back, then send them in the order that `order` gives them in place
        (`random.Random(7).shuffle`); reversed when left out."""
        self._shuffle = _Shuffle(size, order)

    def plan(self) -> Plan:
        """How the next event travels, used up by asking."""
        taken = dict(q.popleft() for q in self._plans.values() if q)
        return Plan(
            copies=int(taken.get("copies", 0)),
            after=taken.get("after", 0.0),
            lost_acks=int(taken.get("lost", 0)),
            drop_socket="drop" in taken,
        )

    def hold(self, item: Any) -> list[Any]:
        """What may leave now that `item` wants to: itself, nothing yet, or all that was held."""
        if self._shuffle is None:
            return [item]
        self._shuffle.held.append(item)
        if len(self._shuffle.held) < self._shuffle.size:
            return []
        held = self._shuffle.held
        self._shuffle.order(held)
        self._shuffle = None
        return held

    def clear(self) -> list[Any]:
        """Disarm everything; returns events that were held back for shuffling."""
        held = self._shuffle.held if self._shuffle else []
        self._calls.clear()
        self._plans.clear()
        self._shuffle = None
        return held
