"""The rule language as JSON Schema (draft 2020-12), for editors: made from the grammar, with a line about every key.

It knows keys and kinds of values. Whether a rule makes sense is what `plaudit check` says.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticSerializationError, core_schema

from core.rules.book import RuleBook
from core.rules.descriptions import TABLES, describe
from core.rules.durations import Duration
from core.rules.filters import ORDERED, WRITTEN

Json = dict[str, Any]
DIALECT = GenerateJsonSchema.schema_dialect

_TEXT: Json = {"type": "string", "minLength": 1}
_TEXTS: Json = {"type": "array", "items": _TEXT, "minItems": 1}
_PLAIN: Json = {"type": ["string", "number", "boolean"]}
_ORDERED: Json = {"type": ["string", "number"]}
_DATE: Json = {"type": "string", "format": "date"}
_ELAPSED: Json = {"type": "string", "pattern": r"^(0|[1-9]\d{0,8}) (second|minute|hour|day|week)s?$"}
_DURATION: Json = {"type": "string", "pattern": r"^(0|[1-9]\d{0,8}) (second|minute|hour|day|week|month|year)s?$"}
_CLOCK: Json = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
_NUMBER: Json = {"type": "number", "exclusiveMinimum": 0}


def _or(*choices: Json) -> Json:
    return {"anyOf": list(choices)}


def _comparison(name: str) -> Json:
    if name == "exists":
        return {"type": "boolean"}
    if name == "between":
        return {"type": "array", "items": _ORDERED, "minItems": 2, "maxItems": 2}
    return _ORDERED if name in ORDERED else _or(_PLAIN, {"type": "array", "items": _PLAIN, "minItems": 1})


_COMPARED: Json = {
    "type": "object",
    "properties": {name: _comparison(name) for name in WRITTEN},
    "additionalProperties": False,
    "minProperties": 1,
}

# What the file may hold where a function of the grammar reads it, by that function's name.
READ: dict[str, Json] = {
    "_duration": _DURATION,
    "_elapsed": _ELAPSED,
    "_where": {
        "type": "object",
        "additionalProperties": _or(_PLAIN, {"type": "array", "items": _PLAIN, "minItems": 1}, _COMPARED),
    },
    "_goal": _or(_NUMBER, {"enum": ["all", "every"]}),
    "_tier_goal": _NUMBER,
    "_level": _or({"type": "integer"}, _TEXT),
    "_share": {"type": ["number", "string"]},
    "_until_undone": _or({"enum": ["revoke", "keep"]}, _ELAPSED),
    "_lasting": _or({"enum": ["forever", "while true"]}, _DURATION),
    "_repeat": _or({"type": "boolean"}, {"type": "integer", "minimum": 1}),
    "_month_day": {"type": "string", "pattern": r"^\d\d-\d\d$"},
    "_date": _DATE,
    "_clock": _CLOCK,
    "_cost": _or({"type": "string", "pattern": r"^\d+(\.\d+)?$"}, _NUMBER),
    "_zone": _TEXT,
    "_identity": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"},
    "_sources": _TEXTS,
    "_addresses": _TEXTS,
    "_hours": {"type": "array", "items": _CLOCK, "maxItems": 2},
    "_moment": _TEXT,
    "_webhook_name": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"},
    "_secret_env": {"type": "string", "pattern": "^PLAUDIT_OUT_[A-Z0-9_]+_SECRET$"},
    "_giver_account": {"type": "string", "pattern": r"^[a-z][a-z0-9_]*:[^\s/]+/[^\s/]+$"},
    "_path": _TEXT,
    "_source": _TEXT,
    "_plain": _PLAIN,
    "_board_of": {"type": "string", "pattern": "^(score|points|awards|(signal|achievement):.+)$"},
    "_board_period": {"type": "string", "pattern": r"^(week|month|quarter|year|all|[1-9]\d{0,2} (day|week)s?)$"},
}

# Where the file may also write it shorter than the model has it.
SHORTER: dict[str, Callable[[Json], Json]] = {
    "_listed": lambda full: _or(_TEXT, full),
    "_periods": lambda full: _or(_TEXT, full),
    "_step": lambda full: _or(_TEXT, full),
    "_unless": lambda full: _or(_TEXT, _TEXTS, full),
    "_needs": lambda full: _or(_TEXT, _TEXTS, full),
    "_tier": lambda full: _or(_NUMBER, full),
}


class _Generator(GenerateJsonSchema):
    """The grammar's own functions say nothing about what they read; the tables above do."""

    ignored_warning_kinds = {*GenerateJsonSchema.ignored_warning_kinds, "non-serializable-default"}  # noqa: RUF012 - pydantic's own

    def function_plain_schema(self, schema: core_schema.PlainValidatorFunctionSchema) -> Json:
        return deepcopy(READ[_name(schema)])

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Json:
        full = super().function_before_schema(schema)
        shorter = SHORTER.get(_name(schema))
        return shorter(full) if shorter is not None else full

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Json:
        return self.generate_inner(schema["schema"])  # TOML knows no null

    def encode_default(self, dft: Any) -> Any:
        if dft is None or dft == () or isinstance(dft, BaseModel):
            raise PydanticSerializationError("a key that is left out says nothing")
        return str(dft) if isinstance(dft, Duration) else super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema() -> Json:
    """One JSON object. Raises KeyError where a key has no description, or a kind of value no form."""
    made = RuleBook.model_json_schema(schema_generator=_Generator)
    tables = {"RuleBook": made, **made["$defs"]}
    for model, table in tables.items():
        table["description"] = TABLES[model]
        table.pop("title", None)
        for key, value in table["properties"].items():
            value["description"] = describe(model, key)
    return {"$schema": DIALECT, "title": "rules.toml", **made}


def _name(validator: Any) -> str:
    return str(getattr(validator["function"]["function"], "__name__", ""))
