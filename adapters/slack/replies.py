"""Questions to the desk, and its answers back to where they were asked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from structlog.typing import FilteringBoundLogger

from adapters.slack import blocks, files, forms
from adapters.slack.commands import Asked, asks_a_right
from adapters.slack.permalinks import linked
from adapters.slack.pictures import Pictures
from adapters.slack.rights import groups_of, role_of, seeming_groups, seeming_role
from adapters.slack.roster import Roster
from adapters.slack.settings import SlackSettings
from adapters.slack.web import TROUBLE, Json, code, is_local, sdk_logger
from core import trouble
from core.cards import Card
from core.errors import PlauditError
from core.language import Language
from core.places import PlacesOf
from core.ports import Desk
from core.requests import Answer, Request, naming
from core.rights import Role, may

ANSWER_SECONDS = 20.0
PICTURE_SECONDS = 2.0  # somebody waits for the words
FORM_SECONDS = 2.5  # Slack waits three for a form to be answered
MOST_NOTES = 3  # a response_url works five times


@dataclass(frozen=True, slots=True)
class Where:
    """Where an answer goes: by `url` (a slash command or a button), else into the `channel`. `over`: the answer may
    replace the message whose button was pressed. `trigger`: opens a window, where there is no message."""

    user: str
    channel: str | None = None
    thread: str | None = None
    url: str | None = None
    over: bool = False
    trigger: str | None = None


class Replies:
    """Asks the desk in the name of a person, and shows what it says."""

    def __init__(
        self,
        settings: SlackSettings,
        desk: Desk,
        roster: Roster,
        places: PlacesOf,
        client: AsyncWebClient,
        log: FilteringBoundLogger,
        pictures: Pictures,
    ) -> None:
        self._local = is_local(settings)
        self._desk = desk
        self._roster = roster
        self._places = places
        self._client = client
        self._log = log
        self._pictures = pictures

    async def serve(self, asked: Asked, where: Where, request_id: str, at: int) -> None:
        """Answer one question."""
        await self.show(await self._answer(self._request(asked, where, request_id, at), where.user), where)

    async def settle(self, asked: Asked, where: Where, request_id: str, at: int) -> Answer:
        """The answer to a form, in the time that Slack leaves for closing it."""
        try:
            async with asyncio.timeout(FORM_SECONDS):
                return await self._answer(self._request(asked, where, request_id, at), where.user)
        except TimeoutError:
            self._log.warning("slack.form_unanswered", verb=asked.verb)
            return Answer(trouble.sorry(self._speaking_to(where.user)))

    def _request(self, asked: Asked, where: Where, request_id: str, at: int) -> Request:
        return Request(
            id=request_id,
            source=self._roster.source,
            account=f"{self._roster.source}/{where.user}",
            verb=asked.verb,
            at=at,
            arguments=self._named(asked),
            channel=where.channel,
            there=self._roster.known.where(where.channel) if where.channel else {},
        )

    def _named(self, asked: Asked) -> dict[str, str]:
        """Arguments with a typed `@name` as the account, where exactly one person is called so."""
        arguments = dict(asked.arguments)
        typed = arguments.get("member", "")
        if typed.startswith("@"):
            arguments["member"] = self._roster.find_account(typed) or typed
        return arguments

    async def _answer(self, request: Request, user: str) -> Answer:
        try:
            role = await self._role(request, user)
            groups = await self._groups(request, user, role)
        except (*TROUBLE, PlauditError) as error:
            self._log.warning("slack.rights_unknown", error=type(error).__name__)
            return Answer(trouble.unsure(self._speaking_to(user)))
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._desk.answer(replace(request, role=role, groups=groups))
        except PlauditError as fault:
            self._log.warning("slack.unanswered", verb=request.verb, reason=str(fault))
        except Exception:  # noqa: BLE001 - the platform's error hook: somebody waits for an answer
            self._log.exception("slack.unanswered", verb=request.verb)
        return Answer(trouble.sorry(self._speaking_to(user)))

    def _speaking_to(self, user: str) -> Language:
        return self._desk.speaking_to(f"{self._roster.source}/{user}")

    async def _role(self, request: Request, user: str) -> Role:
        groups = self._places(self._roster.source).rights
        if asks_a_right(request.verb, request.arguments):
            return await role_of(self._roster, user, groups)
        return seeming_role(self._roster, user, groups)

    async def _groups(self, request: Request, user: str, role: Role) -> frozenset[str]:
        """What makes somebody a giver, where that is of use to them."""
        givers = self._places(self._roster.source).givers
        if request.verb == "help":
            return seeming_groups(self._roster, user, givers)
        if request.verb != "grant" or may(role, "grant"):
            return frozenset()
        return await groups_of(self._roster, user, givers)

    async def show(self, answer: Answer, where: Where) -> None:
        """Bring an answer and its notes to the person."""
        try:
            if answer.form is not None and where.trigger is not None:
                view = forms.modal(answer.form, where.channel, self._speaking_to(where.user))
                await self._client.views_open(trigger_id=where.trigger, view=view)
            else:
                card = answer.card if answer.said is None else naming(answer.card, await self._say(answer.said, where))
                await self._bring(card, where, private=answer.private, over=answer.replace and where.over)
            for card in (*await self._handed(answer, where), *answer.notes[:MOST_NOTES]):
                await self._bring(card, where, private=True, over=False)
        except TROUBLE as error:
            why = code(error) if isinstance(error, SlackApiError) else type(error).__name__
            self._log.warning("slack.answer_not_shown", error=why)

    async def _say(self, card: Card, where: Where) -> str:
        """For everybody in the channel; its id, or "" where it could not be said."""
        text, shown = blocks.render(card, self._roster.source)
        try:
            sent = await self._client.chat_postMessage(
                channel=where.channel or "", text=text, blocks=shown, thread_ts=where.thread
            )
        except TROUBLE as error:
            why = code(error) if isinstance(error, SlackApiError) else type(error).__name__
            self._log.warning("slack.not_said", error=why)
            await self._bring(trouble.not_said(self._speaking_to(where.user), "slack"), where, private=True, over=False)
            return ""
        return str(sent["ts"])

    async def _handed(self, answer: Answer, where: Where) -> list[Card]:
        """What to say about the files of an answer, once they are handed over."""
        if not answer.files:
            return []
        t = self._speaking_to(where.user)
        try:
            return [await files.hand_over(self._client, where.user, answer.files, t)]
        except TROUBLE as error:
            why = code(error) if isinstance(error, SlackApiError) else type(error).__name__
            self._log.warning("slack.file_not_handed_over", error=why)
            return [trouble.not_handed(t)]

    def window(self, card: Card, where: Where) -> Json:
        """The card as a window, in the person's language."""
        return blocks.modal(card, self._roster.source, self._speaking_to(where.user))

    async def _bring(self, card: Card, where: Where, *, private: bool, over: bool) -> None:
        card = linked(card, self._roster.source, self._roster.address)
        if where.url is not None:
            await self._respond(card, where, private=private, over=over)
        elif where.channel is not None:
            await self._speak(card, where, private=private)
        elif where.trigger is not None:
            await self._client.views_open(trigger_id=where.trigger, view=self.window(card, where))

    async def _respond(self, card: Card, where: Where, *, private: bool, over: bool) -> None:
        text, shown = blocks.render(card, self._roster.source, self._speaking_to(where.user))
        body: Json = {"text": text, "replace_original": over}
        if not over:
            body["response_type"] = "ephemeral" if private else "in_channel"
            body |= {"thread_ts": where.thread} if where.thread else {}
        picture = await self._pictures.block(card, PICTURE_SECONDS)
        status = await self._answered(where, body | {"blocks": blocks.with_picture(shown, picture)})
        if status != 200 and picture is not None:
            self._pictures.leave_out("Slack does not show it")
            status = await self._answered(where, body | {"blocks": shown})
        if status != 200:
            self._log.warning("slack.answer_not_shown", status=status)

    async def _answered(self, where: Where, body: Json) -> int:
        hook = AsyncWebhookClient(where.url or "", timeout=10, logger=sdk_logger())
        if self._local:
            hook.proxy = None
        return (await hook.send_dict(body)).status_code

    async def _speak(self, card: Card, where: Where, *, private: bool) -> None:
        text, shown = blocks.render(card, self._roster.source, self._speaking_to(where.user))
        more: dict[str, Any] = {"text": text, "blocks": shown}
        if where.thread:
            more["thread_ts"] = where.thread
        if private:
            await self._client.chat_postEphemeral(channel=where.channel or "", user=where.user, **more)
        else:
            await self._client.chat_postMessage(channel=where.channel or "", **more)
