"""Lengths of time as the rule book writes them: "7 days"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

Unit = Literal["second", "minute", "hour", "day", "week", "month", "year"]

_WRITTEN = re.compile(r"(0|[1-9]\d{0,8}) (second|minute|hour|day|week|month|year)s?")
_SECONDS: dict[str, int] = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_ABOUT = {**_SECONDS, "month": 30 * 86_400, "year": 365 * 86_400}
_LONGEST = 200 * _ABOUT["year"]  # seconds; what is added to a date stays a date


@dataclass(frozen=True, slots=True)
class Duration:
    """So many of a unit. A day has 24 hours and a week seven days; months and years follow the calendar."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit}" + ("" if self.count == 1 else "s")

    @property
    def elapsed(self) -> bool:
        """Whether it is a fixed number of seconds: months and years are not."""
        return self.unit in _SECONDS

    @property
    def seconds(self) -> int:
        """Raises ValueError for months and years, whose length depends on the date."""
        if not self.elapsed:
            raise ValueError(f"{self} has no fixed length; write it in days")
        return self.count * _SECONDS[self.unit]

    @property
    def microseconds(self) -> int:
        """Raises ValueError for months and years."""
        return self.seconds * 1_000_000


NOTHING = Duration(0, "minute")


def read_duration(text: str) -> Duration | None:
    """The duration that `text` writes, or None if it is none, or one that leads out of the calendar."""
    found = _WRITTEN.fullmatch(text)
    if found is None or int(found[1]) * _ABOUT[found[2]] > _LONGEST:
        return None
    return Duration(int(found[1]), cast(Unit, found[2]))
