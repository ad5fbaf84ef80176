"""The small words of the language: what values look like, and the tables inside a rule."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    Strict,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from core.rules.durations import Duration, read_duration
from core.rules.filters import Filter, read_filters
from core.rules.shares import read_share

Period = Literal["day", "week", "month", "quarter", "year"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Person = Literal["actor", "author", "target", "participants"]
Announce = Literal["thread", "channel", "reaction", "private", "digest", "none"]
Status = Literal["active", "shadow", "off"]
Whose = Literal["community", "member"]

DATED = frozenset({"message", "thread", "ticket", "issue", "pull_request", "object"})
"""Things that have a date of their own: a signal with one of these as `each` is dated by it."""


class Table(BaseModel):
    """A table of the rule book: unknown keys are errors, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _duration(value: object) -> Duration:
    found = read_duration(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('write a duration like "7 days" or "24 hours"')
    return found


def _elapsed(value: object) -> Duration:
    found = _duration(value)
    if not found.elapsed:
        raise ValueError("months and years have no fixed length here; write it in days")
    return found


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _whole(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("write a whole number without quotes")
    return value


def _language(value: object) -> object:
    if type(value) is not int or value != 1:
        raise ValueError("write rules = 1: the version of the rule language, a whole number without quotes")
    return value


def _where(value: object, info: ValidationInfo) -> tuple[Filter, ...]:
    if not isinstance(value, dict):
        raise ValueError('write what must be true, as where.channel = "#help"')
    words: Mapping[str, tuple[str, ...]] = (info.context or {}).get("words", {})
    filters, faults = read_filters(value, words)
    if faults:
        raise PydanticCustomError("where", "a comparison cannot be read", {"faults": faults})
    return tuple(filters)


def _legible(text: str) -> str:
    if "\0" in text:
        raise ValueError("holds a zero character (\\u0000); leave it out")
    if any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in text):
        raise ValueError("holds a control character, which terminals obey; leave it out")
    if not text.strip():
        raise ValueError("write something between the quotes")
    return text


MOST = 10**12  # beyond it nobody counts, and databases have whole numbers of eight bytes

Text = Annotated[str, Strict(), Field(min_length=1), AfterValidator(_legible)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed), Field(min_length=1)]
Flag = Annotated[bool, Strict()]
Language = Annotated[Literal[1], BeforeValidator(_language)]
Count = Annotated[int, Field(ge=1, le=MOST), BeforeValidator(_whole)]
Whole = Annotated[int, Field(ge=0, le=MOST), BeforeValidator(_whole)]
Amount = Annotated[int, Field(ge=-MOST, le=MOST), BeforeValidator(_whole)]
AnyDuration = Annotated[Duration, PlainValidator(_duration)]
Elapsed = Annotated[Duration, PlainValidator(_elapsed)]
Where = Annotated[tuple[Filter, ...], PlainValidator(_where)]


def _goal(value: object) -> object:
    return value if value in ("all", "every") else _positive(value, 'write a number above zero, "all" or "every"')


def _tier_goal(value: object) -> object:
    return _positive(value, "write a number above zero")


