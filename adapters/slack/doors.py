"""Channels that a badge opens: people are invited when they earn it, and taken out when it ends."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.roster import Roster
from adapters.slack.web import TROUBLE, code, refusal
from core.errors import RetryLater, Undeliverable

_DONE = frozenset({"already_in_channel", "not_in_channel", "cant_invite_self", "cant_kick_self"})


def is_channel(name: str) -> bool:
    """Whether what a rule gives is a channel, and no user group."""
    return name.startswith("#")


class Doors:
    def __init__(self, client: AsyncWebClient, roster: Roster) -> None:
        self._client = client
        self._roster = roster

    async def set(self, user: str, wanted: frozenset[str], managed: frozenset[str]) -> list[str]:
        """Let the person into `wanted` and out of the rest of `managed`. Returns what could not be done, with the
        remedy. Raises RetryLater."""
        faults = []
        for name in sorted(wanted | managed):
            fault = await self._let(user, name, inside=name in wanted)
            faults += [fault] if fault else []
        return faults

    async def _let(self, user: str, name: str, *, inside: bool) -> str:
        place = self._roster.find_place(name)
        if place is None or not (place.is_member or await self._joined(place.id)):
            return missing(name) if inside else ""
        if not inside and self._runs_the_workspace(user):
            return ""
        try:
            if inside:
                await self._client.conversations_invite(channel=place.id, users=user)
            else:
                await self._client.conversations_kick(channel=place.id, user=user)
        except TROUBLE as error:
            return _fault(error, name)
        return ""

    async def _joined(self, channel: str) -> bool:
        """Look again: the bot may have been invited since."""
        await self._roster.refresh_place(channel)
        found = self._roster.places.get(channel)
        return found is not None and found.is_member

    def _runs_the_workspace(self, user: str) -> bool:
        person = self._roster.people.get(user)
        return person is not None and (person.is_admin or person.is_owner)


def missing(name: str) -> str:
    """What to do about a channel that the bot cannot open."""
    return (
        f'There is no channel "{name}" that the bot is in. Create it as a private channel and invite the bot there '
        "(/invite @Plaudit), or name another one under [roles] in rules.toml."
    )


def _fault(error: Exception, name: str) -> str:
    """ "" where it was so already. Raises RetryLater for what will pass."""
    if isinstance(error, SlackApiError) and code(error) in _DONE:
        return ""
    reason = refusal(error)
    if isinstance(reason, Undeliverable):
        return f'Channel "{name}": {reason}'
    raise (reason if isinstance(reason, RetryLater) else RetryLater(10.0, str(reason))) from error
