"""Who is in the server: names, bots and roles, for the boards and cards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

import discord

from adapters.discord.normalise import account_of, join_statement
from adapters.discord.rooms import source_of
from core.errors import StorageUnavailable
from core.events import Statement
from core.ports import Inbox, Notebook, Person

_AT_ONCE = 500
PresentIn = Callable[[str], Awaitable[Sequence[Person]]]
"""Whom the core believes to be in a server (`discord:987`)."""
Remember = Callable[[Sequence[Statement]], Awaitable[object]]
"""Takes what happened before anybody listened: it counts, and is no news."""


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

    def __init__(
        self, inbox: Inbox, notebook: Notebook, present_in: PresentIn | None = None, remember: Remember | None = None
    ) -> None:
        self._inbox = inbox
        self._notebook = notebook
        self._present_in = present_in
        self._remember = remember

    async def look_back(self, guild: discord.Guild) -> bool:
        """Once for each server: since when everybody is there who came before the bot. Whether it is stored."""
        key = f"discord:members:{guild.id}"
        try:
            if self._remember is None or not guild.chunked or await self._notebook.read(key) is not None:
                return True
            joined = [said for member in guild.members if (said := join_statement(member, missed=True)) is not None]
            for start in range(0, len(joined), _AT_ONCE):
                await self._remember(joined[start : start + _AT_ONCE])
            await self._notebook.write({key: str(len(joined))})
        except StorageUnavailable:
            return False
        return True

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
