"""Builders of the events that the app is told about. Pure: state in, payload out."""

from copy import deepcopy
from typing import Any

from . import shapes
from .errors import Json
from .world import World


def envelope(world: World, event: Json, event_id: str) -> Json:
    """What surrounds every event."""
    me = world.me
    bot = {"enterprise_id": None, "team_id": me.team_id, "user_id": me.bot_user, "is_bot": True}
    return {
        "token": "playground",
        "team_id": me.team_id,
        "api_app_id": me.app_id,
        "type": "event_callback",
        "event": event,
        "event_id": event_id,
        "event_time": int(world.ticker.seconds()),
        "is_ext_shared_channel": False,
        "event_context": "4-playground",
        "authorizations": [{**bot, "is_enterprise_install": False}],
    }


def posted(world: World, channel: str, message: Json) -> Json:
    """A new message, whatever its subtype."""
    keys = {
        "thread_broadcast": shapes.BROADCAST,
        "channel_join": shapes.JOINED,
        "channel_leave": shapes.JOINED,
        "huddle_thread": shapes.HUDDLE,
    }
    told = {**message, "channel": channel, "channel_type": world.kind(channel), "event_ts": message["ts"]}
    return shapes.pick(told, keys.get(message.get("subtype", ""), shapes.EVENT))


def _hidden(world: World, channel: str, subtype: str, **more: Any) -> Json:
    ts = world.ticker.ts()
    event: Json = {"type": "message", "subtype": subtype, "channel": channel, "hidden": True}
    return {**event, "channel_type": world.kind(channel), "ts": ts, "event_ts": ts, **more}


def changed(world: World, channel: str, now: Json, before: Json) -> Json:
    """An edit; also a deleted root of a thread, whose `now` is the tombstone."""
    nested = {
        "message": shapes.pick(now, shapes.NESTED),
        "previous_message": shapes.pick(before, shapes.NESTED),
    }
    return _hidden(world, channel, "message_changed", **nested)


def deleted(world: World, channel: str, before: Json) -> Json:
    was = shapes.pick(before, shapes.NESTED)
    return _hidden(world, channel, "message_deleted", deleted_ts=before["ts"], previous_message=was)


def reaction(world: World, kind: str, channel: str, message: Json, user: str, name: str) -> Json:
    """`kind` is reaction_added or reaction_removed."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item_user": message["user"],
        "item": {"type": "message", "channel": channel, "ts": message["ts"]},
        "event_ts": world.ticker.ts(),
    }


def membership(world: World, kind: str, channel: str, user: str, inviter: str | None = None) -> Json:
    """`kind` is member_joined_channel or member_left_channel."""
    event: Json = {"type": kind, "user": user, "channel": channel, "team": world.me.team_id}
    event |= {"channel_type": "C" if world.kind(channel) == "channel" else "G", "event_ts": world.ticker.ts()}
    return event | ({"inviter": inviter} if inviter else {})


def huddle(world: World, user: str, call: str) -> list[Json]:
    """Somebody's state has changed: the same in two events. The call is in events only, not in answers."""
    now = world.ticker.ts()
    shown = deepcopy(world.users[user])
    shown["profile"]["huddle_state_call_id"] = call
    more = {"cache_ts": int(world.ticker.seconds())}
    return [
        {"type": "user_huddle_changed", "user": shown, **more, "event_ts": now},
        {"type": "user_change", "user": shown, **more},
    ]


def mention(channel: str, message: Json) -> Json:
    told = {**message, "channel": channel, "event_ts": message["ts"]}
    return {"type": "app_mention", **shapes.pick(told, shapes.MENTION)}


def home_opened(world: World, user: str) -> Json:
    event: Json = {"type": "app_home_opened", "user": user, "channel": world.direct(user), "tab": "home"}
    home = world.homes.get(user)
    shown = {"view": shapes.pick(home.body, shapes.VIEW)} if home else {}
    return {**event, "event_ts": world.ticker.ts(), **shown}


def group_changed(world: World, kind: str, group: Json) -> Json:
    """`kind` is subteam_created or subteam_updated."""
    return {"type": kind, "subteam": shapes.pick(group, shapes.GROUP), "event_ts": world.ticker.ts()}


def group_members(world: World, group: Json, before: list[str]) -> Json:
    added = [u for u in group["users"] if u not in before]
    removed = [u for u in before if u not in group["users"]]
    return {
        "type": "subteam_members_changed",
        "subteam_id": group["id"],
        "team_id": world.me.team_id,
        "date_previous_update": group["date_update"],
        "date_update": int(world.ticker.seconds()),
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
        "event_ts": world.ticker.ts(),
    }
