"""Forms as windows, and what comes back from them. Pure."""

from __future__ import annotations

import json
from typing import Any

from adapters.slack import markup
from adapters.slack.blocks import ACTION, LABEL
from adapters.slack.commands import Asked
from adapters.slack.payloads import Submitted
from core.forms import Field, Form
from core.language import ENGLISH, Language
from core.texts import clean

Json = dict[str, Any]
HEAD = 24  # characters of a window's title and buttons
PLACEHOLDER = 150
ELEMENT = "value"  # every field is a block of its own, named for the field


def modal(form: Form, channel: str | None, t: Language = ENGLISH) -> Json:
    """The form as a window. `channel`: where it was opened, so that answers can be shown there."""
    return {
        "type": "modal",
        "callback_id": f"{ACTION}{form.verb}",
        "private_metadata": json.dumps({"about": form.about, "channel": channel}),
        "title": _plain(form.title, HEAD),
        "submit": _plain(form.submit, HEAD),
        "close": _plain(t.gettext("Cancel"), HEAD),
        "blocks": [_input(field) for field in form.fields],
    }


def asked(told: Submitted) -> tuple[Asked, str | None]:
    """What a form that comes back asks, and the channel where it was opened."""
    kept = json.loads(told.view.private_metadata or "{}")
    arguments = {name: text for name, block in told.view.state.values.items() if (text := _written(block))}
    if kept.get("about"):
        arguments["about"] = str(kept["about"])
    return Asked(told.view.callback_id.removeprefix(ACTION), arguments), kept.get("channel")


def _input(field: Field) -> Json:
    return {
        "type": "input",
        "block_id": field.name,
        "label": _plain(field.label, 2_000),
        "optional": not field.required,
        "element": _element(field),
    }


def _element(field: Field) -> Json:
    base: Json = {"action_id": ELEMENT}
    if field.kind == "choice":
        options = [{"text": _plain(o.label, LABEL), "value": o.value} for o in field.options]
        chosen = next((o for o in options if o["value"] == field.value), None)
        return {**base, "type": "static_select", "options": options, **({"initial_option": chosen} if chosen else {})}
    if field.kind == "day":
        return {**base, "type": "datepicker", **({"initial_date": field.hint} if field.hint else {})}
    hint = {"placeholder": _plain(field.hint, PLACEHOLDER)} if field.hint else {}
    typed = {"initial_value": field.value} if field.value else {}
    element = {"type": "plain_text_input", "multiline": field.kind == "text", "max_length": field.most}
    return {**base, **element, **hint, **typed}


def _plain(text: str, most: int) -> Json:
    return {"type": "plain_text", "text": markup.shorten(clean(text), most) or "…"}


def _written(block: Json) -> str:
    """What a person filled in, whichever kind of field it was."""
    element = next(iter(block.values()), None) or {}
    option = element.get("selected_option") or {}
    return str(element.get("value") or element.get("selected_date") or option.get("value") or "").strip()
