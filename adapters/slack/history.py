"""Looking at what stands in Slack: one message, the end of a channel, what was missed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import messages
from adapters.slack.payloads import Message
from adapters.slack.roster import Roster
from adapters.slack.times import micros, rfc3339, slack_ts
from adapters.slack.web import TROUBLE, Json, Method, code, pages, refusal
from core.errors import Undeliverable
from core.events import Statement, message_id

_GONE = ("channel_not_found", "message_not_found", "thread_not_found")
_DAY = 86_400_000_000
_LATEST = 5  # pages of 200 read when looking for an earlier delivery


class SlackHistory:
    """Reads; implements `core.ports.Recall`."""

    def __init__(self, client: AsyncWebClient, roster: Roster) -> None:
        self._client = client
        self._roster = roster

    async def recall(self, statement: Statement) -> Mapping[str, object] | None:
        """Facts of the message that a statement is about (of a reply: of the thread's root), with its `author`;
        None if it is gone, nothing where the bot may not look. Raises RetryLater."""
        key = "thread" if statement.type == "thread.replied" else "message"
        channel, _, ts = str(statement.facts.get(key, "")).removeprefix("message:").partition("/")
        if not channel or not ts:
            return {}
        try:
            found = await self.message(channel, ts)
            await self._roster.place(channel)
        except TROUBLE as error:
            reason = refusal(error)
            if isinstance(reason, Undeliverable):
                return {}
            raise reason from error
        return self._facts(found, channel) if found else None

    def _facts(self, message: Message, channel: str) -> dict[str, object]:
        known = self._roster.known
        facts: dict[str, object] = {**known.where(channel), **messages.about(message, channel, known)}
        for of_the_reply in ("delay", "message"):
            facts.pop(of_the_reply, None)
        facts["object_at"] = rfc3339(message.ts)
        if message.thread_ts == message.ts:
            facts["thread"] = message_id(channel, message.ts)
        author = message.user or message.bot_id
        return facts | ({"author": known.account(author)} if author else {})

    async def message(self, channel: str, ts: str) -> Message | None:
        """One message or reply, None if it is gone. Raises what a call can raise."""
        only = {"channel": channel, "oldest": ts, "latest": ts, "inclusive": True, "limit": 1}
        found = await self._first(self._client.conversations_replies, ts, {**only, "ts": ts})
        return found or await self._first(self._client.conversations_history, ts, only)

    async def _first(self, method: Method, ts: str, arguments: Json) -> Message | None:
        try:
            answer = await method(**arguments)
        except SlackApiError as error:
            if code(error) in _GONE:
                return None
            raise
        found = next((m for m in answer.get("messages") or [] if m.get("ts") == ts), None)
        return Message.model_validate(found) if found and found.get("subtype") != "tombstone" else None

    async def delivered(self, channel: str, thread: str | None, delivery: str, now: int) -> str | None:
        """The `ts` of our message that carries this delivery id, among the latest of the last day. Raises what a
        call can raise."""
        arguments = {"channel": channel, "oldest": slack_ts(max(now - _DAY, 0)), "limit": 200}
        arguments |= {"include_all_metadata": True}
        method = self._client.conversations_replies if thread else self._client.conversations_history
        where = {"ts": thread} if thread else {}
        async for item in pages(method, "messages", _LATEST, **arguments, **where):
            if delivery_of(item) == delivery and self._roster.known.is_me(item.get("user"), item.get("bot_id")):
                return str(item["ts"])
        return None

    async def since(self, channel: str, at: int) -> AsyncIterator[Message]:
        """What was written in a channel after `at` (UTC microseconds), threads that went on since among it.
        Raises what a call can raise."""
        oldest = slack_ts(at)
        arguments = {"channel": channel, "oldest": oldest, "limit": 200}
        async for item in pages(self._client.conversations_history, "messages", 50, **arguments):
            message = Message.model_validate(item)
            yield message
            if message.latest_reply and micros(message.latest_reply) > at:
                async for reply in self._replies(channel, message, oldest):
                    yield reply

    async def _replies(self, channel: str, root: Message, oldest: str) -> AsyncIterator[Message]:
        arguments = {"channel": channel, "ts": root.ts, "oldest": oldest, "limit": 200}
        async for item in pages(self._client.conversations_replies, "messages", 50, **arguments):
            if item.get("ts") != root.ts:
                yield Message.model_validate({"parent_user_id": root.user, **item})


def delivery_of(message: Mapping[str, object]) -> str | None:
    """The delivery id in a message's metadata."""
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return str(payload.get("id")) if isinstance(payload, dict) else None
