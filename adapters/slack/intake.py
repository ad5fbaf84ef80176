"""Everything that arrives passes here first: stored, then acknowledged, then looked at further."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import ValidationError
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from structlog.typing import FilteringBoundLogger

from adapters.slack import normalise, reactions
from adapters.slack.catch_up import CatchUp
from adapters.slack.chores import Chores
from adapters.slack.history import SlackHistory
from adapters.slack.huddles import Huddles
from adapters.slack.payloads import Message, Reacted
from adapters.slack.roster import Roster
from adapters.slack.times import SECOND
from adapters.slack.web import TROUBLE, Json, code
from core.errors import StorageUnavailable
from core.events import Statement
from core.ports import Clock, Inbox

LOOK_SECONDS = 1.5  # one look at Slack before the acknowledgement, which is due after three seconds
STORE_SECONDS = 2.0  # for a command: then the person is told to try again
ANSWERED = ("app_home_opened", "app_mention")
BUSY = "I could not write that down just now. Nothing was changed; please try again in a minute."

Next = Callable[[], Awaitable[BoltResponse]]
Ack = Callable[..., Awaitable[BoltResponse]]


class Intake:
    """`hear` is Bolt's global middleware. Bolt itself would acknowledge an event before anybody has read it, and
    leave one unacknowledged that nobody listens to."""

    def __init__(
        self,
        inbox: Inbox,
        roster: Roster,
        history: SlackHistory,
        huddles: Huddles,
        catch_up: CatchUp,
        client: AsyncWebClient,
        chores: Chores,
        clock: Clock,
        log: FilteringBoundLogger,
    ) -> None:
        self._inbox = inbox
        self._roster = roster
        self._history = history
        self._huddles = huddles
        self._catch_up = catch_up
        self._client = client
        self._chores = chores
        self._clock = clock
        self._log = log

    async def hear(self, body: Json, next: Next, ack: Ack) -> BoltResponse:  # noqa: A002 - Bolt passes by name
        """When the inbox does not take it, this raises: no acknowledgement, and Slack sends it again."""
        if body.get("type") == "event_callback":
            await self._event(body)
            return await (next() if body["event"].get("type") in ANSWERED else ack())
        if body.get("type") == "app_rate_limited":
            self._limited(body)
        elif "command" in body or body.get("type") in ("block_actions", "message_action"):
            return await self._ask(body, next, ack)
        elif body.get("type") == "view_submission":
            return await next()  # opening the form was the command; what it says is for the desk alone
        return await ack()

    async def _event(self, body: Json) -> None:
        event = body.get("event")
        if not isinstance(event, dict):
            body["event"] = {}
            return
        found = await self._understand(body, event)
        if found:
            await self._inbox.take(found)
        await self._huddle(body, event)
        self._note_operator(event)
        self._chores.start(self._roster.noticed(event))

    async def _understand(self, body: Json, event: Json) -> list[Statement]:
        """Statements of an event, after the one look at Slack that some need. What cannot be read is ignored: sent
        again it would be no better. The log names the fields, never what is in them."""
        try:
            await self._look(event)
            if event.get("type") == "reaction_removed" and await self._others_remain(event):
                return []
            return normalise.statements(body, self._roster.known, self._clock())
        except ValidationError as fault:
            where = [".".join(map(str, e["loc"])) for e in fault.errors(include_input=False)]
            self._log.warning("slack.ignored", type=event.get("type"), fields=where)
            return []

    async def _huddle(self, body: Json, event: Json) -> None:
        try:
            await self._huddles.hear(event, normalise.sent_at(body))
        except ValidationError as fault:
            where = [".".join(map(str, e["loc"])) for e in fault.errors(include_input=False)]
            self._log.warning("slack.ignored", type=event.get("type"), fields=where)

    async def _look(self, event: Json) -> None:
        """Get to know the channel of an event, and who opened the thread where the reply does not say it."""
        item = event.get("item")
        channel = item.get("channel") if isinstance(item, dict) else event.get("channel")
        if not isinstance(channel, str) or channel.startswith("D"):
            return
        await self._roster.place(channel)
        if event.get("type") == "message" and event.get("subtype") in (None, "thread_broadcast", "file_share"):
            message = Message.model_validate(event)
            if message.is_reply and not message.opened_by and message.thread_ts:
                event["parent_user_id"] = await self._opener(channel, message.thread_ts)

    async def _opener(self, channel: str, root: str) -> str | None:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                found = await self._history.message(channel, root)
        except TROUBLE:
            return None
        return found.user if found else None

    async def _others_remain(self, event: Json) -> bool:
        """Another skin tone of the same person's emoji is still on the message. Without an answer: no, which is
        nearly always so."""
        told = Reacted.model_validate(event)
        if told.item.type != "message" or told.item.ts is None:
            return False
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                answer = await self._client.reactions_get(channel=told.item.channel, timestamp=told.item.ts, full=True)
        except SlackApiError as error:
            self._log.info("slack.reactions_unknown", error=code(error))
            return False
        except TROUBLE:
            return False
        message = Message.model_validate({"ts": told.item.ts, **(answer.get("message") or {})})
        return reactions.others_remain(message.reactions, told.user, told.reaction)

    def _note_operator(self, event: Mapping[str, Any]) -> None:
        if event.get("type") in ("app_uninstalled", "tokens_revoked"):
            remedy = "Install the app again and put the new tokens into .env."
            self._log.error("slack.app_removed", type=event["type"], remedy=remedy)

    def _limited(self, body: Json) -> None:
        """Slack has dropped events for about a minute: read them afterwards."""
        minute = body.get("minute_rate_limited")
        since = minute * SECOND if isinstance(minute, int) else self._clock() - 120 * SECOND
        self._log.warning("slack.rate_limited", minute=minute)
        self._chores.start(self._catch_up.run(since))

    async def _ask(self, body: Json, next: Next, ack: Ack) -> BoltResponse:  # noqa: A002 - as above
        """A command or a button. Nobody repeats it, so the person hears when it could not be kept."""
        try:
            found = normalise.statements(body, self._roster.known, self._clock())
            async with asyncio.timeout(STORE_SECONDS):
                await self._inbox.take(found)
        except ValidationError:
            self._log.warning("slack.ignored", type=body.get("type") or "command")
            return await ack()
        except (StorageUnavailable, TimeoutError):
            self._log.warning("slack.command_not_stored")
            return await (ack(BUSY) if "command" in body else ack())
        return await next()
