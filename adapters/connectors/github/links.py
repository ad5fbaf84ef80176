"""Codes in issues and comments on them: their author is known to GitHub. That of a commit is anybody's word, also in a
push by somebody who merged it: a code there proves nothing."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.connectors.forge import proofs
from adapters.connectors.payload import Payload
from core.connectors import Proof

_HOLDERS: Mapping[str, str] = {"issues.opened": "issue", "issue_comment.created": "comment"}


def posted(source: str, kind: str, payload: Payload) -> tuple[Proof, ...]:
    """By people, not by bots; the text goes nowhere."""
    holder, sender = payload.at(_HOLDERS.get(kind, "")), payload.at("sender")
    number, login = holder.look("user.id"), holder.look("user.login")
    if type(number) is not int or not isinstance(login, str) or sender.look("id") != number:
        return ()
    if holder.look("user.type") == "Bot":
        return ()
    return proofs(holder.prose("body"), f"{source}/{number}", login)
