"""The local Discord as one person sees it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from adapters.discord.emoji import short_name
from bot.playground.discord_server import ChannelType, DiscordServer
from bot.playground.discord_server.posts import Post
from bot.playground.discord_server.world import ENGLISH
from bot.playground.views import markdown
from bot.playground.views.forms import discord_form
from bot.playground.views.forms import discord_view as form_view
from bot.playground.views.nodes import Json, Known, picture, text

_BUTTON, _THREAD_STARTER, _LONGEST_QUOTE = 2, 21, 80
_STYLES = {1: "primary", 2: "default", 3: "primary", 4: "danger"}


def discord_view(server: DiscordServer, person: str) -> Json:
    """Channels, messages and people of the one guild, as `person` (an id) sees them."""
    guild = next(iter(server.world.guilds.values()))
    known = _known(server, guild, person)
    channels = [c for c in guild["channels"] if c["type"] == ChannelType.TEXT]
    private = [m for m in server.private_messages(person) if m["channel_id"] in server.world.channels]
    return {
        "platform": "discord",
        "name": guild["name"],
        "me": person,
        "people": [_person(m, known) for m in guild["members"] if _is_cast(guild, m)],
        "channels": [{"id": c["id"], "name": c["name"], "private": False} for c in channels],
        "messages": {c["id"]: _messages(server, c["id"], private, known) for c in channels},
        "commands": list(_commands(server, guild["id"], server.world.locales.get(person, ENGLISH))),
        "home": None,
        "modal": form_view(opened) if (opened := discord_form(server.interactions, person)) else None,
    }


def _known(server: DiscordServer, guild: Json, person: str) -> Known:
    names = {who: user["global_name"] or user["username"] for who, user in server.world.users.items()}
    channels = {which: channel.get("name", "") for which, channel in server.world.channels.items()}
    roles = {role["id"]: role["name"] for role in guild["roles"]}
    return Known(person, names, channels, roles, server.world.files)


def _is_cast(guild: Json, member: Json) -> bool:
    return not member["user"].get("bot") and member["user"]["id"] != guild["owner_id"]


def _person(member: Json, known: Known) -> Json:
    user = member["user"]
    roles = [known.roles[role] for role in member["roles"] if role in known.roles]
    return {"id": user["id"], "key": user["username"], "name": known.people[user["id"]], "roles": roles}


def _commands(server: DiscordServer, guild: str, locale: str) -> Iterator[Json]:
    for command in (*server.commands.by_guild.get(guild, ()), *server.commands.by_guild[None]):
        subs = [o for o in command["options"] if o["type"] == 1]
        for line, it in [(f"{command['name']} {s['name']}", s) for s in subs] or [(command["name"], command)]:
            options = " ".join(f"[{o['name']}]" for o in it.get("options") or ())
            described = (it.get("description_localizations") or {}).get(locale) or it["description"]
            yield {"line": f"/{line}", "hint": f"{options}: {described}".removeprefix(": ")}


def _messages(server: DiscordServer, channel: str, private: list[Json], known: Known) -> list[Json]:
    """Messages oldest first; those with a Discord thread carry it."""
    posts = server.world.posts[channel].values()
    shown = [_message(server, post, known) for post in posts if post.body["type"] != _THREAD_STARTER]
    shown += [_whisper(m, known) for m in private if m["channel_id"] == channel]
    return sorted(shown, key=lambda m: int(m["id"]))


def _message(server: DiscordServer, post: Post, known: Known) -> Json:
    body, author = post.body, post.body["author"]
    thread = body["id"] if "thread" in body and body["id"] in server.world.channels else None
    private = [m for m in server.private_messages(known.reader) if m["channel_id"] == thread]
    return {
        **_frame(body),
        "author": {"id": author["id"], "name": known.people[author["id"]], "bot": bool(author.get("bot"))},
        "edited": body["edited_timestamp"] is not None and not author.get("bot"),
        "quote": _quote(body, known),
        "parts": list(_parts(body, known)),
        "reactions": [_reaction(sign, users, known) for sign, users in post.reactors.items()],
        "replies": _messages(server, thread, private, known) if thread else [],
        "thread": thread,
    }


def _whisper(body: Json, known: Known) -> Json:
    bot = {"id": body["author"]["id"], "name": known.people[body["author"]["id"]], "bot": True}
    return _frame(body) | {"author": bot, "private": True, "parts": list(_parts(body, known))}


def _frame(body: Json) -> Json:
    at = datetime.fromisoformat(body["timestamp"]).timestamp()
    flags = {"edited": False, "gone": False, "private": False, "reactions": [], "quote": None, "replies": []}
    return {"id": body["id"], "channel": body["channel_id"], "at": at, "thread": None, **flags}


def _quote(body: Json, known: Known) -> Json | None:
    """What the message answers."""
    target = body.get("referenced_message")
    if not target:
        return None
    words = target["content"] or "a badge"
    short = words if len(words) <= _LONGEST_QUOTE else words[: _LONGEST_QUOTE - 1] + "…"
    return {"name": known.people[target["author"]["id"]], "line": markdown.parse(short.replace("\n", " "), known)[0]}


def _reaction(sign: str, users: list[str], known: Known) -> Json:
    return {
        "name": short_name(sign),
        "sign": sign,
        "count": len(users),
        "mine": known.reader in users,
        "by": [known.people.get(who, who) for who in users],
    }


def _parts(body: Json, known: Known) -> Iterator[Json]:
    if body["content"]:
        yield {"k": "text", "lines": markdown.parse(body["content"], known)}
    for embed in body["embeds"]:
        yield _embed(embed, known)
    for file in body["attachments"]:
        if file["filename"].endswith(".png"):
            drawn = known.files.get(file["id"], b"")
            yield picture(f"pictures/discord/{file['id']}", file.get("description", ""), drawn)
    for row in body["components"]:
        buttons = [_button(part) for part in row.get("components", ()) if part["type"] == _BUTTON]
        if buttons:
            yield {"k": "buttons", "buttons": buttons}


def _embed(embed: Json, known: Known) -> Json:
    colour = embed.get("color")
    return {
        "k": "embed",
        "colour": f"#{colour:06x}" if colour is not None else None,
        "title": [text(embed["title"])] if embed.get("title") else [],
        "lines": markdown.parse(embed.get("description") or "", known),
    }


def _button(part: Json) -> Json:
    named = {"label": part.get("label") or "", "id": part.get("custom_id") or "", "value": ""}
    return named | {"style": _STYLES.get(part.get("style", 2), "default")}
