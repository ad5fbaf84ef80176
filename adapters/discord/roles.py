"""Roles that rules give: which one is meant, whether the bot may give it, and giving it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable

import discord

from core.errors import Undeliverable

UNKNOWN_MEMBER = 10007  # Discord's own code

# Whoever holds one of these can harm the server: no rule may hand them out.
DANGEROUS = (
    "administrator", "manage_guild", "manage_roles", "manage_channels", "manage_webhooks", "manage_messages",
    "manage_threads", "manage_nicknames", "manage_expressions", "manage_events", "kick_members", "ban_members",
    "moderate_members", "mention_everyone", "mute_members", "deafen_members", "move_members", "view_audit_log",
)  # fmt: skip


def find_role(guild: discord.Guild, wanted: str) -> discord.Role | None:
    """The role with this id or name (a leading @ and capitals do not matter, an exact name comes first)."""
    if wanted.isdigit() and (role := guild.get_role(int(wanted))) is not None:
        return role
    name = wanted.removeprefix("@")
    exact = discord.utils.get(guild.roles, name=name)
    return exact or next((r for r in guild.roles if r.name.casefold() == name.casefold()), None)


def role_fault(guild: discord.Guild, wanted: str) -> str | None:
    """Why the bot cannot or will not give the role, and what to do; None if it can."""
    role = find_role(guild, wanted)
    if role is None:
        return (
            f"Discord server {guild.name!r}: there is no role {wanted!r}. Create it, or name another one in"
            " rules.toml under [roles]."
        )
    return _danger(role) or _unmanageable(role)


def _danger(role: discord.Role) -> str | None:
    held = [right for right in DANGEROUS if getattr(role.permissions, right, False)]
    if not held:
        return None
    rights = ", ".join(right.replace("_", " ") for right in held)
    return (
        f"Discord server {role.guild.name!r}: the role {role.name!r} is refused, because it carries {rights}."
        " Take these permissions from the role, or let the rule give a harmless one."
    )


def _unmanageable(role: discord.Role) -> str | None:
    guild = role.guild
    where = f"Discord server {guild.name!r}: I cannot give the role {role.name!r}"
    if role.managed or role.is_default():
        return f"{where}, it belongs to an integration or to everyone. Name another role in rules.toml."
    if not guild.me.guild_permissions.manage_roles:
        return f"{where}, I lack the permission Manage Roles. Allow it for my role in Server Settings, Roles."
    if role >= guild.me.top_role:
        mine = guild.me.top_role.name
        return f"{where}, it stands above mine. In Server Settings, Roles, drag {mine!r} above {role.name!r}."
    return None


class RoleKeeper:
    """Changes members' roles: read, decide, one PATCH, and nothing where nothing changes."""

    def __init__(self) -> None:
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def set_roles(self, guild: discord.Guild, user: int, wanted: frozenset[str], managed: frozenset[str]) -> None:
        """Gives what can be given in one request, then raises Undeliverable for what cannot."""
        lock = self._locks[user]
        async with lock:
            member = await _member(guild, user)
            faults = await self._apply(member, wanted, managed)
        if not lock.locked():
            self._locks.pop(user, None)
        if faults:
            raise Undeliverable("\n".join(faults))

    async def _apply(self, member: discord.Member, wanted: frozenset[str], managed: frozenset[str]) -> list[str]:
        guild, held = member.guild, {role for role in member.roles if not role.is_default()}
        give, faults = _sorted_out(guild, (name for name in sorted(wanted)), held)
        keep = {role for name in wanted if (role := find_role(guild, name)) is not None}
        ours = {role for name in managed if (role := find_role(guild, name)) is not None}
        take = (ours - keep) & held
        stuck = {role for role in take if _unmanageable(role)}
        faults += [fault for role in sorted(stuck) if (fault := _unmanageable(role))]
        after = (held | give) - (take - stuck)
        if after != held:
            await member.edit(roles=sorted(after), reason="Plaudit: achievements changed")
        return faults


def _sorted_out(
    guild: discord.Guild, wanted: Iterable[str], held: set[discord.Role]
) -> tuple[set[discord.Role], list[str]]:
    """The roles to give, and why others cannot be. What is held already is nobody's trouble."""
    give: set[discord.Role] = set()
    faults: list[str] = []
    for name in wanted:
        role = find_role(guild, name)
        if role is not None and role in held:
            continue
        fault = role_fault(guild, name)
        if fault is not None or role is None:
            faults.append(fault or name)
        else:
            give.add(role)
    return give, faults


async def _member(guild: discord.Guild, user: int) -> discord.Member:
    """As Discord shows them now: all their roles are written back, so an old picture could take one that is new."""
    try:
        return await guild.fetch_member(user)
    except discord.NotFound as error:
        if error.code == UNKNOWN_MEMBER or guild.get_member(user) is None:
            raise Undeliverable(f"This person is no longer in the Discord server {guild.name!r}.") from None
        unanswered: discord.HTTPException = error
    except discord.HTTPException as error:
        unanswered = error
    known = guild.get_member(user)
    if known is None or unanswered.status >= 500 or unanswered.status == 429:
        raise unanswered
    return known  # the server does not answer such questions; what the gateway told is the next best
