"""Block Kit's limits. `problems()` is pure: the same blocks, the same complaints."""

from collections.abc import Callable, Iterator
from typing import Any

from .errors import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100

_ELEMENT_TYPES = (
    "button checkboxes channels_select conversations_select datepicker datetimepicker external_select image "
    "multi_channels_select multi_conversations_select multi_external_select multi_static_select "
    "multi_users_select overflow radio_buttons static_select timepicker users_select workflow_button"
)
_ELEMENTS = frozenset(_ELEMENT_TYPES.split())
_INPUTS = _ELEMENTS | {
    "email_text_input",
    "file_input",
    "number_input",
    "plain_text_input",
    "rich_text_input",
    "url_text_input",
}


def problems(blocks: Any, *, most: int = MESSAGE_BLOCKS, at: str = "/blocks") -> list[str]:
    """What Slack would refuse in `blocks`, each with a JSON pointer below `at`; empty when all is well."""
    if not isinstance(blocks, list):
        return [f"must be an array [json-pointer:{at}]"]
    found = list(_many(blocks, most, at, least=0))
    for index, block in enumerate(blocks):
        found += _block(block, f"{at}/{index}")
    found += _repeated([b.get("block_id") for b in blocks if isinstance(b, dict)], "block_id", at)
    return found


def _say(text: str, at: str) -> str:
    return f"{text} [json-pointer:{at}]"


def _block(block: Any, at: str) -> Iterator[str]:
    if not isinstance(block, dict):
        yield _say("must be an object", at)
        return
    check = _CHECKS.get(block.get("type", ""))
    if check is None:
        yield _say(f"unsupported type: {block.get('type')}", f"{at}/type")
        return
    yield from _length(block, "block_id", 255, at)
    yield from check(block, at)


def _many(items: list[Any], most: int, at: str, *, least: int = 1) -> Iterator[str]:
    if len(items) > most:
        yield _say(f"no more than {most} items allowed", at)
    if len(items) < least:
        yield _say(f"no fewer than {least} items allowed", at)


def _repeated(values: list[Any], name: str, at: str) -> Iterator[str]:
    named = [v for v in values if v is not None]
    if len(set(named)) != len(named):
        yield _say(f"`{name}` must be unique", at)


def _length(holder: Json, key: str, most: int, at: str, *, least: int = 1, required: bool = False) -> Iterator[str]:
    value = holder.get(key)
    if value is None:
        if required:
            yield _say(f"missing required field: {key}", at)
    elif not isinstance(value, str):
        yield _say("must be a string", f"{at}/{key}")
    elif len(value) > most:
        yield _say(f"must be less than {most + 1} characters", f"{at}/{key}")
    elif len(value) < least:
        yield _say(f"must be more than {least - 1} characters", f"{at}/{key}")


def _only(holder: Json, known: str, at: str) -> Iterator[str]:
    for key in holder.keys() - set(known.split()):
        yield _say(f"invalid additional property: {key}", at)


def _text(value: Any, most: int, at: str, *, plain: bool) -> Iterator[str]:
    """A text object of 1 to `most` characters; with `plain` it must not be mrkdwn."""
    if not isinstance(value, dict):
        yield _say("must be an object", at)
        return
    kind = value.get("type")
    if kind not in ("plain_text", "mrkdwn"):
        yield _say(f"unsupported type: {kind}", f"{at}/type")
    elif plain and kind != "plain_text":
        yield _say("must be a valid enum value: plain_text", f"{at}/type")
    yield from _only(value, "type text emoji" if kind == "plain_text" else "type text verbatim", at)
    yield from _length(value, "text", most, at, required=True)


def _optional_text(holder: Json, key: str, most: int, at: str, *, plain: bool = True) -> Iterator[str]:
    if holder.get(key) is not None:
        yield from _text(holder[key], most, f"{at}/{key}", plain=plain)


def _section(block: Json, at: str) -> Iterator[str]:
    yield from _only(block, "type block_id text fields accessory expand", at)
    if block.get("text") is None and block.get("fields") is None:
        yield _say("missing required field: text", at)
    yield from _optional_text(block, "text", 3000, at, plain=False)
    fields = block.get("fields")
    if fields is not None:
        yield from _many(fields, 10, f"{at}/fields")
        for index, field in enumerate(fields):
            yield from _text(field, 2000, f"{at}/fields/{index}", plain=False)
    if block.get("accessory") is not None:
        yield from _element(block["accessory"], f"{at}/accessory", _ELEMENTS)


def _header(block: Json, at: str) -> Iterator[str]:
    yield from _only(block, "type block_id text", at)
    yield from _text(block.get("text"), 150, f"{at}/text", plain=True)


