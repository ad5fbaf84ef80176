"""The REST routes of messages and reactions."""

from collections.abc import Iterable
from itertools import islice

from bot.playground.discord_server import limits
from bot.playground.discord_server.call import Call, Route
from bot.playground.discord_server.chat import Chat, number_components
from bot.playground.discord_server.files import attached
from bot.playground.discord_server.posts import Post
from bot.playground.discord_server.rights import Rights
from bot.playground.discord_server.wire import (
    Answer,
    ApiError,
    Json,
    Permission,
    invalid_form,
    missing_permissions,
)

_NONCE_SECONDS = 300.0  # "within the past few minutes" in Discord's words
_PAGE, _MOST = 50, 100


class MessageRoutes(Rights):
    """What the bot reads and writes in channels."""

    def __init__(self, chat: Chat) -> None:
        super().__init__(chat)
        self._nonces: dict[tuple[str, str], tuple[float, str]] = {}

    def routes(self) -> list[Route]:
        """All of them."""
        channel = "/channels/{channel_id}"
        many, one = f"{channel}/messages", f"{channel}/messages/{{message_id}}"
        emoji = f"{one}/reactions/{{emoji}}"
        return [
            Route("GET", many, self.history),
            Route("POST", many, self.send),
            Route("GET", one, self.read),
            Route("PATCH", one, self.edit),
            Route("DELETE", one, self.delete),
            Route("GET", emoji, self.reactors),
            Route("PUT", f"{emoji}/@me", self.react),
            Route("DELETE", f"{emoji}/@me", self.unreact),
        ]

    # -- messages -----------------------------------------------------------------------------------------

    def history(self, call: Call) -> Answer:
        """Messages, youngest first. Without the right to read history: none, and no error, as on Discord."""
        channel = self._visible(call)
        if not self.world.bot_may(channel, Permission.READ_MESSAGE_HISTORY):
            return []
        posts = sorted(self.world.posts[channel].values(), key=_age)
        return [self._shown(post) for post in _window(posts, call)]

    def read(self, call: Call) -> Answer:
        """One message."""
        return self._shown(self._post(call))

    def send(self, call: Call) -> Answer:
        """A message by the bot; with `enforce_nonce` a repeated nonce gives back the first one."""
        channel, body = self._writable(call), call.body
        limits.check_message(body, has_files=bool(call.files))
        if call.files and not self.world.bot_may(channel, Permission.ATTACH_FILES):
            raise missing_permissions()
        key = (channel, str(body.get("nonce")))
        if body.get("enforce_nonce") and (first := self._first(key)):
            return self._shown(first)
        post = self._send(channel, call)
        if "nonce" in body:
            self._nonces[key] = (self.world.ids.clock(), post.id)
        return self._shown(post)

    def edit(self, call: Call) -> Answer:
        """Changes a message of the bot's own."""
        post = self._own(call)
        limits.check_message(call.body, is_edit=True)
        fields = {key: value for key, value in _fields(call.body).items() if key in call.body}
        if "content" in call.body:
            fields["content"] = call.body["content"] or ""
        if "attachments" in call.body:
            fields["attachments"] = attached(self.world, call, post.body)
        return self._shown(self.chat.edit(call.params["channel_id"], post.id, **fields))

    def delete(self, call: Call) -> Answer:
        """Deletes a message: the bot's own, or anybody's with Manage Messages."""
        channel, post = self._visible(call), self._post(call)
        is_own = post.body["author"]["id"] == self.world.bot["id"]
        if not is_own and not self.world.bot_may(channel, Permission.MANAGE_MESSAGES):
            raise missing_permissions()
        self.chat.remove(channel, post.id)
        return None

    def _send(self, channel: str, call: Call) -> Post:
        bot, body, fields = self.world.bot["id"], call.body, _fields(call.body)
        fields["attachments"] = attached(self.world, call)
        if "nonce" in body:
            fields["nonce"] = body["nonce"]
        reference = body.get("message_reference")
        if not reference:
            return self.chat.post(channel, bot, body.get("content") or "", **fields)
        return self._reply(channel, str(reference["message_id"]), body, fields)

    def _reply(self, channel: str, to: str, body: Json, fields: Json) -> Post:
        bot, content = self.world.bot["id"], body.get("content") or ""
        if to in self.world.posts[channel]:
            return self.chat.reply(channel, bot, to, content, **fields)
        if body["message_reference"].get("fail_if_not_exists", True):
            code = "REPLIES_UNKNOWN_MESSAGE"
            raise invalid_form("message_reference", code, "Unknown message")
        return self.chat.post(channel, bot, content, **fields)

    def _first(self, key: tuple[str, str]) -> Post | None:
        sent_at, message = self._nonces.get(key, (float("-inf"), ""))
        if self.world.ids.clock() - sent_at > _NONCE_SECONDS:
            return None
        return self.world.posts[key[0]].get(message)

    # -- reactions ----------------------------------------------------------------------------------------

    def react(self, call: Call) -> Answer:
        """The bot reacts; a custom emoji must be one of the guild's."""
        post, emoji, channel = self._post(call), call.params["emoji"], call.params["channel_id"]
        guild = self.world.guild_of(channel)
        if ":" in emoji and guild and not self._has_emoji(guild, emoji):
            raise ApiError(400, 10014, "Unknown Emoji")
        if post.key(emoji) is None and not self.world.bot_may(channel, Permission.ADD_REACTIONS):
            raise missing_permissions()
        self.chat.react(channel, self.world.bot["id"], post.id, emoji)
        return None

    def unreact(self, call: Call) -> Answer:
        """The bot takes its reaction back."""
        post = self._post(call)
        self.chat.unreact(call.params["channel_id"], self.world.bot["id"], post.id, call.params["emoji"])
        return None

    def reactors(self, call: Call) -> Answer:
        """Who reacted with one emoji, by ascending id."""
        post = self._post(call)
        key = post.key(call.params["emoji"])
        users = sorted(post.reactors.get(key or "", []), key=int)
        after = int(call.query.get("after", 0))
        page = [user for user in users if int(user) > after]
        return [self.world.users[user] for user in page[: call.number("limit", 25, most=_MOST)]]

    def _has_emoji(self, guild: str, emoji: str) -> bool:
        wanted = emoji.rpartition(":")[2]
        return any(known["id"] == wanted for known in self.world.guild(guild)["emojis"])


def _fields(body: Json) -> Json:
    components = number_components(body.get("components") or [])
    return {"embeds": limits.embeds_of(body), "components": components, "flags": body.get("flags") or 0}


def _window(posts: list[Post], call: Call) -> Iterable[Post]:
    """The page that before, after or around ask for; `posts` are oldest first, the page youngest first."""
    limit, query = call.number("limit", _PAGE, most=_MOST), call.query
    if "around" in query:
        middle = int(query["around"])
        older = [post for post in posts if int(post.id) <= middle]
        younger = [post for post in posts if int(post.id) > middle]
        return reversed([*older[-(limit // 2 + 1) :], *younger[: limit // 2]])
    if "after" in query:
        later = (post for post in posts if int(post.id) > int(query["after"]))
        return reversed(list(islice(later, limit)))
    if "before" in query:
        posts = [post for post in posts if int(post.id) < int(query["before"])]
    return islice(reversed(posts), limit)


def _age(post: Post) -> int:
    return int(post.id)
