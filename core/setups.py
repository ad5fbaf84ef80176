"""Setting a community up from the chat: what is answered, the rule book that comes of it, and what a desk must know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal, Protocol

from core.events import Account
from core.rules.book import RuleBook
from core.rules.community import OnPlatforms, Platform
from core.rules.editing import Setting, written

WAITING = """\
# Nobody has answered /plaudit setup yet: what happens is recorded, nothing is decided and nothing is posted.
rules = 1
"""
"""The book of a community that has none."""
SPEAKING = frozenset({"kudos", "challenge-new", "challenge-filled", "challenge-start"})
"""What would be said in a channel, and so waits until somebody has said what this community wants."""
DAYS = 30
"""How far a preview looks back."""
SET_UP = "community.set_up"
"""What the audit trail calls it."""
QUIET_DAYS = 14
Use = Literal["announcements", "digest", "moderators"]
USES: tuple[Use, ...] = ("announcements", "digest", "moderators")


@dataclass(frozen=True, slots=True)
class Answers:
    """What was filled in on one platform. Channels and `staff` (who moderates): names or ids there, "" for none.
    `template`: which first rules, "" to keep those that there are."""

    announcements: str = ""
    digest: str = ""
    moderators: str = ""
    staff: str = ""
    template: str = ""
    day: str = "monday"
    time: str = "09:00"
    zone: str = "UTC"

    def channel(self, use: Use) -> str:
        """Where something is posted."""
        return {"announcements": self.announcements, "digest": self.digest, "moderators": self.moderators}[use]


@dataclass(frozen=True, slots=True)
class Base:
    """What a new book would replace. `text`: the book in force, of `revision`; `mark`: of what its file holds now.
    `obstacle`: why the file cannot be replaced, in words, "" where it can. `days`: since the first start."""

    text: str
    revision: int
    mark: str
    obstacle: str = ""
    days: int = 0


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`people`: how many would hold at least one; `badges`: how many each."""

    people: int
    badges: Mapping[str, int]


class Setups(Protocol):
    """What a desk must know to set a community up."""

    def templates(self) -> Mapping[str, str]:
        """First rule books, each with whom it is for."""
        ...

    def text(self, template: str) -> str:
        """What a first rule book says."""
        ...

    def is_there(self, source: str, ref: str, *, channel: bool) -> bool | None:
        """Whether the platform has this channel, else this role or user group; None where nobody can say now."""
        ...

    async def answers(self, source: str) -> Answers | None:
        """What was filled in there and is not in force yet."""
        ...

    async def base(self) -> Base: ...

    async def fault(self, text: str) -> str:
        """What keeps a text from coming into force, "" for nothing."""
        ...

    async def foreseen(self, text: str, *, patient: bool) -> Foreseen | None:
        """Who would hold what by the last DAYS days; None where that is too much to count now."""
        ...


# ---- what is to be changed


@dataclass(frozen=True, slots=True)
class KeepAnswers:
    """Keep what was filled in on a platform; None forgets it."""

    source: str
    answers: Answers | None


@dataclass(frozen=True, slots=True)
class PutBook:
    """This text is in force from now on, if the revision `base` still is. `replaces`: mark of what its file holds."""

    source: str
    text: str
    base: int
    replaces: str
    by: Account


Change = KeepAnswers | PutBook


def answers_written(answers: Answers) -> str:
    """As JSON."""
    return json.dumps(asdict(answers), ensure_ascii=False, sort_keys=True)


def answers_read(text: str) -> Answers:
    """What `answers_written` wrote."""
    return Answers(**json.loads(text))


def is_waiting(book: RuleBook) -> bool:
    """Whether nobody has said yet what this community wants."""
    return book.written.text == WAITING


def answers_of(book: RuleBook, platform: Platform, zone: str | None = None) -> Answers:
    """What a book says already. `zone`: of whoever asks, for a community that has said nothing."""
    found = {use: getattr(book.channels, use).on(platform) or "" for use in USES}
    home = zone if zone and is_waiting(book) else book.community.timezone
    staff = book.moderators.on(platform) or ""
    return Answers(**found, staff=staff, day=book.digest.day, time=book.digest.time, zone=home)


def book_text(text: str, book: RuleBook, answers: Answers, platform: Platform, quiet_days: int | None = None) -> str:
    """`text` with these answers in it. `book`: what other platforms say is taken from it. `quiet_days`: since the first
    start, in which badges are only listed in the digest; None leaves that as it is.

    Raises core.rules.editing.NotEdited.
    """
    settings: list[tuple[str, str, Setting]] = [("community", "timezone", answers.zone)]
    if quiet_days is not None:
        settings.append(("community", "quiet_start", f"{quiet_days} days"))
    for use in USES:
        settings.append(("channels", use, _with(getattr(book.channels, use), platform, answers.channel(use))))
    settings += [("digest", "day", answers.day), ("digest", "time", answers.time)]
    if answers.staff or book.moderators.on(platform):
        settings.append(("moderators", platform, answers.staff or {}))
    return written(text, settings)


def _with(there: OnPlatforms, platform: Platform, ref: str) -> Mapping[str, str]:
    platforms: tuple[Platform, ...] = ("slack", "discord")
    refs = {p: ref if p == platform else there.on(p) for p in platforms}
    return {p: found for p, found in refs.items() if found}
