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
    *("link-gist", "link-gist-read"),
    *("kudos", "kudos-undo", "helpful", "nominate", "nominate-send"),
    *("rewards", "rewards-redeem", "rewards-yes"),
    *("team", "team-list", "team-join", "team-leave"),
    *("challenge", "challenge-join", "challenge-leave", "challenge-archive"),
    *("handback", "handback-yes"),
)
_CREATORS = (
    *("challenge-new", "challenge-fill", "challenge-filled", "challenge-more", "challenge-rounded"),
    *("challenge-draft", "challenge-start", "challenge-drop", "challenge-end", "challenge-ended", "challenge-again"),
)
_MODERATORS = (
    *("nominate-give", "ban", "unban", "ban-marks", "grant-confirm", "grant-decline"),
    *("people", "people-match", "people-reject"),
    *("grant", "revoke", "validate", "confirm", "decline", "pause", "freeze", "pause-undo"),
    *("claim-approve", "claim-decline", "claim-declined", "claim-ask", "claim-asked", "claim-undo", "claim-undone"),
    *("validate-undo", "duties"),
    *("claims", "claims-confirm", "claims-approve"),
    *("fairness", "fairness-fine", "fairness-look", "fairness-drop", "fairness-dropped"),
    *("appeal-restore", "appeal-restored", "appeal-keep", "appeal-kept"),
)
_MANAGERS = (
    *("audit", "rewards-waiting", "rewards-approve", "rewards-decline", "rewards-declined"),
    *("rewards-handed", "rewards-refund", "rewards-refunded"),
)
_ADMINS = (
    *("setup", "setup-fill", "setup-filled", "setup-more", "setup-timed", "setup-look", "setup-start", "setup-drop"),
)
NEEDED: Mapping[str, Role] = MappingProxyType(
    {
        **dict.fromkeys(_MEMBERS, "member"),
        **dict.fromkeys(_CREATORS, "creator"),
        **dict.fromkeys(_MODERATORS, "moderator"),
        **dict.fromkeys(_MANAGERS, "manager"),
        **dict.fromkeys(_ADMINS, "admin"),
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
