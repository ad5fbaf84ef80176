"""For programs in Python that say what happened: `from bot.client import Client`.

    with Client("desk:acme", secret, spool=Path("plaudit.spool")) as plaudit:
        plaudit.say("ticket.resolved", id="ticket:4711:resolved:1", actor="slack:T1/U7", facts={"minutes": 25})

`say` returns at once; a thread of its own sends what was said, in batches, until the bot has it on disk. A fact keeps
its id through every attempt, so it is stored once however often it is sent. Standard library and standardwebhooks only.
"""

from __future__ import annotations

import atexit
import logging
import os
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType

from bot.facts import Value, line, own_id, written
from bot.sender import LONGEST_PAUSE, Answer, Target, Unreached, pause, post
from bot.waiting_facts import WaitingFacts

MOST = 500  # facts in a request
LARGEST = 900_000  # bytes of a request; the bot takes a million
GATHER = 0.5  # seconds that a fact waits for others
SLOWEST = 30.0  # seconds for an answer
CLOSE_WITHIN = 10.0  # seconds
MOST_WAITING = 100_000  # facts

log = logging.getLogger("plaudit.client")
Refuse = Callable[[str, str], None]


class TooMuch(Exception):
    """So many facts wait to be sent that no more are taken: the bot has been out of reach for long."""


def _log_refusal(statement: str, reason: str) -> None:
    log.error("Plaudit refused a fact: %s", reason)


