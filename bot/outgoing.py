"""Brings what is told to other programs to their addresses, each at its own pace: a slow one holds up only itself."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import structlog

from adapters.outgoing.sender import Endpoint, Reply, Sender
from adapters.storage import outbox, outgoing
from adapters.storage.outgoing import Ask, WebhookDelivery
from adapters.storage.store import Store
from adapters.storage.transactions import SqlTransaction
from core.errors import Ambiguous, StorageUnavailable, Undeliverable
from core.outgoing import DAY, next_pause
from core.plan import Plan
from core.rules.webhooks import Webhook

AT_ONCE = 4  # requests to one address
GONE = 410
OUT_WITHIN = 3.0  # seconds for what is just being taken out of the database
Key = tuple[str, str]
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Way:
    """The way to one address. `closed_until`: it asked not to be asked before (UTC microseconds). `well`: the last
    request was taken; else they go one by one."""

    under_way: set[asyncio.Task[None]] = field(default_factory=set)
    closed_until: int = 0
    well: bool = True

    def room(self, now: int) -> int:
        """How many requests may set out now."""
        most = AT_ONCE if self.well else 1
        return max(0, most - len(self.under_way)) if now >= self.closed_until else 0


def endpoint_of(webhook: Webhook, secrets: tuple[str, ...]) -> Endpoint:
    """Where its requests go."""
    return Endpoint(webhook.url, secrets, webhook.allow_private)


def described(reply: Reply) -> str:
    """A status in words, for the operator. What else was answered is shown to nobody."""
    match reply.status:
        case status if 300 <= status < 400:
            return f"it answered {status}: it leads elsewhere, which is not followed; write the new address"
        case 401 | 403:
            return f"it answered {reply.status}: it does not accept the signature; is the secret the same there?"
        case status:
            return f"it answered {status}"


class OutgoingCourier:
    """`secrets`: those of a variable, none where it is not set. `chance`: 0 to 1, spreads what is tried again."""

    def __init__(
        self,
        store: Store,
        secrets: Callable[[str], tuple[str, ...]],
        sender: Sender,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._secrets = secrets
        self._sender = sender
        self._chance = chance
        self._ways: dict[Key, Way] = {}
        self._known: dict[str, Plan] = {}
        self._stopping = asyncio.Event()
        self._setting_out = asyncio.Lock()

    async def run(self, pause: float = 0.25) -> None:
        """Until cancelled or closed."""
        while not self._stopping.is_set():
            async with self._setting_out:
                number = await self._set_out()
            if not number:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), pause)

    async def close(self, seconds: float) -> None:
        """Let what is under way arrive, for so long. The rest is tried again, under the same id."""
        self._stopping.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._setting_out.acquire(), OUT_WITHIN)  # what is just taken out belongs to it, too
        tasks = [task for way in self._ways.values() for task in way.under_way]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _set_out(self) -> int:
        """Take what is due now, as much as each way carries. Returns how many requests that were."""
        try:
            await self._read_books()
            open_ = dict(self._open())
            asks = [self._ask(key) for key in open_]
            found = await self._store.perform(lambda db: outgoing.claim(db, asks, self._store.now())) if asks else []
        except StorageUnavailable as error:
            log.warning("the webhooks wait for the database", reason=str(error))
            return 0
        for delivery in found:
            key = delivery.community, delivery.webhook
            way = self._ways[key]
            task = asyncio.create_task(self._bring(way, open_[key], delivery))
            way.under_way.add(task)
            task.add_done_callback(way.under_way.discard)
        return len(found)

    def _open(self) -> Iterator[tuple[Key, Webhook]]:
        """Webhooks that have a secret."""
        for community, served in self._store.communities.served.items():
            for webhook in served.plan.book.webhooks:
                if self._secrets(webhook.secret_env):
                    yield (community, webhook.name), webhook

    def _ask(self, key: Key) -> Ask:
        way = self._ways.setdefault(key, Way())
        return Ask(*key, self._store.communities.served[key[0]].revision, way.room(self._store.now()))

    async def _read_books(self) -> None:
        """With each new book: say which secrets are missing, and give up what is for webhooks that are gone."""
        for community, served in self._store.communities.served.items():
            if self._known.get(community) is not served.plan:
                await self._read_book(community, served.plan)
                self._known[community] = served.plan

    async def _read_book(self, community: str, plan: Plan) -> None:
        names = [w.name for w in plan.book.webhooks]
        await self._store.perform(lambda db: outgoing.abandon(db, community, names, self._store.now()))
        for webhook in plan.book.webhooks:
            way = self._ways.setdefault((community, webhook.name), Way())
            way.closed_until, way.well = 0, True  # what an old address asked for holds no longer
            if not self._secrets(webhook.secret_env):
                log.warning("check", warning=missing_secret(webhook))

    async def _bring(self, way: Way, webhook: Webhook, delivery: WebhookDelivery) -> None:
        endpoint, now = endpoint_of(webhook, self._secrets(webhook.secret_env)), self._store.now()
        try:
            reply = await self._sender.send(endpoint, delivery.id, delivery.document, now)
        except asyncio.CancelledError:
            await self._finish(delivery, "waiting", error="stopped on the way")
            raise
        except Undeliverable as fault:
            await self._give_up(way, delivery, str(fault))
        except Ambiguous as fault:
            await self._later(way, delivery, str(fault), None)
        except Exception as error:  # the worker loop: one broken delivery must not stop the others
            log.exception("a webhook could not be sent", webhook=webhook.name, id=delivery.id)
            await self._later(way, delivery, type(error).__name__, None)
        else:
            await self._judge(way, delivery, reply)

    async def _judge(self, way: Way, delivery: WebhookDelivery, reply: Reply) -> None:
        if reply.taken:
            way.well = True
            await self._finish(delivery, "sent", receipt=str(reply.status))
        elif reply.status == GONE:
            await self._switch_off(way, delivery)
        else:
            if reply.after is not None:
                way.closed_until = self._store.now() + round(min(reply.after, DAY) * 1e6)
            await self._later(way, delivery, described(reply), reply.after)

    async def _later(self, way: Way, delivery: WebhookDelivery, reason: str, asked: float | None) -> None:
        pause = next_pause(delivery.attempts, asked, self._chance())
        if pause is None:
            await self._give_up(way, delivery, f"{reason}; it was tried {delivery.attempts} times")
            return
        if way.well:
            log.warning("a webhook is not reached, and tried again later", webhook=delivery.webhook, reason=reason)
        way.well = False
        await self._finish(delivery, "waiting", after=pause, error=reason)

    async def _give_up(self, way: Way, delivery: WebhookDelivery, reason: str) -> None:
        way.well = False
        remedy = f"when that is mended: plaudit webhooks replay --id {delivery.id}"
        log.warning("not delivered", webhook=delivery.webhook, tells=delivery.event, reason=reason, remedy=remedy)
        await self._finish(delivery, "failed", error=reason)

    async def _switch_off(self, way: Way, delivery: WebhookDelivery) -> None:
        served = self._store.communities.served[delivery.community]
        warning = (
            f"the webhook {delivery.webhook} is switched off: its address answered 410, gone. Write the new address "
            f"and run plaudit apply, or, once it answers again, plaudit webhooks test {delivery.webhook}"
        )
        log.warning("check", warning=warning)
        way.well = False
        revision = served.revision
        with self._noted(delivery):
            await self._store.perform(
                lambda db: outgoing.switch_off(SqlTransaction(db, delivery.community), delivery.webhook, revision)
            )
        await self._finish(delivery, "failed", error=outgoing.SWITCHED_OFF)

    async def _finish(
        self,
        delivery: WebhookDelivery,
        state: str,
        after: float = 0,
        error: str | None = None,
        receipt: str | None = None,
    ) -> None:
        now = self._store.now()
        due = now + round(after * 1e6)
        with self._noted(delivery):
            await self._store.perform(lambda db: outbox.finish(db, delivery.row, state, now, due, error, receipt))

    @contextlib.contextmanager
    def _noted(self, delivery: WebhookDelivery) -> Iterator[None]:
        try:
            yield
        except StorageUnavailable as fault:  # the lease ends by itself, then it is sent once more under its id
            log.warning("a delivery could not be noted", webhook=delivery.webhook, reason=str(fault))


def missing_secret(webhook: Webhook) -> str:
    """What to do about a webhook that cannot sign."""
    return (
        f"the webhook {webhook.name} is off: {webhook.secret_env} is not set. Write it into .env and restart; "
        "what it is to be told waits until then"
    )
