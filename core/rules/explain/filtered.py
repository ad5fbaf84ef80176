"""`where` in words, to stand behind what is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from core.rules.durations import Duration
from core.rules.explain.english import article, counted, is_plural, listed, month_day, several, singular
from core.rules.explain.nouns import Named, about_itself, in_words
from core.rules.filters import OF_TEXT, Filter, Plain

_TESTS = {
    "equal": "{v}",
    "one_of": "{v}",
    "at_least": "at least {v}",
    "at_most": "at most {v}",
    "more_than": "more than {v}",
    "less_than": "less than {v}",
    "not": "other than {v}",
    "contains": "containing {v}",
    "starts_with": "starting with {v}",
    "ends_with": "ending with {v}",
}
_SIZES = frozenset({"at_least", "at_most", "more_than", "less_than"})
_SPANS = {"age": "{v} after opening", "delay": "{v} after the post", "idle": "after {v} of silence"}
_IS = {"equal": "", "one_of": "", "not": "not "}
_ABOUT_MESSAGES = frozenset({"reaction.added", "reply.marked_helpful"})  # their length is that of the message


def filters_text(rule: Named, without: str | None = None) -> str:
    """All filters of a rule: " in #help, of at least 40 characters". `without`: a fact that is told elsewhere."""
    written = [_filter(rule, f) for f in rule.where if f.fact != without]
    named = "".join(f" {text}" for text in written if text.startswith("("))
    more = ", ".join(text for text in written if not text.startswith("("))
    return f"{named}, {more}" if named and more else named or (more and f" {more}")


def _filter(rule: Named, f: Filter) -> str:
    special = _SPECIAL.get(f.fact)
    text = special(f) if special is not None else None
    if text is not None:
        return f"on messages {text}" if f.fact == "length" and _ABOUT_MESSAGES.issuperset(rule.when) else text
    if f.comparison in _TESTS and not isinstance(f.value, bool) and (f.fact == "kind" or about_itself(rule, f.fact)):
        return f"({_TESTS[f.comparison].format(v=_value(f))})"
    return _other(in_words(f.fact), f)


def _other(fact: str, f: Filter) -> str:
    if f.comparison == "exists":
        return f"with any {fact}" if f.value else f"without any {fact}"
    if isinstance(f.value, bool):
        return _flag(fact, f.value)
    if isinstance(f.value, tuple) and f.comparison == "between":
        return f"with {fact} from {_one(f, f.value[0])} to {_one(f, f.value[1])}"
    if isinstance(f.value, int | Decimal) and is_plural(fact):
        how = _TESTS[f.comparison].format(v="").strip()
        return f"with {how} {counted(f.value, singular(fact), fact)}".replace("  ", " ")
    if f.comparison == "not" and not is_plural(fact):
        return f"with {article(fact)} {_TESTS['not'].format(v=_value(f))}"
    if f.comparison in _SIZES:
        return f"with {article(fact)} of {_TESTS[f.comparison].format(v=_value(f))}"
    return f"with {fact} {_TESTS[f.comparison].format(v=_value(f))}"


def _flag(fact: str, value: bool) -> str:
    if fact == "own":
        return "(one's own)" if value else "(somebody else's)"
    if fact.startswith("has "):
        return f"{'with' if value else 'without'} {fact.removeprefix('has ')}"
    return f"marked as {fact}" if value else f"not marked as {fact}"


def _value(f: Filter) -> str:
    values = f.value if isinstance(f.value, tuple) else (f.value,)
    return listed([_one(f, value) for value in values], "or")


def _one(f: Filter, value: Plain) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if f.fact in _SPANS and isinstance(value, int):
        return _span(value)
    if f.comparison in OF_TEXT:
        return f"“{value}”"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _span(seconds: int) -> str:
    for name, length in (("week", 604_800), ("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds and seconds % length == 0:
            return str(Duration(seconds // length, name))  # type: ignore[arg-type] # the four are units
    return str(Duration(seconds, "second"))


def _texts(f: Filter) -> list[str]:
    values = f.value if isinstance(f.value, tuple) else (f.value,)
    return [str(value) for value in values]


def _of_kind(before: str, shown: Callable[[str], str] = str) -> Callable[[Filter], str | None]:
    """Words for facts that are only compared with values: "on Saturdays or Sundays"."""

    def text(f: Filter) -> str | None:
        if f.comparison not in _IS or not all(isinstance(v, str) for v in _plain(f)):
            return None
        return f"{_IS[f.comparison]}{before} {listed([shown(v) for v in _texts(f)], 'or')}"

    return text


def _plain(f: Filter) -> Sequence[Plain]:
    return f.value if isinstance(f.value, tuple) else (f.value,)


def _channel(f: Filter) -> str | None:
    if f.comparison not in _IS:
        return None
    return f"{'outside' if f.comparison == 'not' else 'in'} {_value(f)}"


def _emoji(f: Filter) -> str | None:
    if f.comparison not in _IS or not all(isinstance(v, str) for v in _plain(f)):
        return None
    names = listed([f":{name}:" for name in _texts(f)], "or")
    return f"(not {names})" if f.comparison == "not" else f"({names})"


def _length(f: Filter) -> str | None:
    if f.comparison == "between":
        low, high = _plain(f)
        return f"of {low} to {high} characters"
    return f"of {_TESTS[f.comparison].format(v=_value(f))} characters" if f.comparison in _SIZES else None


def _elapsed(f: Filter) -> str | None:
    if f.comparison not in _SIZES:
        return None
    return _SPANS[f.fact].format(v=_TESTS[f.comparison].format(v=_value(f)))


def _hour(f: Filter) -> str | None:
    """The clock's hour is a whole hour: 3 is the time until 03:59."""
    hours = [v for v in _plain(f) if isinstance(v, int) and not isinstance(v, bool)]
    if not hours or f.comparison in ("not", "one_of", "exists"):
        return None
    first, last = hours[0], hours[-1]
    match f.comparison:
        case "at_least" | "more_than":
            return f"at {first + (f.comparison == 'more_than'):02}:00 or later"
        case "at_most" | "less_than":
            return f"before {first + (f.comparison == 'at_most'):02}:00"
    return f"between {first:02}:00 and {last:02}:59"


def _time(f: Filter) -> str | None:
    return f"between {listed(_texts(f))}" if f.comparison == "between" else None


def _day_number(of: str) -> Callable[[Filter], str | None]:
    return lambda f: f"on day {_value(f)} of the {of}" if f.comparison in ("equal", "one_of") else None


_SPECIAL: dict[str, Callable[[Filter], str | None]] = {
    "channel": _channel,
    "channel_id": _channel,
    "emoji": _emoji,
    "post_kind": _of_kind("on", several),
    "actor_role": _of_kind("by", article),
    "length": _length,
    "age": _elapsed,
    "delay": _elapsed,
    "idle": _elapsed,
    "hour": _hour,
    "time": _time,
    "weekday": _of_kind("on", lambda v: article(v.capitalize())),
    "date": _of_kind("on", month_day),
    "day_of_month": _day_number("month"),
    "day_of_year": _day_number("year"),
}