class Client:
    """`source`: as `desk:acme`; `secret`: its `whsec_…`; `url`: where the bot listens.

    `spool`: a file that keeps what is not delivered yet over a crash or the end of the process; the next Client with
    the same file delivers it. With `durable` it outlives a power cut, too: `say` then waits for the disk, some
    milliseconds each. `refused`: called with (statement as JSON, reason) for what the bot will never take.
    Make it after a fork, not before: threads do not follow. Raises ValueError for an address or a secret that is none,
    and for `durable` without a spool.
    """

    def __init__(
        self,
        source: str,
        secret: str,
        url: str = "http://127.0.0.1:8080",
        *,
        spool: Path | None = None,
        durable: bool = False,
        refused: Refuse = _log_refusal,
    ) -> None:
        if durable and spool is None:
            raise ValueError("durable needs a spool: name the file in which facts are to be kept")
        self._target = Target(url, source, secret)
        self._refused = refused
        self._waiting = WaitingFacts(spool, os.fsync if durable else None)
        self._changed = threading.Condition()
        self._queue: deque[str] = deque(self._waiting.kept)
        self._stop_at: float | None = None  # monotonic seconds; None while it is open
        self._hurry = False  # somebody waits: do not gather more
        self._told: set[str] = set()
        self._thread = threading.Thread(target=self._work, name="plaudit-client", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def say(
        self,
        type: str,  # noqa: A002 - the word of the statement
        *,
        id: str | None = None,  # noqa: A002 - the same
        at: datetime | None = None,
        actor: str | None = None,
        author: str | None = None,
        target: str | None = None,
        participants: Sequence[str] = (),
        facts: Mapping[str, Value] | None = None,
    ) -> str:
        """Remembers it, and gives its id. `at` None: now. `id` None: made of the content, its time included.

        Raises TooMuch, ValueError for a time without offset, TypeError for a binary float, RuntimeError when closed.
        """
        people = {"actor": actor, "author": author, "target": target, "participants": participants}
        when = written(at if at is not None else datetime.now(UTC))
        said = {"source": self._target.source, "type": type, "at": when, **people, "facts": facts}
        name = id if id is not None else own_id(said)
        self._keep(line({"id": name, **said}))
        return name

    def withdraw(self, id: str, *, at: datetime | None = None, reason: str | None = None) -> None:  # noqa: A002 - as above
        """Takes a fact back. Raises as `say` does."""
        when = written(at if at is not None else datetime.now(UTC))
        source = self._target.source
        self._keep(line({"source": source, "id": id, "op": "withdraw", "at": when, "reason": reason}))

    def flush(self, seconds: float = CLOSE_WITHIN) -> bool:
        """Waits until everything said so far is delivered or refused; whether it is, after so long at most."""
        with self._changed:
            self._hurry = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not self._queue, seconds)

    def close(self, seconds: float = CLOSE_WITHIN) -> bool:
        """Delivers what it can in that time and ends; whether everything is. What is not stays in the spool.

        The end of the process calls it, too."""
        with self._changed:
            if self._stop_at is None:
                self._stop_at = time.monotonic() + seconds
            self._changed.notify_all()
        self._thread.join(seconds)
        atexit.unregister(self.close)
        left = len(self._queue)
        if left and not self._waiting.spooled:
            log.error("%d facts were not delivered to Plaudit and are lost: it was out of reach", left)
        return not left

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def _keep(self, statement: str) -> None:
        with self._changed:
            if self._stop_at is not None:
                raise RuntimeError("the client is closed")
            if len(self._queue) >= MOST_WAITING:
                raise TooMuch(f"{MOST_WAITING:,} facts wait already; is Plaudit at {self._target.url}?")
            self._waiting.add(statement)
            self._queue.append(statement)
            self._changed.notify_all()

    def _work(self) -> None:
        """The spool is let go of here, not by `close`: its last attempt may end later than `close` waits for it."""
        try:
            self._send_all()
        finally:
            self._waiting.close()

    def _send_all(self) -> None:
        while batch := self._gather():
            try:
                if not self._deliver(batch):
                    return
            except Exception:  # the worker loop: facts that wait must not wait for ever
                log.exception("Plaudit: sending failed and is tried again")
                self._wait(LONGEST_PAUSE)

    def _gather(self) -> list[str]:
        """The next facts to send together; none when it is closed and all is sent."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._stop_at is not None)
            self._changed.wait_for(self._enough, GATHER)
            batch: list[str] = []
            size = 0
            for statement in islice(self._queue, MOST):
                size += len(statement) + 1
                if batch and size > LARGEST:
                    break
                batch.append(statement)
            return batch

    def _enough(self) -> bool:
        return len(self._queue) >= MOST or self._hurry or self._stop_at is not None

    def _deliver(self, batch: list[str]) -> bool:
        """Sends one request until it is taken or split; False when the time to close is over."""
        attempt = 0
        while self._left() > 0:
            answer = self._try(batch)
            if answer is not None and answer.taken:
                self._taken(batch, answer)
                return True
            if answer is not None and answer.status in (413, 422):
                return self._split(batch, answer)
            attempt += 1
            self._wait(pause(attempt, answer, random.random()))  # noqa: S311 - spreads attempts, keeps no secret
        return False

    def _try(self, batch: list[str]) -> Answer | None:
        body = "[" + ",".join(batch) + "]"
        try:
            answer = post(self._target, body.encode(), time.time(), max(0.1, min(SLOWEST, self._left())))
        except Unreached as error:
            self._tell(str(error))
            return None
        if not answer.taken and answer.status not in (413, 422):
            self._tell(answer.reason)
        return answer

    def _split(self, batch: list[str], answer: Answer) -> bool:
        """One bad fact refuses the whole list: halves find it, and the others arrive."""
        if len(batch) > 1:
            middle = len(batch) // 2
            return self._deliver(batch[:middle]) and self._deliver(batch[middle:])
        self._drop(1)
        self._refused(batch[0], answer.reason)
        return True

    def _taken(self, batch: list[str], answer: Answer) -> None:
        for reason in answer.ignored:
            self._tell(f"kept, but no rule can count it: {reason}")
        self._drop(len(batch))

    def _drop(self, number: int) -> None:
        """The first so many are done."""
        with self._changed:
            for _ in range(number):
                self._queue.popleft()
            if not self._queue:
                self._told.clear()
                self._hurry = False
            self._waiting.done(number, self._queue)
            self._changed.notify_all()

    def _tell(self, reason: str) -> None:
        """Each reason once, until everything is delivered again."""
        if reason not in self._told:
            self._told.add(reason)
            log.warning("Plaudit: %s", reason)

    def _left(self) -> float:
        """Seconds until it gives up."""
        return float("inf") if self._stop_at is None else self._stop_at - time.monotonic()

    def _wait(self, seconds: float) -> None:
        """Closing cuts it short once: one more attempt is made at once."""
        with self._changed:
            if self._stop_at is None:
                self._changed.wait_for(lambda: self._stop_at is not None, seconds)
            else:
                self._changed.wait(max(0.0, min(seconds, self._left())))