def _divider(block: Json, at: str) -> Iterator[str]:
    yield from _only(block, "type block_id", at)


def _context(block: Json, at: str) -> Iterator[str]:
    yield from _only(block, "type block_id elements", at)
    elements = block.get("elements") or []
    yield from _many(elements, 10, f"{at}/elements")
    for index, element in enumerate(elements):
        here = f"{at}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            yield from _image(element, here)
        else:
            yield from _text(element, 3000, here, plain=False)


def _actions(block: Json, at: str) -> Iterator[str]:
    yield from _only(block, "type block_id elements", at)
    elements = block.get("elements") or []
    yield from _many(elements, 25, f"{at}/elements")
    for index, element in enumerate(elements):
        yield from _element(element, f"{at}/elements/{index}", _ELEMENTS - {"image"})
    ids = [e.get("action_id") for e in elements if isinstance(e, dict)]
    yield from _repeated(ids, "action_id", f"{at}/elements")


def _input(block: Json, at: str) -> Iterator[str]:
    yield from _text(block.get("label"), 2000, f"{at}/label", plain=True)
    yield from _optional_text(block, "hint", 2000, at)
    yield from _element(block.get("element"), f"{at}/element", _INPUTS - {"button", "image"})


def _image(block: Json, at: str) -> Iterator[str]:
    yield from _length(block, "alt_text", 2000, at, least=0, required=True)
    yield from _length(block, "image_url", 3000, at)
    yield from _optional_text(block, "title", 2000, at)
    if bool(block.get("image_url")) == bool(block.get("slack_file")):
        yield _say("must have either image_url or slack_file", at)


def _markdown(block: Json, at: str) -> Iterator[str]:
    yield from _length(block, "text", 12_000, at, required=True)


def _free(block: Json, at: str) -> Iterator[str]:
    """Known to Slack, not looked into here."""
    return iter(())


def _element(element: Any, at: str, known: frozenset[str] | set[str]) -> Iterator[str]:
    if not isinstance(element, dict):
        yield _say("must be an object", at)
        return
    kind = element.get("type")
    if kind not in known:
        yield _say(f"unsupported type: {kind}", f"{at}/type")
        return
    if kind == "image":
        yield from _image(element, at)
        return
    yield from _length(element, "action_id", 255, at)
    yield from _optional_text(element, "placeholder", 150, at)
    yield from _options(element.get("options"), f"{at}/options")
    yield from _confirm(element.get("confirm"), f"{at}/confirm")
    if kind == "button":
        yield from _button(element, at)


def _button(element: Json, at: str) -> Iterator[str]:
    yield from _only(element, "type text action_id url value style confirm accessibility_label", at)
    yield from _text(element.get("text"), 75, f"{at}/text", plain=True)
    yield from _length(element, "value", 2000, at, least=0)
    yield from _length(element, "url", 3000, at)
    yield from _length(element, "accessibility_label", 75, at)
    if element.get("style") not in (None, "primary", "danger"):
        yield _say("must be a valid enum value: primary, danger", f"{at}/style")


def _options(options: Any, at: str) -> Iterator[str]:
    if options is None:
        return
    yield from _many(options, 100, at)
    for index, option in enumerate(options):
        yield from _text(option.get("text"), 75, f"{at}/{index}/text", plain=False)
        yield from _length(option, "value", 150, f"{at}/{index}", required=True)


def _confirm(confirm: Json | None, at: str) -> Iterator[str]:
    for key, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        if confirm is not None:
            yield from _optional_text(confirm, key, most, at, plain=key != "text")


_CHECKS: dict[str, Callable[[Json, str], Iterator[str]]] = {
    "actions": _actions,
    "context": _context,
    "divider": _divider,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "section": _section,
    **dict.fromkeys(("call", "context_actions", "file", "rich_text", "table", "video"), _free),
}


def view_problems(view: Json) -> list[str]:
    """What Slack would refuse in a modal or Home view, with JSON pointers below `/view`."""
    found = problems(view.get("blocks"), most=VIEW_BLOCKS, at="/view/blocks")
    found += _length(view, "callback_id", 255, "/view")
    found += _length(view, "private_metadata", 3000, "/view", least=0)
    if view.get("type") == "modal":
        found += _text(view.get("title"), 24, "/view/title", plain=True)
        found += _optional_text(view, "submit", 24, "/view")
        found += _optional_text(view, "close", 24, "/view")
        if view.get("submit") is None and any(b.get("type") == "input" for b in view.get("blocks") or []):
            found.append(_say("missing required field: submit", "/view"))
    return found
