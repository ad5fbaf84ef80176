"""Where one member stands in one achievement: plain numbers, from which the texts are made."""

from __future__ import annotations

from dataclasses import dataclass

from core.criteria.criterion import Number


@dataclass(frozen=True, slots=True)
class Standing:
    """`value` of `goal` in the frame that is open now; times are UTC microseconds, None where there is no such thing.

    `tier`: the next tier to reach. `missing`: values of a listed `distinct`, or names of needed achievements. `parts`:
    one for each part of `all` and `any`. `step`: which of the steps (from 0) comes next; `open_steps`: those that
    are not done yet, where their order is free. `free_misses`: periods that a
    streak still forgives. `ends`: when the open period (in_one, streak) closes. `drops_at`: when the oldest counted day
    of `within` falls out. `safe`: the present streak period has counted already. `left`: places left of `first`.
    `place`, `behind`: of `top`, and how much is missing to the place before. `own`: one's part of a team's or
    community's value. `held_until`: when a "while true" award falls below without a new event. `due_at`: the goal is
    met and settles until then. `asked`: the goal is met and waits for a moderator. `days`: days left of an absence.
    """

    achievement: str
    value: Number
    goal: Number
    tier: str | None = None
    missing: tuple[str, ...] = ()
    parts: tuple[Standing, ...] = ()
    step: int | None = None
    open_steps: tuple[int, ...] = ()
    free_misses: int = 0
    safe: bool = False
    ends: int | None = None
    drops_at: int | None = None
    left: int | None = None
    place: int | None = None
    behind: Number | None = None
    own: Number | None = None
    held_until: int | None = None
    due_at: int | None = None
    asked: bool = False
    days: int | None = None
