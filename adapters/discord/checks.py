"""What must be right on Discord's side, and what to do where it is not. One line each, for the operator."""

from __future__ import annotations

import discord

from adapters.discord.invite import invite_url
from adapters.discord.roles import find_role, role_fault
from adapters.discord.rooms import find_channel
from adapters.discord.trouble import PASSING
from core.errors import ConfigurationError
from core.places import Places

_NEEDED = (
    "view_channel", "send_messages", "send_messages_in_threads", "read_message_history", "embed_links", "add_reactions",
)  # fmt: skip
_PORTAL = "in the Discord developer portal (your application, Bot, Privileged Gateway Intents)"

POLLS = "poll.voted"
VOICE = frozenset({"voice.session_ended", "event.attended"})
"""Types for which the bot has to see who is in which voice channel."""

LOGIN_REFUSED = (
    "DISCORD_TOKEN is refused by Discord. Copy the bot's token from the developer portal (your application, Bot,"
    " Reset Token) into .env."
)


def intents_for(places: Places) -> discord.Intents:
    """What the gateway shall tell us: message texts only where a rule asks for facts made from them, and who is in
    which voice channel, which events run and who votes only where a rule is about it. The latter need no switch."""
    return discord.Intents(
        guilds=True,
        members=True,
        moderation=True,
        guild_messages=True,
        guild_reactions=True,
        message_content=places.reads_text,
        voice_states=not places.watches.isdisjoint(VOICE),
        guild_scheduled_events="event.attended" in places.watches,
        guild_polls=POLLS in places.watches,
    )


async def portal_warnings(token: str, places: Places) -> list[str]:
    """One line each. Raises ConfigurationError for what the developer portal has to be asked for first."""
    probe = discord.Client(intents=discord.Intents.none())
    try:
        await probe.login(token)
        faults = intent_faults(probe.application_flags, places)
    except discord.LoginFailure:
        raise ConfigurationError(LOGIN_REFUSED) from None
    except (discord.HTTPException, *PASSING) as error:
        return [f"Discord does not answer ({type(error).__name__}). The bot will go on trying."]
    finally:
        await probe.close()
    if faults:
        raise ConfigurationError(*faults)
    return []


def intent_faults(flags: discord.ApplicationFlags, places: Places) -> list[str]:
    """The privileged intents that are needed and not switched on: without them the gateway closes with 4014."""
    faults = []
    if not (flags.gateway_guild_members or flags.gateway_guild_members_limited):
        faults.append(f"Switch on “Server Members Intent” {_PORTAL}: Plaudit needs to see who joins and leaves.")
    has_content = flags.gateway_message_content or flags.gateway_message_content_limited
    if places.reads_text and not has_content:
        faults.append(
            f"Switch on “Message Content Intent” {_PORTAL}: your rules ask for facts of message texts (length,"
            " links, …). Or leave such rules out."
        )
    return faults


def guild_faults(guild: discord.Guild, places: Places) -> list[str]:
    """Everything in one server that keeps the bot from doing what the book says. The bot goes on without it."""
    faults = [*_permission_faults(guild, places), *_channel_faults(guild, places)]
    wanted = dict.fromkeys(places.role(name) for name in places.given_roles)
    faults += [fault for name in wanted if (fault := role_fault(guild, name)) is not None]
    named = [*((f"{name}s", role) for name, role in places.rights.items()), *(("givers", r) for r in places.givers)]
    for what, role in (*named, *(("a team", r) for r in places.teams), ("staff", places.staff)):
        if role is not None and find_role(guild, role) is None:
            faults.append(
                f"Discord server {guild.name!r}: there is no role {role!r} for {what}. Create it, or name another"
                " one in rules.toml."
            )
    return faults


def _permission_faults(guild: discord.Guild, places: Places) -> list[str]:
    held = guild.me.guild_permissions
    needed = [*_NEEDED, *(["manage_roles"] if places.given_roles else [])]
    missing = [right.replace("_", " ") for right in needed if not getattr(held, right)]
    if not missing:
        return []
    link = invite_url(str(guild.me.id))
    return [f"Discord server {guild.name!r}: I lack the permissions {', '.join(missing)}. Invite me again with {link}"]


def _channel_faults(guild: discord.Guild, places: Places) -> list[str]:
    faults = []
    for purpose, wanted in places.channels.items():
        channel = find_channel(guild, wanted)
        if channel is None:
            faults.append(
                f"Discord server {guild.name!r}: there is no channel {wanted!r} for {purpose} that I can see."
                f" Create it, let me in, or change channels.{purpose} in rules.toml. Until then nothing is posted"
                " there."
            )
        elif not channel.permissions_for(guild.me).send_messages:
            faults.append(
                f"Discord server {guild.name!r}: I may not write in {wanted!r} ({purpose}). Give my role Send"
                " Messages there."
            )
    return faults


def history_fault(channel: discord.abc.GuildChannel | discord.Thread) -> str | None:
    """Why messages missed here cannot be read. Discord answers such a read with an empty list, not with an error."""
    rights = channel.permissions_for(channel.guild.me)
    if not rights.view_channel or rights.read_message_history:
        return None
    return (
        f"Discord server {channel.guild.name!r}: I may not read the history of #{channel.name}. What is written"
        " there while I am away will not count. Give my role Read Message History there."
    )
