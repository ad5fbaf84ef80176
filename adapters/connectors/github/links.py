"""Codes that people post to link their account: in issues and comments, whose author is known to GitHub, and in commits
as far as `trailers` goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adapters.connectors.connector import Normalised
from adapters.connectors.forge import proofs, with_proofs
from adapters.connectors.github import trailers
from adapters.connectors.payload import Payload
from core.connectors import Proof

_HOLDERS: Mapping[str, str] = {"issues.opened": "issue", "issue_comment.created": "comment"}
_KIND = "link code"


def with_codes(said: Normalised, source: str, kind: str, payload: Payload) -> Normalised:
    """What a delivery says, the codes that it proves, and why one in a commit proves nothing."""
    if kind != "push":
        return with_proofs(said, posted(source, kind, payload))
    found, fault = trailers.pushed(source, payload)
    said = with_proofs(said, found)
    return replace(said, ignored=(*said.ignored, (_KIND, fault))) if fault else said


def posted(source: str, kind: str, payload: Payload) -> tuple[Proof, ...]:
    """By people, not by bots; the text goes nowhere."""
    holder, sender = payload.at(_HOLDERS.get(kind, "")), payload.at("sender")
    number, login = holder.look("user.id"), holder.look("user.login")
    if type(number) is not int or not isinstance(login, str) or sender.look("id") != number:
        return ()
    if holder.look("user.type") == "Bot":
        return ()
    return proofs(holder.prose("body"), f"{source}/{number}", login)
