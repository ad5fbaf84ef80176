"""A question that came as an interaction, and its answer. Commands and buttons share it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord
from structlog.typing import FilteringBoundLogger

from adapters.discord import forms
from adapters.discord.embeds import Rendered, render
from adapters.discord.moments import made_at
from adapters.discord.normalise import account_of, person_facts, room_facts
from adapters.discord.pictures import picture_of
from adapters.discord.roles import find_role
from adapters.discord.rooms import room_of, source_of
from core import trouble
from core.cards import Card, note
from core.errors import PlauditError, StorageUnavailable
from core.events import Statement, Value
from core.language import Language
from core.pictures import Draw, no_picture
from core.places import PlacesOf
from core.ports import Desk, Inbox
from core.requests import Answer, Request, Suggestion, naming
from core.rights import Role, mightiest

_TRIES = 4  # to write the question down; a person waits
_PAUSE = 0.25  # seconds, doubled each time
_SUGGESTIONS = 25
_FORM_SECONDS = 2.2
_CHOICE_LIMIT = 100


class Answers:
    """Turns interactions into requests, asks the desk, shows what it says."""

    def __init__(
        self, inbox: Inbox, desk: Desk, places: PlacesOf, log: FilteringBoundLogger, draw: Draw = no_picture
    ) -> None:
        self._inbox = inbox
        self._draw = draw
        self._desk = desk
        self._places = places
        self._log = log

    def request(self, asked: discord.Interaction, verb: str, arguments: Mapping[str, str]) -> Request:
        """The question in the core's words. Rights are read from this very interaction."""
        source = source_of(asked.guild_id or 0)
        return Request(
            id=str(asked.id),
            source=source,
            account=account_of(source, asked.user.id),
            verb=verb,
            at=made_at(asked.id),
            arguments=arguments,
            role=self._role(asked),
            groups=self._groups(asked) if verb in ("grant", "help") else frozenset(),
            channel=str(asked.channel_id) if asked.channel_id else None,
            locale=asked.locale.value,
            there=room_facts(room) if (room := room_of(asked.channel)) is not None else {},
        )

    async def ask(self, asked: discord.Interaction, verb: str, arguments: Mapping[str, str]) -> Answer:
        """The desk's answer; that the command was used is stored before."""
        return await self._ask(asked, self.request(asked, verb, arguments), note_use=True)

    async def settle(self, asked: discord.Interaction, verb: str, arguments: Mapping[str, str]) -> Answer:
        """The answer to a form: opening it was the command, and what it says is for the desk alone."""
        return await self._ask(asked, self.request(asked, verb, arguments), note_use=False)

    async def open(self, asked: discord.Interaction, verb: str, arguments: Mapping[str, str]) -> None:
        """Shows a form, which must be the first answer, and within three seconds; else what the desk says instead."""
        try:
            async with asyncio.timeout(_FORM_SECONDS):
                answer = await self.ask(asked, verb, arguments)
        except TimeoutError:
            answer = Answer(trouble.not_stored(self._speaking_to(asked)))
        if answer.form is None:
            await asked.response.defer(ephemeral=True, thinking=True)
            await self.show(asked, answer)
            return
        await asked.response.send_modal(forms.modal(answer.form))
        await self.add_notes(asked, answer)

    async def _ask(self, asked: discord.Interaction, request: Request, *, note_use: bool) -> Answer:
        verb = request.verb
        try:
            if note_use:
                await self._write_down(_used(asked, request))
            return await self._desk.answer(request)
        except StorageUnavailable:
            return Answer(trouble.not_stored(self._speaking_to(asked)))
        except PlauditError as error:
            return Answer(note(str(error), tone="error"))
        except Exception:  # noqa: BLE001 -- the platform's error hook: a word to the person, the trace to the log
            self._log.exception("discord: a command failed", verb=verb)
            return Answer(trouble.failed(self._speaking_to(asked)))

    def _speaking_to(self, asked: discord.Interaction) -> Language:
        return self._desk.speaking_to(account_of(source_of(asked.guild_id or 0), asked.user.id))

    async def suggest(self, asked: discord.Interaction, verb: str, argument: str, typed: str) -> list[Suggestion]:
        """What to offer while somebody types; nothing where that fails, for it cannot be deferred."""
        try:
            found = await self._desk.suggest(self.request(asked, verb, {}), argument, typed)
        except Exception:  # noqa: BLE001 -- the platform's error hook: typing goes on without suggestions
            self._log.exception("discord: no suggestions", verb=verb)
            return []
        fitting = [s for s in found if 0 < len(s.value) <= _CHOICE_LIMIT and s.label]
        return [Suggestion(s.value, s.label[:_CHOICE_LIMIT]) for s in fitting[:_SUGGESTIONS]]

    async def show(self, asked: discord.Interaction, answer: Answer) -> None:
        """Fills the deferred private answer. A public one is said in the channel instead; notes follow privately."""
        if answer.said is not None:
            answer = replace(answer, card=naming(answer.card, await self._say(asked, answer.said)))
        if answer.private:
            await self.fill(asked, answer)
        else:
            shown = self._render(asked, answer.card)
            # The first follow-up would fill the deferred private answer, so that one gets its word first.
            await asked.edit_original_response(content=trouble.said_below(self._speaking_to(asked)))
            await asked.followup.send(**follow_up(shown))
        await self.add_notes(asked, answer)

    async def fill(self, asked: discord.Interaction, answer: Answer) -> None:
        """The answer in place of what stands there: its words at once, then its picture, if there is one."""
        await asked.edit_original_response(**original(self._render(asked, answer.card)), attachments=[])
        if (file := await picture_of(answer.card, self._draw)) is None:
            return
        try:
            await asked.edit_original_response(attachments=[file])
        except discord.HTTPException as error:
            self._log.warning("discord: a picture was left out", reason=str(error))

    async def _say(self, asked: discord.Interaction, card: Card) -> str:
        """For everybody in the channel; its id, or "" where it could not be said."""
        shown = render(card, source_of(asked.guild_id or 0), _emojis(asked))
        try:
            if isinstance(asked.channel, discord.abc.Messageable):
                return str((await asked.channel.send(**follow_up(shown))).id)
        except discord.HTTPException as error:
            self._log.warning("discord: not said in the channel", reason=str(error))
        told = render(trouble.not_said(self._speaking_to(asked), "discord"), source_of(asked.guild_id or 0))
        await asked.followup.send(told.content or "", ephemeral=True)
        return ""

    async def add(self, asked: discord.Interaction, answer: Answer) -> None:
        """The answer as a message of its own."""
        shown = self._render(asked, answer.card)
        await asked.followup.send(**follow_up(shown), ephemeral=answer.private)
        await self.add_notes(asked, answer)

    async def add_notes(self, asked: discord.Interaction, answer: Answer) -> None:
        """What waited for this person, and their files, privately."""
        for card in answer.notes:
            shown = self._render(asked, card)
            await asked.followup.send(**follow_up(shown), ephemeral=True)
        for file in answer.files:
            await asked.followup.send(file=discord.File(io.BytesIO(file.content), file.name), ephemeral=True)

    def _render(self, asked: discord.Interaction, card: Card) -> Rendered:
        return render(card, source_of(asked.guild_id or 0), _emojis(asked), self._speaking_to(asked))

    def _role(self, asked: discord.Interaction) -> Role:
        """Manage Server makes an admin (administrators hold everything); else the roles that the book names."""
        if asked.permissions.manage_guild or asked.permissions.administrator:
            return "admin"
        guild, user = asked.guild, asked.user
        if guild is None or not isinstance(user, discord.Member):
            return "member"
        named = self._places(source_of(guild.id)).rights
        return mightiest(lambda role: role in named and find_role(guild, named[role]) in user.roles)

    def _groups(self, asked: discord.Interaction) -> frozenset[str]:
        """What makes somebody a giver: the roles that the book names for it and that they have."""
        guild, user = asked.guild, asked.user
        if guild is None or not isinstance(user, discord.Member):
            return frozenset()
        named = self._places(source_of(guild.id)).givers
        return frozenset(name for name in named if find_role(guild, name) in user.roles)

    async def _write_down(self, used: Statement) -> None:
        for attempt in range(_TRIES):
            try:
                await self._inbox.take([used])
            except StorageUnavailable:
                if attempt == _TRIES - 1:
                    raise
                await asyncio.sleep(_PAUSE * 2**attempt)
            else:
                return


def _used(asked: discord.Interaction, request: Request) -> Statement:
    room = room_of(asked.channel)
    facts: dict[str, Value] = {"command": request.verb}
    if room is not None:
        facts |= room_facts(room)
    elif request.channel is not None:
        facts["channel_id"] = request.channel
    facts |= person_facts(asked.user)
    id_ = f"command:{request.id}"
    return Statement(request.source, id_, request.at, "command.used", actor=request.account, facts=facts)


def _emojis(asked: discord.Interaction) -> dict[str, str]:
    guild = asked.guild
    return {emoji.name: str(emoji) for emoji in guild.emojis} if guild is not None else {}


def original(shown: Rendered) -> dict[str, Any]:
    """Everything of a message, so that nothing of an earlier one stays."""
    return {
        "content": shown.content,
        "embed": shown.embed,
        "view": shown.view(),
        "allowed_mentions": shown.allowed_mentions,
    }


def follow_up(shown: Rendered) -> dict[str, Any]:
    """The same for a new message, where absent parts must be left out."""
    return {key: value for key, value in original(shown).items() if value is not None}
