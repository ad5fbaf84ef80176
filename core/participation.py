"""Who takes part: how many in a week, who came back, who stays; against what was usual in the weeks before."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from statistics import median

from core.members import Member

ACTS = (
    *("message.posted", "thread.replied", "reaction.added", "command.used", "voice.session_ended", "event.attended"),
    *("poll.voted", "reply.marked_helpful", "answer.accepted", "kudos.given", "nomination.made"),
)
"""What people do in a community, as opposed to what is done about them elsewhere."""
BEFORE = 12  # weeks that say what is usual
FEWEST_WEEKS = 3
FEWEST_PEOPLE = 5  # fewer say nothing about a share
Weeks = Mapping[Member, Set[int]]
"""In which weeks each member did something, by how many weeks ago that was; 0 is the week that is told."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many `of` so many; `usual`: the share in the weeks before, None where there are too few."""

    number: int
    of: int
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class Participation:
    """Of one week. `returned`: newcomers of the week before who came back in this one; `again`: people of the week
    before who were here again; `usual`: how many are active in a usual week, None before it is known."""

    active: int
    usual: float | None
    returned: Share
    again: Share


def participation(weeks: Weeks) -> Participation:
    """The oldest week is not asked: with it the history begins, and everybody looks new."""
    oldest = max((week for there in weeks.values() for week in there), default=0)
    earlier = range(1, min(BEFORE + 1, oldest))
    counts = [_active(weeks, week) for week in earlier]
    return Participation(
        _active(weeks, 0),
        median(counts) if len(counts) >= FEWEST_WEEKS else None,
        _share(weeks, oldest, newcomers=True),
        _share(weeks, oldest, newcomers=False),
    )


def _active(weeks: Weeks, week: int) -> int:
    return sum(week in there for there in weeks.values())


def _share(weeks: Weeks, oldest: int, *, newcomers: bool) -> Share:
    """How many of a week's people, or newcomers, are here in the next."""

    def both(week: int) -> tuple[int, int]:
        people = [there for there in weeks.values() if week in there and (not newcomers or max(there) == week)]
        return sum(week - 1 in there for there in people), len(people)

    number, of = both(1) if oldest > 1 else (0, 0)
    before = [both(week) for week in range(2, min(BEFORE + 2, oldest))]
    stayed, there = sum(n for n, _ in before), sum(n for _, n in before)
    known = len(before) >= FEWEST_WEEKS and there >= FEWEST_PEOPLE
    return Share(number, of, stayed / there if known else None)
