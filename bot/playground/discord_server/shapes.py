"""Builders of Discord's objects in full wire shape. All pure: ids and times are arguments."""

from collections.abc import Iterable

from bot.playground.discord_server.ids import time_of
from bot.playground.discord_server.wire import ChannelType, Json

STAGE_EVENT, VOICE_EVENT, EXTERNAL_EVENT = 1, 2, 3  # kinds of scheduled events

# The many fields of a guild that this world leaves empty.
_GUILD_ABSENT = (
    *("icon", "splash", "discovery_splash", "banner", "description", "afk_channel_id", "application_id"),
    *("system_channel_id", "rules_channel_id", "vanity_url_code", "public_updates_channel_id"),
)
_GUILD_ZEROS = (
    *("verification_level", "default_message_notifications", "explicit_content_filter", "mfa_level"),
    *("system_channel_flags", "premium_tier", "nsfw_level", "premium_subscription_count"),
)
_GUILD_LISTS = (
    *("roles", "emojis", "features", "stickers", "members", "channels", "threads", "presences"),
    *("voice_states", "stage_instances", "guild_scheduled_events", "soundboard_sounds"),
)


def user(user_id: str, name: str, *, is_bot: bool = False) -> Json:
    """A user; people get a display name, bots have none."""
    shape: Json = {
        "id": user_id,
        "username": name,
        "discriminator": "0",
        "global_name": None if is_bot else name.title(),
        "avatar": None,
        "public_flags": 0,
        "flags": 0,
        "accent_color": None,
        "banner": None,
        "avatar_decoration_data": None,
        "clan": None,
        "collectibles": None,
        "display_name_styles": None,
        "primary_guild": None,
    }
    return {**shape, "bot": True} if is_bot else shape


def private_user(of: Json) -> Json:
    """A user as that user sees itself."""
    return {
        **of,
        "mfa_enabled": True,
        "locale": "en-US",
        "verified": True,
        "email": None,
        "premium_type": 0,
    }


def guild(guild_id: str, name: str, owner_id: str) -> Json:
    """A guild as GUILD_CREATE carries it, still without roles, members and channels."""
    return {
        **dict.fromkeys(_GUILD_ABSENT),
        **dict.fromkeys(_GUILD_ZEROS, 0),
        **{key: [] for key in _GUILD_LISTS},
        "id": guild_id,
        "name": name,
        "owner_id": owner_id,
        "region": "deprecated",
        "afk_timeout": 300,
        "preferred_locale": "en-US",
        "nsfw": False,
        "premium_progress_bar_enabled": False,
        "max_members": 500_000,
        "joined_at": time_of(guild_id),
        "large": False,
        "unavailable": False,
        "member_count": 0,
    }


def guild_over_rest(of: Json, *, with_counts: bool) -> Json:
    """The same guild as GET /guilds/{id} answers it: settings yes, members and channels no."""
    gateway_only = {"members", "channels", "threads", "presences", "voice_states", "stage_instances"}
    gateway_only |= {"guild_scheduled_events", "soundboard_sounds", "joined_at", "large", "unavailable"}
    shape = {key: value for key, value in of.items() if key not in gateway_only | {"member_count"}}
    absent = (
        "home_header",
        "widget_channel_id",
        "max_presences",
        "safety_alerts_channel_id",
        "incidents_data",
    )
    shape |= dict.fromkeys(absent)
    shape |= {"widget_enabled": False, "max_stage_video_channel_users": 50, "max_video_channel_users": 25}
    if with_counts:
        shape |= {"approximate_member_count": of["member_count"], "approximate_presence_count": 1}
    return shape


