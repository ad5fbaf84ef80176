"""What Bolt calls for commands, buttons, mentions and the Home tab. Everything was stored before."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from structlog.typing import FilteringBoundLogger

from adapters.slack import actions, commands, forms, home
from adapters.slack.blocks import ACTION
from adapters.slack.intake import Ack, Intake
from adapters.slack.payloads import Chosen, Mentioned, Pressed, Slash, Submitted
from adapters.slack.replies import Replies, Where
from adapters.slack.roster import Roster
from adapters.slack.settings import SlackSettings
from adapters.slack.times import micros
from adapters.slack.web import Json, bare, sdk_logger
from core.errors import StorageUnavailable
from core.forms import WORKED_ON
from core.ports import Clock, Desk


class Listeners:
    def __init__(
        self,
        replies: Replies,
        roster: Roster,
        desk: Desk,
        client: AsyncWebClient,
        clock: Clock,
        log: FilteringBoundLogger,
    ) -> None:
        self._replies = replies
        self._roster = roster
        self._desk = desk
        self._client = client
        self._clock = clock
        self._log = log

    async def command(self, ack: Ack, body: Json) -> None:
        await ack()
        told = Slash.model_validate(body)
        asked = commands.asked(told.command, told.text, self._roster.source)
        where = Where(told.user_id, told.channel_id, url=told.response_url, trigger=told.trigger_id)
        await self._replies.serve(asked, where, told.trigger_id, self._clock())

    async def button(self, ack: Ack, body: Json) -> None:
        await ack()
        told = Pressed.model_validate(body)
        asked = actions.asked(told)
        if asked is None:
            return
        box = told.container
        where = Where(told.user, told.channel, box.thread_ts, told.response_url, box.is_ephemeral, told.trigger_id)
        await self._replies.serve(asked, where, told.trigger_id, micros(told.actions[0].action_ts))
        if box.type == "view":
            await home.publish(self._desk, self._client, self._roster, told.user, self._log)

    async def chosen(self, ack: Ack, body: Json) -> None:
        """Something from the menu of a message."""
        await ack()
        told = Chosen.model_validate(body)
        asked = actions.chosen(told, self._roster.source)
        if asked is None:
            return
        where = Where(told.user, told.channel, told.message.thread_ts, told.response_url, trigger=told.trigger_id)
        await self._replies.serve(asked, where, told.trigger_id, self._clock())

    async def submitted(self, ack: Ack, body: Json) -> None:
        """A form comes back. The answer takes its place; a refusal lies over it, so that nothing typed is lost."""
        told = Submitted.model_validate(body)
        asked, channel = forms.asked(told)
        where = Where(told.user, channel)
        answer = await self._replies.settle(asked, where, told.trigger_id, self._clock())
        if asked.verb in WORKED_ON and channel is not None and answer.card.tone != "error":
            await ack(response_action="clear")
            await self._replies.show(answer, where)
            return
        action = "push" if answer.card.tone == "error" else "update"
        await ack(response_action=action, view=self._replies.window(answer.card, where))

    async def mention(self, event: Json) -> None:
        """`@Plaudit achievements`: slash commands cannot be used in threads."""
        told = Mentioned.model_validate(event)
        asked = commands.mentioned(told.text, self._roster.me, self._roster.source)
        if asked is None or self._roster.known.is_me(told.user):
            return
        where = Where(told.user, told.channel, told.thread_ts)
        await self._replies.serve(asked, where, f"{told.channel}/{told.ts}", micros(told.ts))

    async def home_opened(self, event: Mapping[str, Any]) -> None:
        if event.get("tab", "home") == "home":
            await home.publish(self._desk, self._client, self._roster, str(event["user"]), self._log)


def build(settings: SlackSettings, intake: Intake, listeners: Listeners, log: FilteringBoundLogger) -> AsyncApp:
    """The Bolt app: `intake` first, then the listeners. It makes no call of its own and drops nothing."""

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=settings.bot_token)

    app = AsyncApp(
        name="plaudit",
        client=bare(settings),
        authorize=authorize,
        logger=sdk_logger(),
        request_verification_enabled=False,  # Socket Mode: the connection is the proof
        ignoring_self_events_enabled=False,  # normalise knows our own posts
        ssl_check_enabled=False,
        url_verification_enabled=False,
    )
    app.middleware(intake.hear)
    for command in commands.COMMANDS:
        app.command(command.name)(listeners.command)
    app.action(re.compile(f"^{ACTION}"))(listeners.button)
    app.message_shortcut(re.compile(f"^{ACTION}"))(listeners.chosen)
    app.view(re.compile(f"^{ACTION}"))(listeners.submitted)
    app.event("app_mention")(listeners.mention)
    app.event("app_home_opened")(listeners.home_opened)
    app.error(_hook(log))
    return app


def _hook(log: FilteringBoundLogger) -> Callable[..., Awaitable[None]]:
    async def on_error(error: Exception, body: Json) -> None:
        event = body.get("event")
        kind = event.get("type") if isinstance(event, dict) else body.get("type") or "command"
        if isinstance(error, StorageUnavailable):
            log.warning("slack.not_stored", type=kind, reason=str(error))  # not acknowledged: Slack sends it again
            return
        log.error("slack.not_handled", type=kind, exc_info=error)

    return on_error
