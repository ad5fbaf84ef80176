"""The REST routes of channels, threads and private channels."""

from bot.playground.discord_server.call import Call, Route
from bot.playground.discord_server.rights import Rights
from bot.playground.discord_server.wire import Answer, ApiError, Json, Permission

_PAGE, _MOST = 50, 100


class ChannelRoutes(Rights):
    """Where there is something to read or write."""

    def routes(self) -> list[Route]:
        """All of them."""
        channel = "/channels/{channel_id}"
        one = f"{channel}/messages/{{message_id}}"
        return [
            Route("GET", channel, self.channel),
            Route("POST", f"{channel}/typing", self.typing),
            Route("POST", f"{one}/threads", self.open_thread, status=201),
            Route("GET", "/guilds/{guild_id}/threads/active", self.active_threads),
            Route("GET", f"{channel}/threads/archived/public", self.archived_threads),
            Route("POST", "/users/@me/channels", self.open_dm),
        ]

    def channel(self, call: Call) -> Answer:
        """One channel or thread."""
        return self.world.channel(self._visible(call))

    def typing(self, call: Call) -> Answer:
        """ "Plaudit is typing": heard and forgotten."""
        self._writable(call)
        return None

    def open_dm(self, call: Call) -> Answer:
        """The private channel with a person."""
        return self.world.open_dm(str(call.body["recipient_id"]))

    def open_thread(self, call: Call) -> Answer:
        """A thread from a message."""
        channel, message = self._writable(call), call.params["message_id"]
        if message in self.world.channels:
            raise ApiError(400, 160004, "A thread has already been created for this message")
        thread = self.chat.open_thread(channel, self.world.bot["id"], call.body["name"], message=message)
        return self.world.channel(thread)

    def active_threads(self, call: Call) -> Answer:
        """The guild's threads that are not archived and that the bot can see."""
        threads = [t for t in self.world.threads(call.params["guild_id"]) if not _is_archived(t)]
        visible = [t for t in threads if self.world.bot_may(t["id"], Permission.VIEW_CHANNEL)]
        return {"threads": visible, "members": [], "has_more": False}

    def archived_threads(self, call: Call) -> Answer:
        """A channel's archived threads, youngest archive first."""
        parent, before = self._visible(call), call.query.get("before")
        threads = [t for t in self.world.channels.values() if t.get("parent_id") == parent and _is_archived(t)]
        threads = [t for t in threads if not before or _archived_at(t) < before]
        threads.sort(key=_archived_at, reverse=True)
        page = threads[: call.number("limit", _PAGE, most=_MOST)]
        return {"threads": page, "members": [], "has_more": len(page) < len(threads)}


def _is_archived(channel: Json) -> bool:
    return bool(channel.get("thread_metadata", {}).get("archived"))


def _archived_at(thread: Json) -> str:
    return str(thread["thread_metadata"]["archive_timestamp"])
