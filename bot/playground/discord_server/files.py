"""Files that come with messages."""

from bot.playground.discord_server import shapes
from bot.playground.discord_server.call import Call
from bot.playground.discord_server.wire import Json
from bot.playground.discord_server.world import World


def attached(world: World, call: Call, before: Json | None = None) -> list[Json]:
    """What a message has with it after the call: files that it had `before` and that are named again, and new ones."""
    named = {str(entry["id"]): entry for entry in call.body.get("attachments") or []}
    kept = [file for file in (before or {}).get("attachments", []) if file["id"] in named]
    return kept + [_new(world, name, content, named.get(str(at), {})) for at, (name, content) in enumerate(call.files)]


def _new(world: World, name: str, content: bytes, described: Json) -> Json:
    file = shapes.attachment(world.ids.next(), name, len(content), described.get("description"))
    world.files[file["id"]] = content
    return file
