"""Codes in issues and comments: GitLab knows who wrote them. The author of a commit is anybody's word."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.connectors.forge import proofs
from adapters.connectors.payload import Payload
from core.connectors import Proof

_TEXTS: Mapping[str, str] = {"issue.open": "description", "note.create": "note"}


def posted(source: str, kind: str, payload: Payload) -> tuple[Proof, ...]:
    """By whoever set the event off, if they are the author; the text goes nowhere."""
    holder, user = payload.at("object_attributes"), payload.at("user")
    number, name = user.look("id"), user.look("username")
    if kind not in _TEXTS or type(number) is not int or not isinstance(name, str):
        return ()
    if holder.look("author_id") != number or holder.look("system") is True:
        return ()
    return proofs(holder.prose(_TEXTS[kind]), f"{source}/{number}", name)
