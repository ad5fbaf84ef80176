"""Brings cards to Slack. Each post carries its delivery id, so that one that may have arrived is looked for first."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from structlog.typing import FilteringBoundLogger

from adapters.slack import blocks
from adapters.slack.history import SlackHistory
from adapters.slack.pace import Pace
from adapters.slack.pictures import PAUSES, Pictures, shows_picture
from adapters.slack.roles import Roles
from adapters.slack.roster import Roster
from adapters.slack.web import TROUBLE, Method, code, refusal
from core.cards import Card
from core.errors import RetryLater, Undeliverable
from core.events import Account
from core.pictures import Draw, no_picture
from core.ports import Clock, Delivery, Destination, Held, Receipt

EVENT_TYPE = "plaudit_delivery"


class SlackMessenger:
    """Implements `core.ports.Messenger`. `posts` never repeats a call by itself."""

    def __init__(
        self,
        posts: AsyncWebClient,
        roster: Roster,
        history: SlackHistory,
        clock: Clock,
        log: FilteringBoundLogger,
        pace: Pace | None = None,
        draw: Draw = no_picture,
    ) -> None:
        self._posts = posts
        self._roster = roster
        self._history = history
        self._clock = clock
        self._log = log
        self._pace = pace or Pace()
        self._roles = Roles(posts, roster)
        self._pictures = Pictures(posts, draw, log)

    async def send(self, delivery: Delivery) -> Receipt:
        """Raises RetryLater, Ambiguous, Undeliverable, or Held for a private note that cannot be shown now."""
        match delivery.to.kind:
            case "reaction":
                return await self._react(delivery.to)
            case "private":
                return await self._whisper(delivery)
            case "direct":
                return await self._tell(delivery)
            case "edit":
                return await self._edit(delivery)
            case "channel":
                return await self._post(delivery, None)
            case "thread":
                return await self._post(delivery, _ts(delivery.to.thread or delivery.to.message))

    async def set_roles(self, account: Account, wanted: frozenset[str], managed: frozenset[str]) -> None:
        """Raises RetryLater or Undeliverable."""
        await self._roles.set(_user(account), wanted, managed)

    # -- posts

    async def _tell(self, delivery: Delivery) -> Receipt:
        """A direct message, which the person asked for."""
        try:
            opened = await self._posts.conversations_open(users=_user(delivery.to.account or ""))
        except TROUBLE as error:
            raise refusal(error) from error
        return await self._post(replace(delivery, to=replace(delivery.to, channel=opened["channel"]["id"])), None)

    async def _post(self, delivery: Delivery, thread: str | None) -> Receipt:
        channel = self._channel(delivery.to)
        if delivery.again and (found := await self._earlier(channel, thread, delivery.id)):
            return Receipt(found, repeated=True)
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"id": delivery.id}}
        more: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False, "metadata": metadata}
        if thread:
            more["thread_ts"] = thread
        return await self._say(channel, self._posts.chat_postMessage, delivery.card, **more)

    async def _edit(self, delivery: Delivery) -> Receipt:
        """A message of ours as it is to be now."""
        ts = _ts(delivery.to.message)
        return await self._say(self._channel(delivery.to), self._posts.chat_update, delivery.card, ts=ts)

    async def _say(self, channel: str, method: Method, card: Card, **more: Any) -> Receipt:
        """With the card's picture, once Slack shows it; without, where it does not."""
        text, shown = blocks.render(card, self._roster.source)
        if (picture := await self._pictures.block(card)) is not None:
            drawn = blocks.with_picture(shown, picture)
            for pause in PAUSES:
                try:
                    return await self._inside(channel, method, text=text, blocks=drawn, **more)
                except _NotShown:
                    await asyncio.sleep(pause)
            self._pictures.leave_out("Slack does not show it")
        return await self._inside(channel, method, text=text, blocks=shown, **more)

    async def _earlier(self, channel: str, thread: str | None, delivery: str) -> str | None:
        """Where the delivery stands already. Without an answer nothing is sent: twice is worse than later."""
        try:
            return await self._history.delivered(channel, thread, delivery, self._clock())
        except TROUBLE as error:
            if isinstance(error, SlackApiError) and code(error) in ("not_in_channel", "thread_not_found"):
                return None
            raise refusal(error) from error

    async def _whisper(self, delivery: Delivery) -> Receipt:
        to = delivery.to
        if to.channel is None or to.account is None:
            raise Held
        text, shown = blocks.render(delivery.card, self._roster.source)
        more: dict[str, Any] = {"user": _user(to.account), "text": text, "blocks": shown}
        if to.thread:
            more["thread_ts"] = _ts(to.thread)
        try:
            return await self._inside(self._channel(to), self._posts.chat_postEphemeral, **more)
        except _NotThere as absent:
            raise Held from absent

    async def _react(self, to: Destination) -> Receipt:
        if to.message is None or to.emoji is None:
            raise Undeliverable("A reaction needs a message and an emoji.")
        ts = _ts(to.message)
        try:
            await self._inside(self._channel(to), self._posts.reactions_add, timestamp=ts, name=to.emoji.strip(":"))
        except _Already:
            return Receipt(ts, repeated=True)
        return Receipt(ts)

    def _channel(self, to: Destination) -> str:
        if not to.channel:
            raise Undeliverable("No channel is set for this message. Set one under [channels] in rules.toml.")
        place = self._roster.find_place(to.channel)
        if place is None and to.channel.startswith("#"):
            raise Undeliverable(
                f"There is no channel {to.channel} that the bot can see in Slack. "
                "Create it, or invite the bot there: /invite @Plaudit."
            )
        return place.id if place else to.channel

    async def _inside(self, channel: str, method: Method, **arguments: Any) -> Receipt:
        """Call a method on a channel in its turn; a public channel that the bot is not in is joined first."""
        await self._pace.turn(channel)
        try:
            return await self._call(channel, method, arguments)
        except _Outside:
            await self._join(channel)
            return await self._call(channel, method, arguments, inside=True)

    async def _call(self, channel: str, method: Method, arguments: dict[str, Any], *, inside: bool = False) -> Receipt:
        try:
            answer = await method(channel=channel, **arguments)
        except SlackApiError as error:
            why = code(error)
            if why == "not_in_channel" and not inside:
                raise _Outside from error
            if why == "user_not_in_channel":
                raise _NotThere from error
            if why == "already_reacted":
                raise _Already from error
            if why == "invalid_blocks" and shows_picture(arguments.get("blocks")):
                raise _NotShown from error
            raise self._reason(error, channel) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise refusal(error, posting=True) from error
        return Receipt(str(answer.get("ts") or answer.get("message_ts") or "") or None)

    def _reason(self, error: SlackApiError, channel: str) -> Exception:
        reason = refusal(error, posting=True)
        if isinstance(reason, RetryLater):
            self._pace.hold(channel, reason.after)
        if isinstance(reason, Undeliverable):
            place = self._roster.places.get(channel)
            name = f"#{place.name}" if place and place.name else channel
            return Undeliverable(f"{name}: {reason}")
        return reason

    async def _join(self, channel: str) -> None:
        try:
            await self._posts.conversations_join(channel=channel)
        except TROUBLE as error:
            reason = refusal(error)
            if isinstance(reason, RetryLater):
                raise reason from error
            place = self._roster.places.get(channel)
            name = f"#{place.name}" if place and place.name else channel
            raise Undeliverable(
                f"The bot is not in {name} and cannot join it. Invite it there: /invite @Plaudit."
            ) from error
        self._log.info("slack.joined_channel", channel=channel)


class _Outside(Exception):
    """The bot is not in the channel."""


class _NotThere(Exception):
    """The person is not in the channel, so nothing can be shown to them there."""


class _NotShown(Exception):
    """Slack refuses the message with its picture, for now or for good; nothing was posted."""


class _Already(Exception):
    """The reaction is there already."""


def _user(account: Account) -> str:
    return account.rsplit("/", 1)[-1]


def _ts(reference: str | None) -> str | None:
    """The platform's id of a message, also from a fact's id (`message:C1/17.1`)."""
    return reference.rsplit("/", 1)[-1] if reference else None
