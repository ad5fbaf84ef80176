"""What can happen to messages and threads, whoever does it: posted, edited, removed, reacted to."""

import itertools
import re
from typing import Any

from bot.playground.discord_server import shapes
from bot.playground.discord_server.ids import time_of
from bot.playground.discord_server.posts import Post
from bot.playground.discord_server.wire import HAS_THREAD, ChannelType, Json, unknown
from bot.playground.discord_server.world import World

_THREAD_CREATED, _REPLY, _THREAD_STARTER = 18, 19, 21  # message types
_USER_MENTION = re.compile(r"<@!?(\d+)>")
_ROLE_MENTION = re.compile(r"<@&(\d+)>")


class Chat:
    """The messages of a world. Checks existence, not rights: those belong to who asks."""

    def __init__(self, world: World) -> None:
        self.world = world

    # -- messages -----------------------------------------------------------------------------------------

    def post(self, channel: str, author: str, content: str, **fields: Any) -> Post:
        """Stores a message and tells it; `fields` are further wire fields."""
        self._wake(self.world.channel(channel))
        post = Post(self.compose(channel, author, content, **fields))
        self.world.posts[channel][post.id] = post
        self._count(self.world.channel(channel), post.id)
        self.world.emit("MESSAGE_CREATE", self._with_place(post.body))
        return post

    def compose(self, channel: str, author: str, content: str, **fields: Any) -> Json:
        """A message in wire shape that is stored nowhere: what an ephemeral answer is."""
        body = shapes.message(self.world.ids.next(), channel, self.world.users[author], content)
        body |= {"mentions": self._mentioned(content), "mention_roles": _ROLE_MENTION.findall(content)}
        return body | fields

    def reply(self, channel: str, author: str, to: str, content: str, **fields: Any) -> Post:
        """A message that answers another one of the same channel and mentions its author."""
        target = self.find(channel, to)
        reference = {**self._reference(target), "referenced_message": target.body}
        body = {"type": _REPLY, **reference, **fields}
        mentioned = {user["id"]: user for user in (*self._mentioned(content), target.body["author"])}
        return self.post(channel, author, content, **{"mentions": list(mentioned.values()), **body})

    def edit(self, channel: str, message: str, **fields: Any) -> Post:
        """Changes wire fields of a stored message and tells it."""
        post = self.find(channel, message)
        self.amend(post.body, **fields)
        self.world.emit("MESSAGE_UPDATE", self._with_place(post.seen_by(self.world.bot["id"])))
        return post

    def amend(self, body: Json, **fields: Any) -> None:
        """The change itself, for messages that are stored nowhere too."""
        body |= fields
        if "content" in fields:
            body["mentions"] = self._mentioned(body["content"])
        body["edited_timestamp"] = self.world.ids.now()

    def remove(self, channel: str, *messages: str) -> None:
        """Deletes messages: one by its own event, several at once by the bulk event."""
        for message in messages:
            self.find(channel, message)
            del self.world.posts[channel][message]
        place = self._place(channel)
        if len(messages) == 1:
            self.world.emit("MESSAGE_DELETE", {"id": messages[0], **place})
        else:
            self.world.emit("MESSAGE_DELETE_BULK", {"ids": list(messages), **place})

    def find(self, channel: str, message: str) -> Post:
        """The stored message, or 404."""
        self.world.channel(channel)
        post = self.world.posts[channel].get(message)
        if post is None:
            raise unknown("Message")
        return post

    # -- reactions ----------------------------------------------------------------------------------------

    def react(self, channel: str, user: str, message: str, emoji: str) -> None:
        """Adds a reaction; a second one by the same person says nothing, as on Discord."""
        post = self.find(channel, message)
        if not post.add(emoji, user):
            return
        guild = self.world.guild_of(channel)
        author = {"message_author_id": post.body["author"]["id"], "burst_colors": []}
        member = {"member": self.world.member(guild, user)} if guild else {}
        self.world.emit("MESSAGE_REACTION_ADD", self._reaction(channel, user, message, emoji) | author | member)

    def unreact(self, channel: str, user: str, message: str, emoji: str) -> None:
        """Takes a reaction away, if it is there."""
        if self.find(channel, message).drop(emoji, user):
            self.world.emit("MESSAGE_REACTION_REMOVE", self._reaction(channel, user, message, emoji))

    def clear_reactions(self, channel: str, message: str, emoji: str | None = None) -> None:
        """A moderator wipes all reactions, or those of one emoji."""
        post, place = self.find(channel, message), {"message_id": message, **self._place(channel)}
        if emoji is None:
            post.reactors.clear()
            self.world.emit("MESSAGE_REACTION_REMOVE_ALL", place)
            return
        post.reactors.pop(post.key(emoji) or emoji, None)
        self.world.emit("MESSAGE_REACTION_REMOVE_EMOJI", {**place, "emoji": shapes.emoji(emoji)})

    def _reaction(self, channel: str, user: str, message: str, emoji: str) -> Json:
        event = {
            "user_id": user,
            "message_id": message,
            "emoji": shapes.emoji(emoji),
            "burst": False,
            "type": 0,
        }
        return {**event, **self._place(channel)}

    # -- threads ------------------------------------------------------------------------------------------

    def open_thread(self, channel: str, author: str, name: str, *, message: str | None = None) -> str:
        """A thread from a message (it takes that message's id) or on its own. Returns its id."""
        source = self.find(channel, message) if message else None
        thread = self._new_thread(channel, author, name, thread_id=message)
        if source is None:
            reference = {"type": 0, "channel_id": thread["id"], "guild_id": thread["guild_id"]}
            self.post(channel, author, name, type=_THREAD_CREATED, message_reference=reference)
            return str(thread["id"])
        self.edit(channel, source.id, thread=dict(thread), flags=source.body["flags"] | HAS_THREAD)
        starter = {"type": _THREAD_STARTER, "referenced_message": source.body, **self._reference(source)}
        self.post(thread["id"], author, "", **starter)
        return str(thread["id"])

    def open_forum_post(self, forum: str, author: str, title: str, content: str) -> str:
        """A thread in a forum with its first message; both have the same id. Returns it."""
        thread = self._new_thread(forum, author, title, thread_id=None)
        post = Post(self.compose(thread["id"], author, content))
        post.body |= {"id": thread["id"], "timestamp": time_of(thread["id"])}
        self.world.posts[thread["id"]][thread["id"]] = post
        self._count(thread, post.id)
        self.world.emit("MESSAGE_CREATE", self._with_place(post.body))
        return str(thread["id"])

    def archive(self, thread: str, *, archived: bool = True) -> None:
        """Puts a thread to rest, or wakes it."""
        body = self.world.channel(thread)
        body["thread_metadata"] |= {"archived": archived, "archive_timestamp": self.world.ids.now()}
        self.world.emit("THREAD_UPDATE", body)

    def _new_thread(self, channel: str, author: str, name: str, *, thread_id: str | None) -> Json:
        ids, parent = self.world.ids, self.world.channel(channel)
        thread = shapes.thread(thread_id or ids.next(), parent, author, name, ids.now())
        self.world.keep(thread)
        if parent["type"] == ChannelType.FORUM:
            parent["last_message_id"] = thread["id"]
        self.world.emit("THREAD_CREATE", {**thread, "newly_created": True})
        return thread

    def _wake(self, channel: Json) -> None:
        if channel.get("thread_metadata", {}).get("archived"):
            self.archive(channel["id"], archived=False)

    # -- helpers ------------------------------------------------------------------------------------------

    def _count(self, channel: Json, message: str) -> None:
        channel["last_message_id"] = message
        if "thread_metadata" in channel and message != channel["id"]:
            channel["message_count"] += 1
            channel["total_message_sent"] += 1

    def _place(self, channel: str) -> Json:
        guild = self.world.guild_of(channel)
        return {"channel_id": channel, **({"guild_id": guild} if guild else {})}

    def _with_place(self, body: Json) -> Json:
        guild = self.world.guild_of(body["channel_id"])
        if guild is None:
            return body
        author = body["author"]["id"]
        known = self.world.is_member(guild, author)
        member = {"member": shapes.bare_member(self.world.member(guild, author))} if known else {}
        return {**body, "guild_id": guild, **member}

    def _reference(self, post: Post) -> Json:
        place = self._place(post.body["channel_id"])
        return {"message_reference": {"type": 0, "message_id": post.id, **place}}

    def _mentioned(self, content: str) -> list[Json]:
        ids = dict.fromkeys(_USER_MENTION.findall(content))
        return [self.world.users[user] for user in ids if user in self.world.users]


def number_components(components: list[Json]) -> list[Json]:
    """Components with the ids Discord gives to those that have none, depth first from 1."""
    count = itertools.count(1)

    def number(component: Json) -> Json:
        numbered = {"id": next(count), **component}
        if "components" in component:
            numbered["components"] = [number(child) for child in component["components"]]
        if "accessory" in component:
            numbered["accessory"] = number(component["accessory"])
        return numbered

    return [number(component) for component in components]
