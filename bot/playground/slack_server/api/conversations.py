"""conversations: channels, their members and their history."""

from decimal import Decimal

from .. import shapes
from ..errors import ApiError, Json
from .call import Call, Method

_KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im"}


def _show(call: Call, channel: str, leave_out: str = "") -> Json:
    shown = shapes.pick(call.world.channels[channel], shapes.CHANNEL)
    shown["is_member"] = call.world.bot_in(channel)
    shown["num_members"] = len(call.world.members[channel])
    return {k: v for k, v in shown.items() if k not in leave_out.split()}


def _list(call: Call) -> Json:
    call.desk.access.require(call.method)
    kinds = [_KINDS.get(word, "") for word in call.words("types")] or ["channel"]
    seen = [c for c in call.world.channels if _visible(call, c, kinds)]
    page, cursor = call.page(seen)
    return {"channels": [_show(call, c) for c in page], "response_metadata": {"next_cursor": cursor}}


def _visible(call: Call, channel: str, kinds: list[str]) -> bool:
    kind = call.world.kind(channel)
    if call.flag("exclude_archived") and call.world.channels[channel]["is_archived"]:
        return False
    return kind in kinds and (kind == "channel" or call.world.bot_in(channel))


def _info(call: Call) -> Json:
    channel = call.channel()
    hidden = "user" if call.flag("include_num_members") else "user num_members"
    return {"channel": _show(call, channel, hidden)}


def _members(call: Call) -> Json:
    page, cursor = call.page(call.world.members[call.channel()])
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def _between(call: Call, message: Json) -> bool:
    """Within oldest and latest, which count only with `inclusive`."""
    at = Decimal(message["ts"])
    oldest = Decimal(str(call.get("oldest") or 0))
    latest = Decimal(str(call.get("latest") or "99999999999"))
    return oldest <= at <= latest if call.flag("inclusive") else oldest < at < latest


def _top_level(message: Json) -> bool:
    return message.get("thread_ts", message["ts"]) == message["ts"] or message.get("subtype") == "thread_broadcast"


def _history(call: Call) -> Json:
    channel = call.joined_channel()
    found = [m for m in call.world.messages[channel] if _top_level(m) and _between(call, m)]
    page, cursor = call.page(found[::-1])
    more = {"response_metadata": {"next_cursor": cursor}} if cursor else {}
    shown = [_told(call, m, shapes.HISTORY) for m in page]
    return {"messages": shown, "has_more": bool(cursor), "pin_count": 0, **more}


def _told(call: Call, message: Json, keys: str) -> Json:
    shown = shapes.pick(message, keys)
    if not call.flag("include_all_metadata"):
        shown.pop("metadata", None)
    return shown


def _replies(call: Call) -> Json:
    """The root and its replies, oldest first; the root comes whatever oldest and latest say."""
    channel = call.joined_channel()
    root = _thread_root(call, channel)
    found = [m for m in call.world.replies(channel, root["ts"]) if _between(call, m)]
    page, cursor = call.page([root, *found])
    more = {"response_metadata": {"next_cursor": cursor}} if cursor else {}
    return {"messages": [_told(call, m, shapes.REPLIES) for m in page], "has_more": bool(cursor), **more}


def _thread_root(call: Call, channel: str) -> Json:
    try:
        return call.world.message(channel, call.need("ts"))
    except ApiError as missing:
        if missing.code != "message_not_found":
            raise
        raise ApiError("thread_not_found") from missing


def _join(call: Call) -> Json:
    call.desk.access.require(call.method)
    channel: str = call.world.place(call.need("channel"))["id"]
    if call.world.kind(channel) != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    call.desk.story.join(channel, call.desk.me.bot_user)
    return {"channel": _show(call, channel, "user num_members")}


def _invite(call: Call) -> Json:
    channel = call.joined_channel()
    users = call.words("users")
    if any(u not in call.world.users for u in users):
        raise ApiError("user_not_found")
    if set(users) <= set(call.world.members[channel]):
        raise ApiError("already_in_channel")
    for user in users:
        call.desk.story.join(channel, user, call.desk.me.bot_user)
    return {"channel": _show(call, channel, "user num_members is_member")}


def _kick(call: Call) -> Json:
    channel, user = call.joined_channel(), call.need("user")
    if user not in call.world.users:
        raise ApiError("user_not_found")
    if user == call.desk.me.bot_user:
        raise ApiError("cant_kick_self")
    if user not in call.world.members[channel]:
        raise ApiError("not_in_channel")
    call.desk.story.leave(channel, user)
    return {}


def _open(call: Call) -> Json:
    call.desk.access.require(call.method)
    users = call.words("users")
    if len(users) != 1:
        raise ApiError("method_not_supported_for_channel_type")
    return {"channel": {"id": call.world.direct(users[0])}}


METHODS: dict[str, Method] = {
    "conversations.history": _history,
    "conversations.info": _info,
    "conversations.invite": _invite,
    "conversations.join": _join,
    "conversations.kick": _kick,
    "conversations.list": _list,
    "conversations.members": _members,
    "conversations.open": _open,
    "conversations.replies": _replies,
}
