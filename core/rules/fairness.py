"""From when on marks are shown to moderators, as `[fairness]` says. Nothing here takes anything from anybody."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.rules.durations import Duration
from core.rules.grammar import Elapsed, Flag, Table

_Count = Annotated[int, Field(ge=2, le=1_000, strict=True)]


class Fairness(Table):
    """`marks`: the fewest that each of a group gets from the others; `share`: percent of all that they get."""

    off: Flag = False
    marks: _Count = 10
    share: Annotated[int, Field(ge=50, le=100, strict=True)] = 75
    burst: _Count = 10
    burst_within: Elapsed = Duration(10, "minute")
    newcomer: _Count = 5
    together: Annotated[int, Field(ge=2, le=100, strict=True)] = 3
