"""`[[givers]]`: who beside the moderators gives some of the badges by hand, and how many in a month."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Annotated

from pydantic import PlainValidator

from core.catalogue import nearest
from core.rules.community import OnPlatforms
from core.rules.grammar import Count, Texts
from core.rules.locations import Path

_ACCOUNT = re.compile(r"[a-z][a-z0-9_]*:[^\s/]+/[^\s/]+")


def _giver_account(value: object) -> str:
    if isinstance(value, str) and _ACCOUNT.fullmatch(value):
        return value
    raise ValueError('write one account, as "slack:T024BE7LD/U7"')


class Giver(OnPlatforms):
    """`slack`: a user group; `discord`: a role; `account`: one account. `monthly`: for each person."""

    account: Annotated[str, PlainValidator(_giver_account)] | None = None
    achievements: Texts
    monthly: Count

    @property
    def named(self) -> bool:
        """Whether it says who."""
        return any((self.slack, self.discord, self.account))


def giver_faults(givers: Sequence[Giver], achievements: Collection[str]) -> Iterator[tuple[Path, str, str]]:
    """What no key shows alone, as (path, what to write instead, number). `achievements`: ids that exist."""
    for number, giver in enumerate(givers):
        path: Path = ("givers", number)
        if not giver.named:
            text = 'nobody is named; add slack = "@tutors", discord = "Tutor" or account = "slack:T024BE7LD/U7"'
            yield path, text, "R0"
        for name in giver.achievements:
            if name not in achievements:
                near = nearest(name, achievements)
                remedy = f'Did you mean "{near}"?' if near else "Write the id of one"
                yield (*path, "achievements"), f'no achievement is called "{name}". {remedy}', "R4"
