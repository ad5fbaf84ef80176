"""`[board.x]`: what a board orders, over which time. `[season.x]`: time with a name, once or every year."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from core.catalogue import nearest
from core.rules.conditions import Achievement
from core.rules.durations import Duration, read_duration
from core.rules.grammar import Date, Flag, MonthDay, Table, Text, Texts
from core.rules.locations import Path

CALENDAR = ("week", "month", "quarter", "year")
LONGEST_DAYS = 400
_PERIODS = 'write "week", "month", "quarter", "year", "all", or days like "7 days"'
_OF = 'write "score", "points", "awards", "signal:ID" or "achievement:ID"'
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_QUIET = ("private", "none")
BoardFault = tuple[Path, str, str]


def _board_of(value: object) -> str:
    if isinstance(value, str):
        kind, colon, name = value.partition(":")
        if (kind in ("score", "points", "awards") and not colon) or (kind in ("signal", "achievement") and name):
            return value
    raise ValueError(_OF)


def _board_period(value: object) -> str:
    if isinstance(value, str):
        if value == "all" or value in CALENDAR:
            return value
        found = read_duration(value)
        if found is not None and found.unit in ("day", "week") and 1 <= _days(found) <= LONGEST_DAYS:
            return str(found)
    raise ValueError(_PERIODS)


def _periods(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _days(found: Duration) -> int:
    return found.count * (7 if found.unit == "week" else 1)


def rolling_days(period: str) -> int | None:
    """How many local days a rolling period has, today included; None for any other."""
    found = read_duration(period)
    return None if found is None else _days(found)


BoardPeriod = Annotated[str, PlainValidator(_board_period)]


class BoardRule(Table):
    """`of`: what is added up. With a `season`, that is its only period."""

    name: Text
    of: Annotated[str, PlainValidator(_board_of)] = "score"
    period: Annotated[tuple[BoardPeriod, ...], BeforeValidator(_periods), Field(min_length=1)] = (
        "week",
        "month",
        "all",
    )
    for_: Literal["member", "team"] = Field("member", alias="for")
    newcomers: Flag = False
    season: Text | None = None

    @property
    def kind(self) -> str:
        """score, points, awards, signal or achievement."""
        return self.of.partition(":")[0]

    @property
    def what(self) -> str:
        """The id of the signal or achievement; "" for the others."""
        return self.of.partition(":")[2]

    @property
    def periods(self) -> tuple[str, ...]:
        return ("season",) if self.season is not None else self.period


class Season(Table):
    """Either once, from one day to another, or every year; both days belong to it. `carry`: achievements that members
    bring along from before."""

    name: Text
    from_: Date | None = Field(None, alias="from")
    until: Date | None = None
    yearly: tuple[MonthDay, MonthDay] | None = None
    carry: Texts = ()


ONLY = BoardRule(name="score")
"""What a book with a score and without boards has; it is called so nowhere."""


def counted_signals(boards: Mapping[str, BoardRule]) -> tuple[str, ...]:
    """Signals whose events are counted for a board, each once."""
    return tuple(sorted({board.what for board in boards.values() if board.kind == "signal"}))


def board_faults(
    boards: Mapping[str, BoardRule],
    seasons: Mapping[str, Season],
    signals: Collection[str],
    achievements: Collection[str],
    rules: Mapping[str, Achievement],
    scores: bool,
) -> Iterator[BoardFault]:
    """What no key shows alone, as (path, what to write instead, number). `signals`, `achievements`: ids that exist.
    `rules`: the achievements that can be read; `scores`: whether the book has a score."""
    for name, board in boards.items():
        path: Path = ("board", name)
        yield from _id_faults(path, name)
        yield from _of_faults((*path, "of"), board, signals, achievements, rules, scores)
        yield from _time_faults(path, board, seasons)
    for name, season in seasons.items():
        yield from _id_faults(("season", name), name)
        yield from _season_faults(("season", name), season, achievements)


def _id_faults(path: Path, name: str) -> Iterator[BoardFault]:
    if not _ID.fullmatch(name):
        yield path, "an id has up to 32 letters, digits, _ and -; what members see goes into name", "R0"


def _of_faults(
    path: Path,
    board: BoardRule,
    signals: Collection[str],
    achievements: Collection[str],
    rules: Mapping[str, Achievement],
    scores: bool,
) -> Iterator[BoardFault]:
    if board.kind == "score" and not scores:
        yield path, f"the book has no [score], so there is nothing to add up; add one, or {_OF}", "R4"
    elif board.kind == "signal" and board.what not in signals:
        yield path, _unknown("signal", board.what, signals), "R4"
    elif board.kind == "achievement" and board.what not in achievements:
        yield path, _unknown("achievement", board.what, achievements), "R4"
    elif board.kind == "achievement" and _kept_quiet(rules.get(board.what)):
        text = f'"{board.what}" is told to nobody else (secret, or announce), and a board would show who has it'
        yield path, f"{text}; write another of", "R2"


def _kept_quiet(rule: Achievement | None) -> bool:
    return rule is not None and (rule.secret or rule.announce in _QUIET)


def _unknown(what: str, name: str, known: Collection[str]) -> str:
    near = nearest(name, known)
    return f'no {what} is called "{name}". ' + (f'Did you mean "{near}"?' if near else "Write the id of one")


def _time_faults(path: Path, board: BoardRule, seasons: Mapping[str, Season]) -> Iterator[BoardFault]:
    if board.season is not None and board.season not in seasons:
        yield (*path, "season"), _unknown("season", board.season, seasons), "R4"
    if board.season is not None and "period" in board.model_fields_set:
        yield (*path, "period"), "a board of a season has the season as its time; leave period out, or season", "R2"
    if board.newcomers and board.for_ == "team":
        yield (*path, "newcomers"), "a team does not join; leave newcomers out, or for", "R2"
    if board.newcomers and board.season is None and "all" in board.period:
        text = 'over all time everybody is new; write the times, as period = ["month"]'
        yield (*path, "newcomers"), text, "R2"


def _season_faults(path: Path, season: Season, achievements: Collection[str]) -> Iterator[BoardFault]:
    once = season.from_ is not None and season.until is not None
    either = season.from_ is not None or season.until is not None
    if (season.yearly is None and not once) or (season.yearly is not None and either):
        yield path, 'write from and until, as from = 2026-12-01, or yearly = ["12-01", "01-31"]', "R0"
    if season.from_ is not None and season.until is not None and season.until < season.from_:
        yield (*path, "until"), f"ends before it begins; write {season.from_} or later", "R11"
    for name in season.carry:
        if name not in achievements:
            yield (*path, "carry"), _unknown("achievement", name, achievements), "R4"
