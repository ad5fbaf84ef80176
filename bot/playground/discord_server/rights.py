"""Finding what a request is about, as far as the bot may see, read, write or change it."""

from bot.playground.discord_server.call import Call
from bot.playground.discord_server.chat import Chat
from bot.playground.discord_server.events import without_content
from bot.playground.discord_server.posts import Post
from bot.playground.discord_server.wire import (
    NO_MESSAGES,
    THREADS,
    ApiError,
    Json,
    Permission,
    missing_access,
    missing_permissions,
)


class Rights:
    """The base of routes below /channels: each finder refuses as Discord does."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.world = chat.world

    def _visible(self, call: Call) -> str:
        channel = call.params["channel_id"]
        self.world.channel(channel)
        if not self.world.bot_may(channel, Permission.VIEW_CHANNEL):
            raise missing_access()
        return channel

    def _writable(self, call: Call) -> str:
        channel = self._visible(call)
        place = self.world.channel(channel)
        if place.get("recipients") and place["recipients"][0]["id"] in self.world.closed_dms:
            raise ApiError(403, 50007, "Cannot send messages to this user")
        if place["type"] in NO_MESSAGES:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        in_thread = place["type"] in THREADS
        right = Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES
        if not self.world.bot_may(channel, right):
            raise missing_permissions()
        return channel

    def _post(self, call: Call) -> Post:
        channel = self._visible(call)
        if not self.world.bot_may(channel, Permission.READ_MESSAGE_HISTORY):
            raise missing_permissions()
        return self.chat.find(channel, call.params["message_id"])

    def _own(self, call: Call) -> Post:
        post = self._post(call)
        if post.body["author"]["id"] != self.world.bot["id"]:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        return post

    def _shown(self, post: Post) -> Json:
        body = post.seen_by(self.world.bot["id"])
        return body if self.world.message_content_allowed else without_content(self.world, body)
