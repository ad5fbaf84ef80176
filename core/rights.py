"""Who may ask what: five roles, each may what the one before it may. Checked at every command, button and form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, get_args

Role = Literal["member", "creator", "moderator", "manager", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
NAMED: tuple[Role, ...] = ("admin", "manager", "moderator", "creator")
"""Roles that a rule book gives to a user group or a role, the mightiest first."""

_MEMBERS = (
    *("achievements", "leaderboard", "why", "why-not", "settings", "help", "claim", "claim-send", "claim-reply"),
    *("claim-replied", "appeal", "appeal-send", "mylink", "privacy", "erase", "erase-confirm"),
    *("erase-confirmed", "export"),
    *("link", "link-yes", "link-no", "link-email", "link-email-send", "link-forge", "unlink", "unlink-yes"),
    *("kudos", "kudos-undo", "helpful", "nominate", "nominate-send"),
)
_MODERATORS = (
    *("nominate-give", "ban", "unban", "ban-marks", "grant-confirm", "grant-decline"),
    *("people", "people-match", "people-reject"),
    *("grant", "revoke", "validate", "confirm", "decline", "pause", "freeze"),
    *("claim-approve", "claim-decline", "claim-declined", "claim-ask", "claim-asked", "claim-undo", "claim-undone"),
    "validate-undo",
    *("claims", "claims-confirm", "claims-approve"),
    *("fairness-fine", "fairness-look"),
    *("appeal-restore", "appeal-restored", "appeal-keep", "appeal-kept"),
)
NEEDED: Mapping[str, Role] = MappingProxyType(
    {
        **dict.fromkeys(_MEMBERS, "member"),
        **dict.fromkeys(_MODERATORS, "moderator"),
        "audit": "manager",
    }
)
"""The least role that may ask each verb."""


def may(role: Role, verb: str) -> bool:
    """Whether somebody with this role may ask it. What nobody thought of is for admins."""
    return at_least(role, NEEDED.get(verb, "admin"))


def at_least(role: Role, needed: Role) -> bool:
    """Is the role this one, or a mightier one?"""
    return ROLES.index(role) >= ROLES.index(needed)


def mightiest(holds: Callable[[Role], bool]) -> Role:
    """The mightiest role that somebody holds."""
    return next((role for role in NAMED if holds(role)), "member")
