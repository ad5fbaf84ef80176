"""Values that fulfil `where`, found without a look at how core compares."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from core.events import Value
from core.rules.filters import Filter


def fitting(filters: Iterable[Filter], taken: Collection[Value] = (), other: str = "other") -> Any:
    """A value with which every comparison holds, none of those taken; None for a fact that must be missing."""
    wanted = list(filters)
    if any(f.comparison == "exists" and f.value is False for f in wanted):
        return None
    tries = [value for f in wanted for value in _tries(f)] + [other, len(taken) + 1, True]
    return next(value for value in tries if value not in taken and all(fulfils(f, value) for f in wanted))


def _tries(f: Filter) -> list[Any]:
    wanted: Any = f.value
    several = list(wanted) if isinstance(wanted, tuple) else [wanted]
    match f.comparison:
        case "more_than":
            return [f"{wanted}~" if isinstance(wanted, str) else wanted + 1]
        case "less_than":
            return [wanted[:-1] if isinstance(wanted, str) else wanted - 1]
        case "contains":
            return [f"a {text} b" for text in several]
        case "starts_with":
            return [f"{text} a" for text in several]
        case "ends_with":
            return [f"a {text}" for text in several]
        case "not" | "exists":
            return []
        case _:
            return several


def fulfils(f: Filter, value: Any) -> bool:
    """What the page about the language says that the comparison means, for a value that is there."""
    wanted: Any = f.value
    several = wanted if isinstance(wanted, tuple) else (wanted,)
    if f.comparison in ("equal", "one_of", "not"):
        found = any(type(value) is type(w) and value == w for w in several)
        return found != (f.comparison == "not")
    if f.comparison == "exists":
        return bool(wanted)
    if f.comparison in ("contains", "starts_with", "ends_with"):
        texts = {"contains": str.__contains__, "starts_with": str.startswith, "ends_with": str.endswith}
        return isinstance(value, str) and any(texts[f.comparison](value, w) for w in several)
    if isinstance(value, str) != isinstance(several[0], str) or isinstance(value, bool):
        return False
    orders = {
        "at_least": lambda: value >= wanted,
        "at_most": lambda: value <= wanted,
        "more_than": lambda: value > wanted,
        "less_than": lambda: value < wanted,
        "between": lambda: wanted[0] <= value <= wanted[1],
    }
    return bool(orders[f.comparison]())
