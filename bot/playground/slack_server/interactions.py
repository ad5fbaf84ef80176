"""Payloads of commands, clicks and submissions, and finding the button that was pressed. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import shapes
from .errors import ApiError, Json
from .world import View, World

_CHANNEL_NAMES = {"im": "directmessage", "group": "privategroup"}


@dataclass(frozen=True, slots=True)
class Control:
    """A button or menu and the block it sits in."""

    block_id: str
    element: Json


def controls(blocks: list[Json]) -> Iterator[Control]:
    """Everything a person can operate, from top to bottom."""
    for index, block in enumerate(blocks):
        name = block.get("block_id") or f"block{index}"
        inner = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
        for element in inner:
            if isinstance(element, dict) and "action_id" in element:
                yield Control(name, element)


def find(blocks: list[Json], action_id: str, value: str | None) -> Control | None:
    """The control named `action_id`; `value` tells apart buttons that share the name in different blocks."""
    named = [c for c in controls(blocks) if c.element["action_id"] == action_id]
    exact = [c for c in named if value is not None and c.element.get("value") == value]
    menus = [c for c in named if "value" not in c.element]
    return next(iter(exact or (menus if value is not None else named)), None)


def _actor(world: World, user: str) -> Json:
    me = world.me
    name = world.users[user]["name"]
    return {
        "user": {"id": user, "username": name, "name": name, "team_id": me.team_id},
        "team": {"id": me.team_id, "domain": me.domain},
        "api_app_id": me.app_id,
        "token": "playground",
        "enterprise": None,
        "is_enterprise_install": False,
    }


def command(world: World, user: str, channel: str, name: str, text: str) -> Json:
    """A slash command, without its response_url and trigger_id."""
    me = world.me
    kind = world.kind(channel)
    return {
        "token": "playground",
        "team_id": me.team_id,
        "team_domain": me.domain,
        "channel_id": channel,
        "channel_name": _CHANNEL_NAMES.get(kind, world.channels[channel]["name"]),
        "user_id": user,
        "user_name": world.users[user]["name"],
        "command": name,
        "text": text,
        "api_app_id": me.app_id,
        "is_enterprise_install": "false",
    }


def action(world: World, user: str, control: Control, value: str | None) -> Json:
    """block_actions of one control, without container, response_url and trigger_id."""
    pressed = shapes.pick(control.element, "action_id type text value style url placeholder")
    pressed |= {"block_id": control.block_id, "action_ts": world.ticker.ts()}
    if control.element["type"] != "button":
        pressed |= _chosen(control.element, value)
    return {"type": "block_actions", **_actor(world, user), "actions": [pressed], "state": {"values": {}}}


def shortcut(world: World, user: str, channel: str, callback_id: str, message: Json) -> Json:
    """message_action, without its response_url and trigger_id."""
    chosen = {"callback_id": callback_id, "action_ts": world.ticker.ts(), "message_ts": message["ts"]}
    shown = {"message": shapes.pick(message, shapes.CLICKED)}
    who = {key: value for key, value in _actor(world, user).items() if key != "api_app_id"}
    who["user"] = {key: value for key, value in who["user"].items() if key != "username"}
    return {"type": "message_action", **who, **chosen, **_channel(world, channel), **shown}


def _chosen(element: Json, value: str | None) -> Json:
    kind = str(element["type"])
    if kind in ("static_select", "overflow", "radio_buttons", "external_select"):
        option = next((o for o in element.get("options", []) if o["value"] == value), None)
        if option is None:
            raise ApiError("no_such_option")
        return {"selected_option": shapes.pick(option, "text value")}
    names = {"users_select": "user", "channels_select": "channel", "conversations_select": "conversation"}
    return {f"selected_{names.get(kind, kind.removesuffix('picker'))}": value}


def on_message(world: World, channel: str, message: Json) -> Json:
    """Where a button of a message is."""
    thread = shapes.pick(message, "thread_ts")
    where = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel,
        "is_ephemeral": False,
        **thread,
    }
    return {"container": where, **_channel(world, channel), "message": shapes.pick(message, shapes.CLICKED)}


def on_ephemeral(world: World, channel: str, ts: str, thread_ts: str | None) -> Json:
    """Where a button of an ephemeral message is; Slack does not send the message along."""
    thread = {"thread_ts": thread_ts} if thread_ts else {}
    where = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": True, **thread}
    return {"container": where, **_channel(world, channel)}


def _channel(world: World, channel: str) -> Json:
    name = _CHANNEL_NAMES.get(world.kind(channel), world.channels[channel]["name"])
    return {"channel": {"id": channel, "name": name}}


def on_view(view: View) -> Json:
    """Where a button of the Home tab or of a modal is."""
    container = {"type": "view", "view_id": view.body["id"]}
    return {"container": container, "view": shapes.pick(view.body, shapes.VIEW)}


def submission(world: World, view: View, values: Json) -> Json:
    """view_submission, without its trigger_id."""
    body = shapes.pick(view.body, shapes.VIEW) | {"state": {"values": _typed(view, values)}}
    return {"type": "view_submission", **_actor(world, view.user), "view": body}


def closing(world: World, view: View) -> Json:
    body = shapes.pick(view.body, shapes.VIEW)
    return {"type": "view_closed", **_actor(world, view.user), "view": body, "is_cleared": False}


def _typed(view: View, values: Json) -> Json:
    """`{block_id: {action_id: text}}` in Slack's long form; what is in long form already stays."""
    types = {(c.block_id, c.element["action_id"]): c.element["type"] for c in controls(view.body["blocks"])}
    return {
        block: {name: _value(types.get((block, name), "plain_text_input"), given) for name, given in inputs.items()}
        for block, inputs in values.items()
    }


def _value(kind: str, given: Any) -> Json:
    if isinstance(given, dict):
        return given
    selected = {"users_select": "selected_user", "channels_select": "selected_channel"}
    if kind == "static_select":
        return {
            "type": kind,
            "selected_option": {"text": {"type": "plain_text", "text": given}, "value": given},
        }
    return {"type": kind, selected.get(kind, "value"): given}
