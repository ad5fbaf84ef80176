"""Who is in the server: names, bots and roles, for the boards and cards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

import discord

from adapters.discord.normalise import account_of
from adapters.discord.rooms import source_of
from core.errors import StorageUnavailable
from core.ports import Inbox, Person

_AT_ONCE = 500
PresentIn = Callable[[str], Awaitable[Sequence[Person]]]
"""Whom the core believes to be in a server (`discord:987`)."""


def person_of(member: discord.Member, *, present: bool = True) -> Person:
    """A member as the core knows people. Discord tells nobody's time zone."""
    roles = tuple(role.name for role in member.roles if not role.is_default())
    account = account_of(source_of(member.guild.id), member.id)
    return Person(account, member.display_name, bot=member.bot, present=present, roles=roles)


def leaver(source: str, user: discord.User | discord.Member) -> Person:
    """Somebody who is gone."""
    return Person(account_of(source, user.id), user.display_name, bot=user.bot, present=False)


class Roster:
    """Hands people on to the core. What could not be stored is told again when the server is next opened."""

    def __init__(self, inbox: Inbox, present_in: PresentIn | None = None) -> None:
        self._inbox = inbox
        self._present_in = present_in

    async def part(self, guild: discord.Guild) -> list[str]:
        """Ids of those who left while nobody listened: remembered as gone from now on."""
        if self._present_in is None or not guild.chunked:  # without the whole list nobody can be missed
            return []
        known = {p.account.rpartition("/")[2]: p for p in await self._present_in(source_of(guild.id))}
        gone = {user: p for user, p in known.items() if user.isdigit() and guild.get_member(int(user)) is None}
        await self.meet([replace(p, present=False) for p in gone.values()])
        return list(gone)

    async def meet(self, people: Iterable[Person]) -> bool:
        """Whether all of them are remembered now."""
        everybody = list(people)
        try:
            for start in range(0, len(everybody), _AT_ONCE):
                await self._inbox.meet(everybody[start : start + _AT_ONCE])
        except StorageUnavailable:
            return False
        return True


def changed(before: discord.Member, after: discord.Member) -> bool:
    """Whether a member update is about what the core knows: the name or the roles."""
    return before.display_name != after.display_name or before.roles != after.roles