def _positive(value: object, remedy: str) -> object:
    """The same value. Raises ValueError with the remedy for what is no number above zero, or one that is too large."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(remedy)
    if not (Decimal(value).is_finite() and value > 0):
        raise ValueError(remedy)
    if value > MOST:
        raise ValueError(f"write {MOST} or less")
    return value


Goal = Annotated[int | Decimal | Literal["all", "every"], PlainValidator(_goal)]
TierGoal = Annotated[int | Decimal, PlainValidator(_tier_goal)]


def _until_undone(value: object) -> object:
    return value if value in ("revoke", "keep") else _elapsed_or(value, '"revoke", "keep" or a duration')


def _lasting(value: object) -> object:
    if value in ("forever", "while true"):
        return value
    if isinstance(value, str) and (found := read_duration(value)):
        return found
    raise ValueError('write "forever", "while true" or a duration like "2 years"')


def _elapsed_or(value: object, choices: str) -> Duration:
    try:
        return _elapsed(value)
    except ValueError as wrong:
        raise ValueError(f'write {choices} like "14 days"') from wrong


def _repeat(value: object) -> object:
    if isinstance(value, bool) or (isinstance(value, int) and value >= 1):
        return value
    raise ValueError("write true, false or how often at most")


def _level(value: object) -> object:
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ValueError("write a level's number, or its name in quotes")


def _share(value: object) -> object:
    if read_share(value) is not None:
        return value
    raise ValueError('write a share of the members, as "10 %"')


LevelWritten = Annotated[int | str, PlainValidator(_level)]
Share = Annotated[int | Decimal | str, PlainValidator(_share)]
IfUndone = Annotated[Duration | Literal["revoke", "keep"], PlainValidator(_until_undone)]
Lasts = Annotated[Duration | Literal["forever", "while true"], PlainValidator(_lasting)]
Repeat = Annotated[bool | int, PlainValidator(_repeat)]


def _month_day(value: object) -> str:
    if isinstance(value, str) and len(value) == 5:
        try:
            dt.date.fromisoformat(f"2024-{value}")  # a leap year, so that 02-29 is a day
        except ValueError:
            pass
        else:
            return value
    raise ValueError('write a day of the year like "12-31"')


def _date(value: object) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise ValueError("write a date without quotes, as 2026-09-30")


MonthDay = Annotated[str, PlainValidator(_month_day)]
Date = Annotated[dt.date, PlainValidator(_date)]


class Limit(Table):
    """Nested caps over clock slots, never timers: the same events in any order leave the same ones."""

    one_per: Elapsed | None = None
    per_hour: Count | None = None
    per_day: Count | None = None
    per_week: Count | None = None
    per_month: Count | None = None
    per_person: Count | None = None
    per_object: Count | None = None


class Unless(Table):
    """What cancels: the matching thing, the whole window, or everything."""

    when: Texts
    where: Where = ()
    match: Literal["object", "window", "ever"] = "object"


class Step(Table):
    """One of several steps. In the file a bare type is enough."""

    when: Texts
    where: Where = ()
    credit: Person = "actor"
    self_: Flag = Field(False, alias="self")
    goal: Count = 1


class Needs(Table):
    """Other achievements: at least so many `of` these. In the file a list means all of them."""

    of: Texts
    at_least: Count


class Who(Table):
    """What must be true of the member when the award is due."""

    role: Texts | None = None
    not_role: Texts | None = None
    team: Texts | None = None
    level: LevelWritten | None = None
    member_for: AnyDuration | None = None
    joined_before: Date | None = None
    joined_after: Date | None = None


class Tier(Table):
    """One of several rising goals. In the file a number is enough."""

    goal: TierGoal
    member_for: AnyDuration | None = None
    points: Whole | None = None


def _step(value: object) -> object:
    return {"when": value} if isinstance(value, str) else value


def _unless(value: object) -> object:
    return {"when": value} if isinstance(value, str | list) else value


def _needs(value: object) -> object:
    if isinstance(value, str):
        value = [value]
    return {"of": value, "at_least": max(1, len(value))} if isinstance(value, list) else value


def _tier(value: object) -> object:
    return value if isinstance(value, dict) else {"goal": value}


Steps = Annotated[tuple[Annotated[Step, BeforeValidator(_step)], ...], Field(min_length=1)]
UnlessWritten = Annotated[Unless, BeforeValidator(_unless)]
NeedsWritten = Annotated[Needs, BeforeValidator(_needs)]
Tiers = dict[Text, Annotated[Tier, BeforeValidator(_tier)]]


def keys(model: type[BaseModel]) -> dict[str, Any]:
    """The keys of a table as the file writes them, and their field names."""
    return {field.alias or name: name for name, field in model.model_fields.items()}
