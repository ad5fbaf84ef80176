"""What a message looks like to the person who reads it: all its text, without markup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_MARKS = str.maketrans("", "", "*\\\u200b")  # what makes text bold, or keeps it from being markup


def slack_text(message: dict[str, Any]) -> str:
    """The text of a message's blocks; of the message where it has none."""
    text = "\n".join(_slack(message.get("blocks") or [])) or str(message.get("text", ""))
    return text.translate(_MARKS)


def _slack(thing: Any) -> Iterator[str]:
    if isinstance(thing, list):
        for part in thing:
            yield from _slack(part)
    elif isinstance(thing, dict):
        if isinstance(thing.get("text"), str):
            yield thing["text"]
        for key in ("text", "fields", "elements", "accessory"):
            if isinstance(thing.get(key), list | dict):
                yield from _slack(thing[key])


def discord_text(message: dict[str, Any]) -> str:
    """Content, embeds and the labels of buttons."""
    parts = [message.get("content") or ""]
    for embed in message.get("embeds") or ():
        parts += [embed.get("title") or "", embed.get("description") or ""]
        parts += [f"{f['name']}\n{f['value']}" for f in embed.get("fields") or ()]
        parts.append((embed.get("footer") or {}).get("text") or "")
    text = "\n".join(part for part in [*parts, *_labels(message.get("components") or [])] if part)
    return text.translate(_MARKS)


def _labels(components: list[dict[str, Any]]) -> Iterator[str]:
    for part in components:
        if "label" in part:
            yield part["label"]
        yield from _labels(part.get("components") or [])
