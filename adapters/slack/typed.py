"""What people typed, from what Slack made of it."""

from __future__ import annotations

import re

_MARKED = re.compile(r"<([@#!])([^>|]+)(?:\|([^>]*))?>")
_LINKED = re.compile(r"<([^>|]+)(?:\|[^>]*)?>")


def unescape(text: str) -> str:
    """What the person typed, from what Slack made of it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def plain(text: str) -> str:
    """Words to be said again: people and channels by the names that Slack sent along, links as they are."""
    named = _MARKED.sub(lambda found: f"{found[1].replace('!', '@')}{found[3] or found[2]}", text)
    return unescape(_LINKED.sub(r"\1", named))
