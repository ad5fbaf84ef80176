"""A second reading of Block Kit's limits for tests of renderers, written apart from the stand-in's own check.

One table of lengths, walked over any JSON: whatever holds a text is measured by where it stands."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_TEXT = {"section": 3000, "header": 150, "button": 75}
_KEYS = {"action_id": 255, "block_id": 255, "value": 2000, "alt_text": 2000, "image_url": 3000, "url": 3000}
_COUNTS = {("context", "elements"): 10, ("actions", "elements"): 25, ("section", "fields"): 10}
_BLOCKS = {"section", "header", "divider", "context", "actions", "image", "input", "rich_text", "markdown"}
_PLAIN_ONLY = {"header", "button"}


def block_kit_faults(blocks: list[Json], most: int = 50) -> list[str]:
    """What is wrong with the blocks of a message (`most=100`: of a modal or Home); empty when all is well."""
    found = [] if len(blocks) <= most else [f"{len(blocks)} blocks, {most} are the most"]
    for index, block in enumerate(blocks):
        if block.get("type") not in _BLOCKS:
            found.append(f"blocks[{index}]: unknown type {block.get('type')}")
        found += _walk(block, f"blocks[{index}]")
    return found


def _walk(thing: Json, at: str) -> Iterator[str]:
    kind = str(thing.get("type"))
    yield from _texts(thing, kind, at)
    for key, most in _KEYS.items():
        if isinstance(thing.get(key), str) and len(thing[key]) > most:
            yield f"{at}.{key}: {len(thing[key])} characters, {most} are the most"
    for key, value in thing.items():
        most = _COUNTS.get((kind, key), 100)
        inner = value if isinstance(value, list) else [value]
        if len(inner) > most:
            yield f"{at}.{key}: {len(inner)} items, {most} are the most"
        for index, item in enumerate(inner):
            if isinstance(item, dict):
                yield from _walk(item, f"{at}.{key}[{index}]")


def _texts(thing: Json, kind: str, at: str) -> Iterator[str]:
    fields = [(f, 2000) for f in thing.get("fields") or []]
    text = thing.get("text")
    whole = [(text, _TEXT[kind])] if isinstance(text, dict) and kind in _TEXT else []
    for item, most in [*fields, *whole]:
        if not 1 <= len(item["text"]) <= most:
            yield f"{at}: {len(item['text'])} characters in a {kind}, 1 to {most} fit"
        if kind in _PLAIN_ONLY and item["type"] != "plain_text":
            yield f"{at}: a {kind} takes plain_text only"
