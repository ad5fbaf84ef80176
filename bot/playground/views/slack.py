"""The local Slack as one person sees it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.discord.emoji import character
from adapters.slack.commands import COMMANDS
from bot.playground.slack_server import Ephemeral, SlackServer
from bot.playground.views import mrkdwn
from bot.playground.views.forms import slack_fields
from bot.playground.views.nodes import Json, Known, picture, text

_NOTICES = {"channel_join": "joined the channel", "channel_leave": "left the channel"}


def slack_view(server: SlackServer, person: str) -> Json:
    """Channels, messages, people, Home and window as `person` (an id) sees them."""
    known = _known(server, person)
    mine = [c for c, members in server.members.items() if person in members and not server.channels[c]["is_im"]]
    return {
        "platform": "slack",
        "name": server.me.team_name,
        "me": person,
        "people": [_person(server, who) for who in server.users if who != server.me.bot_user],
        "channels": [_channel(server, c) for c in mine],
        "messages": {c: _messages(server, c, known) for c in mine},
        "commands": [{"line": c.name, "hint": f"{c.hint}: {c.description}"} for c in COMMANDS],
        "home": _view(server.homes[person].body, known) if person in server.homes else None,
        "modal": _view(server.modals[person][-1].body, known) if server.modals.get(person) else None,
    }


def _known(server: SlackServer, person: str) -> Known:
    names = {who: user["profile"]["display_name"] or user["name"] for who, user in server.users.items()}
    names[server.me.bot_user] = "Plaudit"
    files = {file: upload.content or b"" for file, upload in server.world.files.held.items()}
    return Known(person, names, {c: about["name"] for c, about in server.channels.items()}, files=files)


def _person(server: SlackServer, who: str) -> Json:
    user = server.users[who]
    groups = [g["handle"] for g in server.usergroups.values() if who in g["users"] and not g["date_delete"]]
    return {"id": who, "key": user["name"], "name": user["profile"]["display_name"], "roles": ["@" + g for g in groups]}


def _channel(server: SlackServer, channel: str) -> Json:
    about = server.channels[channel]
    return {"id": channel, "name": about["name"], "private": about["is_private"]}


def _messages(server: SlackServer, channel: str, known: Known) -> list[Json]:
    """Roots, oldest first, each with its thread; what only this person sees stands where it was said."""
    shown = [_message(server, channel, m, known) for m in server.messages[channel]]
    shown += [_whisper(server, e, known) for e in server.ephemerals_for(known.reader) if e.channel == channel]
    shown.sort(key=lambda m: m["at"])
    roots = {m["id"]: m for m in shown if m["thread"] in (None, m["id"])}
    for message in shown:
        if message["id"] not in roots and message["thread"] in roots:
            roots[message["thread"]]["replies"].append(message)
        elif message["id"] not in roots:
            roots[message["id"]] = message
    return list(roots.values())


def _message(server: SlackServer, channel: str, body: Json, known: Known) -> Json:
    author = body["user"]
    notice = _NOTICES.get(body.get("subtype", ""))
    return {
        **_frame(body["ts"], channel, body.get("thread_ts")),
        "author": {"id": author, "name": known.people.get(author, ""), "bot": author == server.me.bot_user},
        "edited": "edited" in body,
        "gone": body.get("subtype") == "tombstone",
        "parts": [_text(notice, known)] if notice else _parts(body, known),
        "reactions": [_reaction(r, known) for r in body.get("reactions", ())],
    }


def _whisper(server: SlackServer, shown: Ephemeral, known: Known) -> Json:
    body = {"text": shown.text, "blocks": shown.blocks}
    me = server.me.bot_user
    bot = {"id": me, "name": known.people[me], "bot": True}
    frame = _frame(shown.ts, shown.channel, shown.thread_ts)
    return frame | {"author": bot, "private": True, "parts": _parts(body, known)}


def _frame(ts: str, channel: str, thread: str | None) -> Json:
    flags = {"edited": False, "gone": False, "private": False, "reactions": [], "quote": None, "replies": []}
    return {"id": ts, "channel": channel, "at": float(ts), "thread": thread, **flags}


def _reaction(mark: Json, known: Known) -> Json:
    return {
        "name": mark["name"],
        "sign": character(mark["name"]) or f":{mark['name']}:",
        "count": mark["count"],
        "mine": known.reader in mark["users"],
        "by": [known.people.get(who, who) for who in mark["users"]],
    }


def _view(body: Json, known: Known) -> Json:
    title = (body.get("title") or {}).get("text", "")
    return {
        "key": f"{body.get('id', '')}:{body.get('callback_id', '')}",
        "title": title,
        "parts": [p for block in body["blocks"] for p in _block(block, known)],
        "fields": list(slack_fields(body["blocks"])),
        "submit": (body.get("submit") or {}).get("text", ""),
        "close": (body.get("close") or {}).get("text", "Close"),
    }


def _parts(body: Json, known: Known) -> list[Json]:
    blocks = [part for block in body.get("blocks") or () for part in _block(block, known)]
    return blocks or [_text(body.get("text", ""), known)]


def _block(block: Json, known: Known) -> Iterator[Json]:
    """One block of Block Kit as what is shown of it."""
    match block["type"]:
        case "section":
            for field in [block.get("text"), *(block.get("fields") or ())]:
                if field:
                    yield _text_object(field, known)
            if "accessory" in block:
                yield from _buttons([block["accessory"]])
        case "context":
            yield from (_text_object(e, known, "small") for e in block["elements"] if "text" in e)
        case "header":
            yield _text_object(block["text"], known, "heading")
        case "actions":
            yield from _buttons(block["elements"])
        case "divider":
            yield {"k": "divider"}
        case "image" if "slack_file" in block:
            file = block["slack_file"]["id"]
            yield picture(f"pictures/slack/{file}", block["alt_text"], known.files.get(file, b""))


def _text_object(field: Json, known: Known, kind: str = "text") -> Json:
    if field["type"] == "mrkdwn":
        return {"k": kind, "lines": mrkdwn.parse(field["text"], known)}
    return {"k": kind, "lines": [[text(line)] for line in field["text"].split("\n")]}


def _text(words: str, known: Known) -> Json:
    return {"k": "text", "lines": mrkdwn.parse(words, known)}


def _buttons(elements: list[Json]) -> Iterator[Json]:
    buttons = [_button(e) for e in elements if e.get("type") == "button"]
    if buttons:
        yield {"k": "buttons", "buttons": buttons}


def _button(element: Json) -> Json:
    style = element.get("style", "default")
    named = {"label": element["text"]["text"], "id": element["action_id"], "value": element.get("value", "")}
    return named | {"style": style}
