"""chat: messages of the app."""

import time
from typing import Any

from .. import shapes
from ..blocks import problems
from ..errors import ApiError, Json, refuse_blocks
from ..world import Ephemeral
from .call import Call, Method

LONGEST_TEXT = 40_000


def _content(call: Call) -> Json:
    """text, blocks, attachments and metadata as given, within their limits."""
    content = shapes.pick(call.arguments, "blocks attachments metadata")
    text = str(call.get("text") or "")
    if len(text) > LONGEST_TEXT:
        raise ApiError("msg_too_long")
    found = problems(content["blocks"]) if content.get("blocks") else []
    found += call.world.files.problems(content.get("blocks"))
    if found:
        raise refuse_blocks("invalid_blocks", found)
    _check_metadata(content.get("metadata"))
    return {"text": text, **content}


def _check_metadata(metadata: Any) -> None:
    if metadata is None:
        return
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise ApiError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str):
        raise ApiError("invalid_metadata_schema")


def _require_something(content: Json) -> None:
    if not (content["text"] or content.get("blocks") or content.get("attachments")):
        raise ApiError("no_text")


def _pace(call: Call, channel: str) -> None:
    """One post a second and channel, in real seconds whatever the workspace's clock says."""
    if not call.desk.access.one_post_a_second:
        return
    now = time.monotonic()
    wait = 1 - (now - call.desk.last_post.get(channel, now - 1))
    if wait > 0:
        raise ApiError("ratelimited", status=429, headers={"Retry-After": "1"})
    call.desk.last_post[channel] = now


def _post(call: Call) -> Json:
    channel = call.joined_channel()
    content = _content(call)
    _require_something(content)
    _pace(call, channel)
    more = {k: v for k, v in content.items() if k != "text"}
    thread_ts = call.get("thread_ts")
    _known_thread(call, channel, thread_ts)
    if thread_ts and call.flag("reply_broadcast"):
        more["subtype"] = "thread_broadcast"
    message = call.desk.story.post_as_bot(channel, content["text"], thread_ts, **more)
    return {"channel": channel, "ts": message["ts"], "message": shapes.pick(message, shapes.POSTED)}


def _known_thread(call: Call, channel: str, thread_ts: str | None) -> None:
    if not thread_ts:
        return
    try:
        call.world.message(channel, thread_ts)
    except ApiError as missing:
        raise ApiError("thread_not_found") from missing


def _post_ephemeral(call: Call) -> Json:
    channel = call.joined_channel()
    user = call.need("user")
    if user not in call.world.members[channel]:
        raise ApiError("user_not_in_channel")
    content = _content(call)
    _require_something(content)
    ts = call.world.ticker.ts()
    shown = Ephemeral(user, channel, ts, content["text"], content.get("blocks") or [], call.get("thread_ts"))
    call.world.ephemerals.append(shown)
    return {"message_ts": ts}


def _own(call: Call, refusal: str) -> tuple[str, str]:
    """Channel and ts of a message that the app itself wrote."""
    channel = call.channel()
    message = call.world.message(channel, call.need("ts"))
    if message.get("bot_id") != call.desk.me.bot_id:
        raise ApiError(refusal)
    return channel, message["ts"]


def _update(call: Call) -> Json:
    channel, ts = _own(call, "cant_update_message")
    content = _content(call)
    change = {k: v for k, v in content.items() if k != "text" or call.get("text") is not None}
    if not change:
        raise ApiError("no_text")
    message = call.desk.story.edit(channel, ts, call.desk.me.bot_user, change)
    shown = shapes.pick(message, shapes.UPDATED)
    return {"channel": channel, "ts": ts, "text": message["text"], "message": shown}


def _delete(call: Call) -> Json:
    channel, ts = _own(call, "cant_delete_message")
    call.desk.story.remove(channel, ts)
    return {"channel": channel, "ts": ts}


def _permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.world.message(channel, call.need("message_ts"))
    return {"channel": channel, "permalink": permalink(call, channel, message["ts"])}


def permalink(call: Call, channel: str, ts: str) -> str:
    return f"https://{call.desk.me.domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}"


METHODS: dict[str, Method] = {
    "chat.delete": _delete,
    "chat.getPermalink": _permalink,
    "chat.postEphemeral": _post_ephemeral,
    "chat.postMessage": _post,
    "chat.update": _update,
}
