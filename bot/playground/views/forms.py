"""Forms that the bot opened, in one shape for both platforms. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.playground.discord_server.interactions import Interaction
from bot.playground.views.nodes import Json

_LONG, _TEXT_INPUT = 2, 4


def slack_fields(blocks: list[Json]) -> Iterator[Json]:
    """What can be filled in of a Slack view."""
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        options = [{"value": o["value"], "label": o["text"]["text"]} for o in element.get("options") or ()]
        yield {
            "name": block["block_id"],
            "label": block["label"]["text"],
            "kind": _slack_kind(element),
            "options": options,
            "required": not block.get("optional", False),
            "most": element.get("max_length"),
            "value": _slack_start(element),
            "hint": (element.get("placeholder") or {}).get("text", ""),
        }


def _slack_start(element: Json) -> str:
    """What stands there when it opens."""
    chosen = (element.get("initial_option") or {}).get("value")
    return str(element.get("initial_date") or element.get("initial_value") or chosen or "")


def _slack_kind(element: Json) -> str:
    if element["type"] == "static_select":
        return "choice"
    if element["type"] == "datepicker":
        return "day"
    return "text" if element.get("multiline") else "line"


def slack_values(blocks: list[Json], given: dict[str, str]) -> Json:
    """What a person filled in, as Slack sends it."""
    kinds = {b["block_id"]: b["element"] for b in blocks if b["type"] == "input"}
    return {name: {e["action_id"]: _slack_value(e, given.get(name, ""))} for name, e in kinds.items()}


def _slack_value(element: Json, text: str) -> Json:
    kind = element["type"]
    if kind == "static_select":
        chosen = next((o for o in element["options"] if o["value"] == text), None)
        return {"type": kind, "selected_option": chosen}
    return {"type": kind, "selected_date" if kind == "datepicker" else "value": text or None}


def discord_form(interactions: list[Interaction], person: str) -> Interaction | None:
    """The interaction whose form is open: a person's latest, unless they closed it."""
    mine = [i for i in interactions if i.user == person]
    return mine[-1] if mine and mine[-1].modal is not None and not mine[-1].dismissed else None


def discord_view(opened: Interaction) -> Json:
    """The form as the page shows it."""
    modal = opened.modal or {}
    fields = [_discord_field(part) for part in modal["components"]]
    frame = {"key": opened.id, "title": modal["title"], "submit": "Submit", "close": "Cancel"}
    return frame | {"parts": [], "fields": fields}


def _discord_field(part: Json) -> Json:
    inner = part["component"]
    is_text = inner["type"] == _TEXT_INPUT
    return {
        "name": inner["custom_id"],
        "label": part["label"],
        "kind": "choice" if not is_text else "text" if inner["style"] == _LONG else "line",
        "options": [{"value": o["value"], "label": o["label"]} for o in inner.get("options") or ()],
        "required": inner.get("required", True),
        "most": inner.get("max_length"),
        "value": inner.get("value") or next((o["value"] for o in inner.get("options") or () if o.get("default")), ""),
        "hint": inner.get("placeholder") or "",
    }


def discord_values(opened: Interaction, given: dict[str, str]) -> Json:
    """What a person filled in, as Discord sends it."""
    parts = [part["component"] for part in (opened.modal or {})["components"]]
    return {
        p["custom_id"]: given.get(p["custom_id"], "") if p["type"] == _TEXT_INPUT else [given.get(p["custom_id"], "")]
        for p in parts
    }
