"""Codes that prove whose an account is: what they are, what becomes of them, and who keeps them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from core.events import Account
from core.likeness import Stranger
from core.link_gists import ReadGist
from core.members import Member

CODE_LENGTH = 10
TOKEN_LENGTH = 12
GOOD_FOR = 15 * 60_000_000  # microseconds
MOST_MAILS = 3
MAILS_WITHIN = 3_600_000_000  # microseconds
LONGEST_ADDRESS = 254
TRAILER = "Plaudit-Link"
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+=?^_`{|}~-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,63}")

Way = Literal["chat", "email", "forge", "moderator"]
Outcome = Literal["right", "own", "already", "same place", "taken", "wrong", "locked"]
"""`own`: one's own code. `already`: one person by now. `same place`: both have an account in the same workspace or
server. `taken`: the account is somebody else's here. A code that nobody made, an old and a used one are all `wrong`."""


@dataclass(frozen=True, slots=True)
class Found:
    """Whose code was typed. `token` names it on buttons; `joined`: what came of it where no more is asked."""

    outcome: Outcome
    other: Account = ""
    token: str = ""
    joined: Joined | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """`other`: the account that was linked. `badges`: how many the person holds now; `brought`: how many of these the
    other account alone had held; `fresh`: how many nobody had."""

    outcome: Outcome
    other: Account = ""
    badges: int = 0
    brought: int = 0
    fresh: int = 0


@dataclass(frozen=True, slots=True)
class Parted:
    """Badges that stay, and those that the account which left holds by itself."""

    stays: int
    leaves: int


Mailed = Literal["sent", "often", "off"]


class Links(Protocol):
    """Who keeps codes and links of one community. Whatever is changed is stored when these return."""

    async def code(self, account: Account, way: Way, channel: str | None) -> str:
        """A new code; the one before it works no longer."""
        ...

    async def mail(self, account: Account, address: str, channel: str | None) -> Mailed:
        """Sends a code there. `often`: enough mails for now; `off`: nobody sends mails here."""
        ...

    async def sign_in(self, account: Account) -> str | None:
        """Where the person signs in at GitHub to prove the code that they have to post; None where nobody can."""
        ...

    async def reads_gists(self) -> bool:
        """Whether anybody can read gists for this community."""
        ...

    async def read_gist(self, account: Account, gist: str) -> ReadGist:
        """Reads a gist, by its id, in which the person wrote their code."""
        ...

    async def show(self, account: Account, typed: str) -> Found:
        """Somebody typed a code. One that came by mail is proved by that."""
        ...

    async def confirm(self, account: Account, token: str) -> Joined:
        """The person whose word is missing says yes."""
        ...

    async def drop(self, account: Account, token: str) -> None:
        """They say no: the code is gone."""
        ...

    async def part(self, account: Account, leaving: Account) -> Parted | None:
        """None where the two are not linked any more."""
        ...

    async def strangers(self, most: int) -> Sequence[Stranger]:
        """People whom the chat does not know, those with the most facts first."""
        ...

    async def match(self, by: Account, account: Account, candidate: Account) -> Outcome:
        """A moderator says who somebody is."""
        ...

    async def reject(self, by: Account, account: Account, candidate: Account) -> None:
        """A moderator says who somebody is not; it is not suggested again."""
        ...

    async def members(self, account: Account) -> tuple[Member, Sequence[Account]]:
        """How the person behind an account is called, and all their accounts."""
        ...


def read_address(typed: str) -> str | None:
    """An e-mail address in small letters, None for what is none."""
    address = typed.strip().lower()
    return address if len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address) else None


def key_of(account: Account) -> str:
    """How buttons name an account: they hold little."""
    return hashlib.sha256(account.encode()).hexdigest()[:16]


_PLACES = {
    "slack": "Slack",
    "discord": "Discord",
    "github": "GitHub",
    "gitlab": "GitLab",
    "hubspot": "HubSpot",
    "jira": "Jira",
    "moodle": "Moodle",
    "zendesk": "Zendesk",
    "email": "e-mail",
}


def place(account: Account) -> str:
    """Where an account is, as people say it."""
    source = account.partition("/")[0]
    return _PLACES.get(source.partition(":")[0], source)


def called(account: Account, name: str | None) -> str:
    """As "Lena on Slack"; an address is known by itself."""
    user = account.partition("/")[2]
    return user if account.startswith("email/") else f"{name or user} on {place(account)}"