def role(role_id: str, name: str, permissions: int, position: int, *, bot_id: str | None = None) -> Json:
    """A role; with `bot_id` the managed role that a bot brings along."""
    shape: Json = {
        "id": role_id,
        "name": name,
        "permissions": str(permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": bot_id is not None,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "description": None,
        "flags": 0,
    }
    return {**shape, "tags": {"bot_id": bot_id}} if bot_id else shape


def channel(channel_id: str, guild_id: str, name: str, kind: ChannelType, position: int) -> Json:
    """A channel of a guild. Forums carry their tags, places to talk how many may come and how well they sound."""
    shape: Json = {
        "id": channel_id,
        "type": int(kind),
        "guild_id": guild_id,
        "name": name,
        "position": position,
        "permission_overwrites": [],
        "topic": None,
        "nsfw": False,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "parent_id": None,
        "flags": 0,
    }
    if kind in (ChannelType.VOICE, ChannelType.STAGE):
        return {**shape, "bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    return {**shape, "available_tags": []} if kind is ChannelType.FORUM else shape


def dm_channel(channel_id: str, recipient: Json) -> Json:
    """The private channel between the bot and one person."""
    kind = int(ChannelType.DM)
    return {"id": channel_id, "type": kind, "flags": 0, "last_message_id": None, "recipients": [recipient]}


def thread(thread_id: str, parent: Json, owner_id: str, name: str, at: str) -> Json:
    """A public thread under `parent`, just opened by `owner_id`."""
    shape: Json = {
        "id": thread_id,
        "type": int(ChannelType.PUBLIC_THREAD),
        "guild_id": parent["guild_id"],
        "name": name,
        "parent_id": parent["id"],
        "owner_id": owner_id,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "flags": 0,
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "thread_metadata": {
            "archived": False,
            "archive_timestamp": at,
            "auto_archive_duration": 1440,
            "locked": False,
            "create_timestamp": at,
        },
    }
    return {**shape, "applied_tags": []} if parent["type"] == ChannelType.FORUM else shape


def member(of: Json, roles: Iterable[str], joined_at: str) -> Json:
    """A membership of a guild."""
    absent = ("nick", "avatar", "banner", "premium_since", "communication_disabled_until")
    flags = {"deaf": False, "mute": False, "pending": False, "flags": 0}
    return {"user": of, "roles": list(roles), "joined_at": joined_at, **dict.fromkeys(absent), **flags}


def bare_member(of: Json) -> Json:
    """A membership without its user, as messages and `resolved` carry it."""
    return {key: value for key, value in of.items() if key != "user"}


def message(message_id: str, channel_id: str, author: Json, content: str) -> Json:
    """A plain message; the moment it was sent is the one in its id."""
    lists = ("mentions", "mention_roles", "attachments", "embeds", "components")
    return {
        **{key: [] for key in lists},
        "id": message_id,
        "channel_id": channel_id,
        "author": author,
        "content": content,
        "timestamp": time_of(message_id),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "pinned": False,
        "type": 0,
        "flags": 0,
    }


def emoji(text: str) -> Json:
    """The emoji behind its address: "👍" for a unicode one, "name:id" for one of the guild's own."""
    name, _, emoji_id = text.partition(":")
    return {"id": emoji_id, "name": name, "animated": False} if emoji_id else {"id": None, "name": text}


def custom_emoji(emoji_id: str, name: str) -> Json:
    """An emoji a guild made itself."""
    flags = {"require_colons": True, "managed": False, "animated": False, "available": True}
    return {"id": emoji_id, "name": name, "roles": [], **flags}


def attachment(attachment_id: str, filename: str, size: int = 0, said: str | None = None) -> Json:
    """A file that came with a message. `said`: its description for screen readers."""
    address = f"http://127.0.0.1/attachments/{attachment_id}/{filename}"
    described = {} if said is None else {"description": said}
    return {"id": attachment_id, "filename": filename, "size": size, "url": address, "proxy_url": address, **described}


def voice_state(channel_id: str | None, user_id: str, session_id: str, *, deaf: bool = False) -> Json:
    """Where somebody is and what they hear, as GUILD_CREATE carries it."""
    flags = ("deaf", "mute", "self_mute", "self_stream", "self_video", "suppress")
    return {
        **dict.fromkeys(flags, False),
        "channel_id": channel_id,
        "user_id": user_id,
        "session_id": session_id,
        "self_deaf": deaf,
        "request_to_speak_timestamp": None,
    }


def scheduled_event(event_id: str, guild_id: str, name: str, kind: int, *, creator: str, starts: str) -> Json:
    """An event that is planned; the channel is still to be filled in."""
    absent = ("description", "channel_id", "image", "scheduled_end_time", "entity_id", "recurrence_rule")
    return {
        **dict.fromkeys(absent),
        "id": event_id,
        "guild_id": guild_id,
        "name": name,
        "creator_id": creator,
        "scheduled_start_time": starts,
        "status": 1,
        "entity_type": kind,
        "entity_metadata": None,
        "privacy_level": 2,
        "guild_scheduled_event_exceptions": [],
    }


def poll(question: str, answers: Iterable[str], ends: str, *, multiple: bool) -> Json:
    """A poll as its message carries it; nobody has voted yet."""
    media = ({"text": answer} for answer in answers)
    return {
        "question": {"text": question},
        "answers": [{"answer_id": number, "poll_media": text} for number, text in enumerate(media, 1)],
        "expiry": ends,
        "allow_multiselect": multiple,
        "layout_type": 1,
        "results": {"answer_counts": [], "is_finalized": False},
    }
