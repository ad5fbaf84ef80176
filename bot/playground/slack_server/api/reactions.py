"""reactions: the app's own emoji, and everybody's on one message."""

from .. import shapes
from ..errors import Json
from .call import Call, Method
from .chat import permalink


def _add(call: Call) -> Json:
    channel = call.joined_channel()
    call.desk.story.react(channel, call.need("timestamp"), call.desk.me.bot_user, call.need("name"))
    return {}


def _remove(call: Call) -> Json:
    channel = call.joined_channel()
    call.desk.story.unreact(channel, call.need("timestamp"), call.desk.me.bot_user, call.need("name"))
    return {}


def _get(call: Call) -> Json:
    channel = call.channel()
    message = call.world.message(channel, call.need("timestamp"))
    shown = shapes.pick(message, shapes.REACTIONS) | {"permalink": permalink(call, channel, message["ts"])}
    return {"type": "message", "channel": channel, "message": shown}


METHODS: dict[str, Method] = {
    "reactions.add": _add,
    "reactions.get": _get,
    "reactions.remove": _remove,
}
