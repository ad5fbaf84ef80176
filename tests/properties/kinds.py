"""The kinds of rules that random histories try, each with its own small book in books/."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.histories import BOOK
from tests.properties.invented import ACTS, Inventor

CHANGES = """
[achievement.changes]
name = "Changes"
when = "message.posted"
goal = 2
version = 1
"""
ASKING = """
rules = 1
[community]
timezone = "Europe/Berlin"
quiet_start = "0 days"
opt_in = true
[defaults]
if_undone = "revoke"
[achievement.posted]
name = "Posted"
when = "message.posted"
goal = 2
[achievement.marked]
name = "Marked"
when = "reaction.added"
credit = "author"
distinct = "actor"
goal = 2
[score.posts]
when = "message.posted"
give = 1
"""
BOOKS = Path(__file__).with_name("books")


@dataclass(frozen=True)
class Kind:
    """What is said in histories of this kind: acts of the storyteller, each as often as it is listed."""

    name: str
    acts: tuple[str, ...]
    text: str = ""

    @property
    def book(self) -> str:
        return self.text or (BOOKS / f"{self.name}.toml").read_text()

    @property
    def changed(self) -> str:
        """The book in which its last achievement asks for more, in version 2."""
        head, mark, last = self.book.partition("[achievement.changes]")
        assert mark, f"{self.name}.toml ends with [achievement.changes]"
        for old, new in (("version = 1", "version = 2"), ("goal = 2", "goal = 3"), ("2 days", "3 days")):
            last = last.replace(old, new)
        return head + mark + last


def kind(name: str, text: str = "", **acts: int) -> Kind:
    return Kind(name, tuple(act for act, times in acts.items() for _ in range(times)), text)


def invented(seed: int) -> Kind:
    """Six achievements of words put together at random."""
    return Kind(f"invented {seed}", ACTS, Inventor(Random(f"invented {seed}")).book(6) + CHANGES)  # noqa: S311 - no secret


KINDS = {
    k.name: k
    for k in (
        kind("counting", BOOK + CHANGES, post=8, react=9, talk=3, moderate=2, opt_out=1),
        kind("tiers", post=8, give=4, rate=5, join=2, opt_out=1),
        kind("within", post=8, react=7, give=4, rate=3),
        kind("unless", ticket=10, trouble=5, post=2, react=5),
        kind("streaks", post=14, pause=2, freeze=2, outage=1, move=1),
        kind("absence", post=8, react=2, move=1),
        kind("steps", thread=12, post=3),
        kind("parts", post=8, react=4, thread=4),
        kind("dates", post=14, move=1),
        kind("lasting", post=9, learn=4, ticket=3, trouble=1, move=1, pause=1),
        kind("ranks", post=10, react=4, give=3, rate=3),
        kind("together", post=10, react=4, give=4, thread=3),
        kind("who", post=9, thread=3, join=2, team=2, ask=4),
        kind("teams", post=12, react=4, thread=3, team=6),
        kind("engine", post=9, thread=5, moderate=1),
        kind("zones", post=12, move=3),
        kind("people", thread=8, meet=6, opt_out=1),
        kind("asking", ASKING + CHANGES, post=9, react=7, opt_out=9),
    )
}
