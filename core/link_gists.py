"""A code in a gist: how the gist's address is read, when it proves something, and what is said where it does not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.events import Account
from core.language import ENGLISH, Language

LONGEST_LINK = 300
SKEW = 120 * 1_000_000  # microseconds that GitHub's clock may be behind ours
_ID = re.compile(r"(?:\A|/)([0-9a-f]{20,40})(?:\.git)?/?(?:[#?]\S*)?\Z")

Read = Literal["right", "unasked", "unknown", "codeless", "foreign", "old", "taken", "locked", "busy", "silent", "off"]
"""`unasked`: the person has no code to post. `codeless`: their code is not in it. `foreign`: somebody else wrote in it.
`old`: it was there before the code. `taken`: somebody else posted the code before. `busy`: GitHub asks to wait.
`silent`: it does not answer, or not as it should. `off`: nobody can read gists here."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What a gist says. `owner`: the number of their account; `at`: when it was changed last (UTC microseconds);
    `sole`: nobody else ever wrote in it."""

    owner: int
    login: str
    at: int
    sole: bool
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadGist:
    """What became of a gist that somebody showed. `token` names their code on buttons."""

    outcome: Read
    account: Account = ""
    name: str = ""
    token: str = ""


def gist_id(typed: str) -> str | None:
    """The id at the end of what was typed; nothing else of it is used: where GitHub is asked is no member's choice."""
    found = _ID.search(typed.strip()[:LONGEST_LINK].lower())
    return found[1] if found else None


def judge(gist: Gist, issued: int) -> Read:
    """Whether it may prove a code that was given out at `issued` (UTC microseconds). A fork is its owner's, but the
    words in it are somebody else's."""
    if not gist.sole:
        return "foreign"
    if not gist.codes:
        return "codeless"
    return "old" if gist.at < issued - SKEW else "right"


def said(outcome: Read, t: Language = ENGLISH) -> str:
    """Why a gist proved nothing, and what to do."""
    texts: dict[Read, str] = {
        "unasked": t.gettext("Ask for a code first: /plaudit link github. Then write it into a gist."),
        "unknown": t.gettext("GitHub knows no such gist. Look at its address again; a secret gist is fine."),
        "codeless": t.gettext("Your code is not in this gist. Write Plaudit-Link: CODE into a file, on its own line."),
        "foreign": t.gettext("This gist is a fork, or somebody else wrote in it. Make one of your own."),
        "old": t.gettext("This gist is older than your code. Save it again with the code, or make a new one."),
        "taken": t.gettext("Somebody else posted your code before. Ask for a new one: /plaudit link github."),
        "locked": t.gettext("Too many gists that did not fit. Try again in ten minutes."),
        "busy": t.gettext("GitHub asks me to wait. Try again in some minutes, or post the code on an issue."),
        "silent": t.gettext("GitHub did not answer as it should. Try again in a minute, or post the code on an issue."),
        "off": t.gettext("I cannot read gists here. Post the code on an issue, or ask an operator."),
    }
    return texts.get(outcome, "")
