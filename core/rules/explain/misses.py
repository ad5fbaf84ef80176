"""What stands against an event that does not count, as the end of a sentence: "was your own", "were your own"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.rules.explain.english import article, figure, figures, is_plural, listed
from core.rules.explain.filtered import filters_text
from core.rules.explain.nouns import Named, in_words
from core.rules.filters import Filter

_COUNTED = {"length": "characters", "words": "words"}
_ELAPSED = {"delay": "came {} later", "age": "came {} after it was opened", "idle": "came after {} of silence"}
_LEAST = {"at_least": "at least", "more_than": "more than"}
_NAMED = frozenset({"channel", "channel_id", "emoji"})
_MOST_VALUES = 4
_HIDDEN = "a private channel"


@dataclass(frozen=True, slots=True)
class Objection:
    """Predicates for one event, for several that agree in it, and for several that only agree in `general`."""

    kind: str
    one: str
    many: str
    general: str


def said(kind: str, one: str, many: str | None = None, general: str | None = None) -> Objection:
    """An objection whose predicate is the same for several events where nothing else is said."""
    several = one if many is None else many
    return Objection(kind, one, several, several if general is None else general)


def same(kind: str, rest: str, general: str | None = None) -> Objection:
    """An objection that says what an event was: "was in #bots"."""
    return said(kind, f"was {rest}", f"were {rest}", f"were {rest if general is None else general}")


def missed(rule: Named, filter_: Filter, there: object, *, private: bool) -> Objection:
    """A comparison of `where` that failed, and what the event says instead (None: nothing). `private`: the event lies
    in a private channel, whose name is not told."""
    only = _only(rule, filter_)
    kind = f"where {filter_.fact} {only}"
    if filter_.fact in ("channel", "channel_id"):
        place = "nowhere" if there is None else f"in {_HIDDEN if private else there}"
        return same(kind, f"{place}, {only}", f"elsewhere, {only}")
    own = _there(filter_.fact, there, private=private)
    general = f"did not fit: {_enough(filter_) or only}"
    return said(kind, general) if own is None else said(kind, f"{own}, {only}", None, general)


def _only(rule: Named, f: Filter) -> str:
    """What would have counted: "only #help counts"."""
    plain = _values(f)
    if f.fact in _COUNTED and f.comparison in _LEAST:
        return f"{_LEAST[f.comparison]} {plain[0]} {'is' if f.value == 1 else 'are'} needed"
    if f.fact in _NAMED and f.comparison in ("equal", "one_of"):
        told = plain[:_MOST_VALUES] + (["others"] if len(plain) > _MOST_VALUES else [])
        return f"only {listed(told)} {'counts' if len(told) == 1 else 'count'}"
    return _those(rule, f)


def _enough(f: Filter) -> str | None:
    """The same for many that miss it by different lengths: "at least 40 characters are needed"."""
    least = _LEAST.get(f.comparison) if f.fact in _COUNTED else None
    return None if least is None else f"{least} {f.value} {_COUNTED[f.fact]} are needed"


def _those(rule: Named, f: Filter) -> str:
    written = filters_text(rule.model_copy(update={"where": (f,)})).strip()
    if not written.startswith("("):
        return f"only those {written} count"
    value = written[1:-1]  # what stands in brackets behind the noun names the thing itself
    verb = "count" if isinstance(f.value, bool) or len(_values(f)) > 1 else "counts"
    return f"only {value} {verb}" if not value.startswith("not ") else f"everything but {value[4:]} counts"


def _values(f: Filter) -> list[str]:
    values: Sequence[object] = f.value if isinstance(f.value, tuple) else (f.value,)
    return [f":{v}:" if f.fact == "emoji" else str(v) for v in values]


def _there(fact: str, value: object, *, private: bool) -> str | None:
    """What the event says of a fact, where that can be told in a few words."""
    if value is None:
        return f"had no {in_words(fact)}"
    if private and isinstance(value, str) and fact != "emoji":
        return None
    if fact == "emoji":
        return f"had :{value}:"
    if fact == "weekday":
        return f"came on {article(str(value).capitalize())}"
    if fact in ("hour", "time"):
        return f"came at {value:02}:00" if isinstance(value, int) else f"came at {value}"
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _number(fact, value)
    return None


def _number(fact: str, value: int | Decimal) -> str:
    if fact in _ELAPSED and isinstance(value, int):
        return _ELAPSED[fact].format(_span(value))
    if fact in _COUNTED:
        return f"had {figures(value, _COUNTED[fact])}"
    what = in_words(fact)
    if is_plural(what):
        return f"had {figures(value, what)}"
    return f"had {article(what)} of {figure(value)}"


def _span(seconds: int) -> str:
    """Roughly: "3 minutes", "2 days"."""
    for length, name in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            count = seconds // length
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
