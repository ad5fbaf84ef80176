"""User groups as roles. Slack only replaces the whole list of a group's members, and no list may be empty. What begins
with # is a channel."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.doors import Doors, is_channel
from adapters.slack.payloads import Group
from adapters.slack.roster import Roster
from adapters.slack.web import TROUBLE, refusal
from core.errors import RetryLater, Undeliverable


class Roles:
    """Read, modify, write, one at a time per group: two badges at once must not overwrite each other."""

    def __init__(self, client: AsyncWebClient, roster: Roster) -> None:
        self._client = client
        self._roster = roster
        self._doors = Doors(client, roster)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def set(self, user: str, wanted: frozenset[str], managed: frozenset[str]) -> None:
        """Put the person into `wanted` among `managed` and out of the others. Raises RetryLater as soon as Slack asks
        to wait, and Undeliverable at the end for what cannot be done."""
        channels = frozenset(filter(is_channel, wanted | managed))
        faults = await self._doors.set(user, wanted & channels, channels)
        await self._read_groups((wanted | managed) - channels)
        for name in sorted((wanted | managed) - channels):
            group = self._roster.find_group(name)
            if group is None:
                faults += [_missing(name)] if name in wanted else []
                continue
            try:
                await self._set_one(group.id, user, member=name in wanted)
            except Undeliverable as refused:
                faults.append(f'User group "{name}": {refused}')
        if faults:
            raise Undeliverable(" ".join(dict.fromkeys(faults)))

    async def _read_groups(self, names: frozenset[str]) -> None:
        """Look again where one is missing: it may have been made since."""
        if any(self._roster.find_group(name) is None for name in names):
            try:
                await self._roster.load_groups()
            except TROUBLE as error:
                raise _reason(error) from error

    async def _set_one(self, which: str, user: str, *, member: bool) -> None:
        async with self._locks[which]:
            try:
                group = self._roster.groups[which]
                current = await self._roster.members(group)
                if (user in current) == member:
                    return
                users = [*current, user] if member else [u for u in current if u != user]
                await self._write(group, users)
            except TROUBLE as error:
                raise _reason(error) from error

    async def _write(self, group: Group, users: list[str]) -> None:
        """Members first, then the switch: a crash in between leaves a disabled group, which counts as empty."""
        disabled = group.disabled
        if users:
            await self._client.usergroups_users_update(usergroup=group.id, users=users)
            if disabled:
                await self._client.usergroups_enable(usergroup=group.id)
        else:
            await self._client.usergroups_disable(usergroup=group.id)
        update = {"users": tuple(users), "date_delete": 0 if users else 1}
        await self._roster.keep_group(group.model_copy(update=update))


def _missing(name: str) -> str:
    return (
        f'There is no user group "{name}" in this Slack workspace. Create it under People → User groups, '
        "or name another one under [roles] in rules.toml."
    )


def _reason(error: Exception) -> Exception:
    reason = refusal(error)
    return reason if isinstance(reason, RetryLater | Undeliverable) else RetryLater(10.0, str(reason))
