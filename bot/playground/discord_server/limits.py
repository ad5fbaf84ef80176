"""The limits Discord puts on messages and forms, as checks that raise its own refusals."""

from collections.abc import Iterator
from typing import Any

from bot.playground.discord_server.wire import COMPONENTS_V2, ApiError, Json, invalid_form

_EMBED_TEXTS = {"title": 256, "description": 4096, "footer.text": 2048, "author.name": 256}
_EMBED_TOTAL = 6000
_ACTION_ROW, _BUTTON, _SELECTS, _TEXT, _LINK, _PREMIUM = 1, 2, (3, 5, 6, 7, 8), 10, 5, 6


def check_message(body: Json, *, is_edit: bool = False, has_files: bool = False) -> None:
    """Refuses a message body that Discord would refuse (400)."""
    _at_most(body.get("content"), 2000, "content")
    embeds, components = body.get("embeds") or [], body.get("components") or []
    is_v2 = bool((body.get("flags") or 0) & COMPONENTS_V2)
    if is_v2 and (body.get("content") or embeds):
        code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
        raise invalid_form("flags", code, "The 'content' and 'embeds' fields cannot be used with components V2")
    if not is_edit and not (body.get("content") or embeds or components or has_files):
        raise ApiError(400, 50006, "Cannot send an empty message")
    _check_nonce(body.get("nonce"))
    check_embeds(embeds)
    check_components(components, is_v2=is_v2)


def _check_nonce(nonce: str | int | None) -> None:
    _at_most(None if nonce is None else str(nonce), 25, "nonce")


def check_embeds(embeds: list[Json]) -> None:
    """At most ten, each part within its length, 6,000 characters in all."""
    _count(embeds, 10, "embeds")
    for index, embed in enumerate(embeds):
        _check_embed(embed, f"embeds.{index}")
    if sum(len(text) for embed in embeds for text in _embed_texts(embed)) > _EMBED_TOTAL:
        raise invalid_form("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _check_embed(embed: Json, where: str) -> None:
    for path, most in _EMBED_TEXTS.items():
        _at_most(_dig(embed, path), most, f"{where}.{path}")
    fields = embed.get("fields") or []
    _count(fields, 25, f"{where}.fields")
    for index, field in enumerate(fields):
        _required(field.get("name"), 256, f"{where}.fields.{index}.name")
        _required(field.get("value"), 1024, f"{where}.fields.{index}.value")


def _embed_texts(embed: Json) -> Iterator[str]:
    for path in _EMBED_TEXTS:
        yield _dig(embed, path) or ""
    for field in embed.get("fields") or []:
        yield field["name"]
        yield field["value"]


def _dig(value: Json, path: str) -> Any:
    found: Any = value
    for key in path.split("."):
        found = (found or {}).get(key)
    return found


def embeds_of(body: Json) -> list[Json]:
    """The embeds of a body as Discord gives them back."""
    return [{"type": "rich", "content_scan_version": 0, **embed} for embed in body.get("embeds") or []]


# -- components -------------------------------------------------------------------------------------------


def check_components(components: list[Json], *, is_v2: bool) -> None:
    """Five rows of five buttons, or forty parts and 4,000 characters in the second version."""
    every = list(walk(components))
    if is_v2:
        _count(every, 40, "components")
        if sum(len(part.get("content") or "") for part in every if part["type"] == _TEXT) > 4000:
            raise invalid_form("components", "BASE_TYPE_MAX_LENGTH", "Must be 4000 or fewer in length.")
    else:
        _check_rows(components)
    for part in every:
        _check_part(part)
    _check_unique([part["custom_id"] for part in every if part.get("custom_id")])


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, containers before what is in them."""
    for component in components:
        yield component
        inner = [component[key] for key in ("accessory", "component") if key in component]
        yield from walk([*component.get("components", []), *inner])


def _check_rows(rows: list[Json]) -> None:
    _count(rows, 5, "components")
    for index, row in enumerate(rows):
        if row["type"] != _ACTION_ROW:
            code, text = "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).'
            raise invalid_form(f"components.{index}.type", code, text)


def _check_part(part: Json) -> None:
    kind = part["type"]
    if kind == _ACTION_ROW:
        inner = part.get("components") or []
        if not inner:
            raise invalid_form("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
        _count(inner, 5, "components")
    elif kind == _BUTTON:
        _check_button(part)
    elif kind in _SELECTS:
        _required(part.get("custom_id"), 100, "components.custom_id")
        _at_most(part.get("placeholder"), 150, "components.placeholder")
        _count(part.get("options") or [], 25, "components.options")


def _check_button(button: Json) -> None:
    _at_most(button.get("label"), 80, "components.label")
    if button.get("style") == _LINK:
        _required(button.get("url"), 512, "components.url")
    elif button.get("style") != _PREMIUM:
        _required(button.get("custom_id"), 100, "components.custom_id")
    if not (button.get("label") or button.get("emoji") or button.get("style") == _PREMIUM):
        raise invalid_form("components", "BUTTON_COMPONENT_MISSING_LABEL", "A label or emoji is required")


def _check_unique(custom_ids: list[str]) -> None:
    if len(set(custom_ids)) != len(custom_ids):
        code = "COMPONENT_CUSTOM_ID_DUPLICATED"
        raise invalid_form("components", code, "Component custom id cannot be duplicated")


# -- answers that are no messages -------------------------------------------------------------------------


def check_modal(data: Json) -> None:
    """A form: a title, an id and one to five inputs."""
    _required(data.get("title"), 45, "data.title")
    _required(data.get("custom_id"), 100, "data.custom_id")
    parts = data.get("components") or []
    if not parts:
        raise invalid_form("data.components", "BASE_TYPE_REQUIRED", "This field is required")
    _count(parts, 5, "data.components")
    _check_unique([part["custom_id"] for part in walk(parts) if part.get("custom_id")])


def check_choices(choices: list[Json], where: str) -> None:
    """At most 25 choices of 100 characters."""
    _count(choices, 25, where)
    for index, choice in enumerate(choices):
        _required(choice.get("name"), 100, f"{where}.{index}.name")
        if isinstance(choice.get("value"), str):
            _at_most(choice["value"], 100, f"{where}.{index}.value")


def _required(text: str | None, most: int, where: str) -> None:
    if not text:
        raise invalid_form(where, "BASE_TYPE_REQUIRED", "This field is required")
    _at_most(text, most, where)


def _at_most(text: str | None, most: int, where: str) -> None:
    if text is not None and len(text) > most:
        raise invalid_form(where, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def _count(items: list[Any], most: int, where: str) -> None:
    if len(items) > most:
        raise invalid_form(where, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
