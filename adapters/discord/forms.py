"""Forms as modals, and what comes back from them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import discord

from adapters.discord.embeds import custom_id
from adapters.discord.markdown import clean
from core.forms import Field, Form

_TITLE, _LABEL, _HINT, _OPTION = 45, 45, 100, 100
Json = dict[str, Any]


def modal(form: Form) -> discord.ui.Modal:
    """The form as a modal. Stopped at once, so that the client keeps nothing: what comes back is known by its id."""
    made = discord.ui.Modal(title=form.title[:_TITLE], custom_id=custom_id(form.verb, form.about), timeout=None)
    for field in form.fields:
        made.add_item(discord.ui.Label(text=field.label[:_LABEL], component=_component(field)))
    made.stop()
    return made


def _component(field: Field) -> discord.ui.Select[Any] | discord.ui.TextInput[Any]:
    if field.kind == "choice":
        options = [
            discord.SelectOption(label=clean(o.label)[:_OPTION] or "…", value=o.value, default=o.value == field.value)
            for o in field.options
        ]
        return discord.ui.Select(custom_id=field.name, options=options, required=field.required)
    is_day = field.kind == "day"
    return discord.ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.long if field.kind == "text" else discord.TextStyle.short,
        required=field.required,
        max_length=field.most,
        placeholder=None if is_day else field.hint[:_HINT] or None,
        default=(field.hint if is_day else field.value) or None,
    )


def written(asked: discord.Interaction) -> dict[str, str]:
    """What a person filled in, by field."""
    data: Any = asked.data or {}
    return {name: text for name, text in _values(data.get("components") or ()) if text}


def _values(parts: Iterable[Json]) -> Iterator[tuple[str, str]]:
    for part in parts:
        yield from _values([*(part.get("components") or ()), *([part["component"]] if "component" in part else ())])
        if "custom_id" in part:
            chosen = part.get("values") or [part.get("value") or ""]
            yield str(part["custom_id"]), str(chosen[0]).strip()
