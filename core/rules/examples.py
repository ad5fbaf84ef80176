"""Examples: what happens in a made-up community, and what people should have earned by then.

They stand in the rule book, or beside it in a file of their own; `plaudit test` runs them.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import ConfigDict, Field, PlainValidator, model_validator

from core.catalogue import FACTS, slip
from core.rules.grammar import Amount, Count, Elapsed, Table, Text, Texts, Whole

MOST_REPEATED = 1_000
NOON = dt.time(12)
SOURCE = "example"


def _moment(value: object) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, NOON)
    try:
        if isinstance(value, str):
            day = len(value) == len("2026-03-02")
            return dt.datetime.combine(dt.date.fromisoformat(value), NOON) if day else dt.datetime.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError('write a local time like "2026-03-02 09:00", or a day like "2026-03-02" (noon is meant)')


Moment = Annotated[dt.datetime, PlainValidator(_moment)]
Times = Annotated[Count, Field(le=MOST_REPEATED)]
Expected = dict[Text, Texts]
Reached = Annotated[int | Decimal | Text, Field(union_mode="left_to_right")]


class Happening(Table):
    """One event, or several alike. Every key that is not one of these is a fact of it.

    `at`: local time of the community, unless it says its offset. `actor`: one such event for each. `{n}` (which
    repetition, from 1) and `{actor}` stand for themselves in texts.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    at: Moment
    type: Text | None = None
    withdraw: Text | None = None
    id: Text | None = None
    source: Text = SOURCE
    actor: Texts = ()
    author: Text | None = None
    target: Text | None = None
    participants: Texts = ()
    repeat: Times = 1
    every: Elapsed | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Happening:
        for wrong in (_two_heads(self), _one_id(self), *(_no_fact(n, v) for n, v in self.facts.items())):
            if wrong is not None:
                raise ValueError(wrong)
        return self

    @property
    def facts(self) -> dict[str, object]:
        """What the event carries besides its people, as written."""
        return dict(self.model_extra or {})


def _two_heads(event: Happening) -> str | None:
    if (event.type is None) == (event.withdraw is None):
        return 'write what happened, as type = "message.posted", or withdraw = the id of an event'
    if (event.repeat > 1) != (event.every is not None):
        return 'repeat and every belong together, as repeat = 3, every = "1 day"'
    return None


def _one_id(event: Happening) -> str | None:
    """An id names one fact: what is one line here and many facts needs many of them."""
    name = event.id or event.withdraw
    if name is None:
        return None
    missing = [
        mark
        for mark, many in (("{n}", event.repeat > 1), ("{actor}", len(event.actor) > 1))
        if many and mark not in name
    ]
    return f'"{name}" would name several events; put {" and ".join(missing)} into it' if missing else None


def _no_fact(name: str, value: object) -> str | None:
    near = slip(name, {*FACTS, *Happening.model_fields}, shortest=5)
    if near and near.rstrip("s") != name.rstrip("s"):
        return f'unknown fact "{name}". Did you mean "{near}"?'
    if isinstance(value, dict):
        return f"{name} is a table; facts are flat: write each beside at and type"
    if isinstance(value, list) and not all(isinstance(item, str) for item in value):
        return f"{name}: a list holds texts in quotes"
    return f"{name} is no number" if isinstance(value, Decimal) and not value.is_finite() else None


class Example(Table):
    """What happens, and what it should lead to. `earned` and the like: person to achievement ids, each perhaps followed
    by a tier or period. `achievement`: what it is about; nobody but those named in `earned` earns it."""

    name: Text
    achievement: Texts = ()
    now: Moment | None = None
    links: tuple[Texts, ...] = ()
    events: tuple[Happening, ...] = Field(min_length=1)
    earned: Expected = Field(default_factory=dict)
    not_earned: Expected = Field(default_factory=dict)
    pending: Expected = Field(default_factory=dict)
    lapsed: Expected = Field(default_factory=dict)
    progress: dict[Text, dict[Text, Reached]] = Field(default_factory=dict)
    score: dict[Text, Amount] = Field(default_factory=dict)
    points: dict[Text, Whole] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _expects_something(self) -> Example:
        if not (self.achievement or any(getattr(self, name) for name in EXPECTATIONS)):
            raise ValueError('it expects nothing; add earned = { amira = ["helper"] }, or one of ' + _OTHERS)
        return self


EXPECTATIONS = ("earned", "not_earned", "pending", "lapsed", "progress", "score", "points")
_OTHERS = "not_earned, pending, lapsed, progress, score, points"


class ExampleFile(Table):
    """A file beside a rule book, with examples only."""

    examples: tuple[Example, ...] = Field((), alias="example")
