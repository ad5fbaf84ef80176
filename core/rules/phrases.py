"""English for the words of the rule language: what is counted, where, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.rules.book import RuleBook
from core.rules.conditions import Source
from core.rules.durations import Duration
from core.rules.filters import Filter, Plain

Forms = tuple[str, str]  # one, several

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)

_DONE: dict[str, Forms] = {
    "message.posted": ("post", "posts"),
    "thread.started": ("thread that got an answer", "threads that got an answer"),
    "thread.replied": ("reply", "replies"),
    "reaction.added": ("reaction", "reactions"),
    "member.joined": ("arrival", "arrivals"),
    "command.used": ("command", "commands"),
    "voice.session_ended": ("voice session", "voice sessions"),
    "event.attended": ("event attended", "events attended"),
    "poll.voted": ("vote", "votes"),
    "reply.marked_helpful": ("helpful mark given", "helpful marks given"),
    "answer.accepted": ("answer accepted", "answers accepted"),
    "kudos.given": ("kudos given", "kudos given"),
    "nomination.made": ("nomination", "nominations"),
    "donation.made": ("donation", "donations"),
    "commit.pushed": ("commit", "commits"),
    "action.validated": ("deed confirmed by a moderator", "deeds confirmed by a moderator"),
    "member.anniversary": ("anniversary here", "anniversaries here"),
    "achievement.earned": ("badge", "badges"),
    "points.earned": ("gain of points", "gains of points"),
    "level.reached": ("level", "levels"),
}
_RECEIVED: dict[str, Forms] = {
    "thread.replied": ("reply from others", "replies from others"),
    "reaction.added": ("reaction received", "reactions received"),
    "reply.marked_helpful": ("helpful mark received", "helpful marks received"),
    "kudos.given": ("kudos received", "kudos received"),
    "nomination.made": ("nomination received", "nominations received"),
}
_PLACES: dict[str, Forms] = {  # what is counted as different, and the word before it
    "day": ("on", "day"),
    "date": ("on", "day"),
    "actor": ("from", "person"),
    "author": ("for", "person"),
    "target": ("for", "person"),
    "channel": ("in", "channel"),
    "channel_id": ("in", "channel"),
    "thread": ("in", "thread"),
    "message": ("on", "message"),
    "repository": ("in", "repository"),
}
_TESTS = {
    "at_least": "at least {v}",
    "at_most": "at most {v}",
    "more_than": "more than {v}",
    "less_than": "less than {v}",
    "not": "not {v}",
    "contains": "containing {v}",
    "starts_with": "starting with {v}",
    "ends_with": "ending with {v}",
    "equal": "{v}",
    "one_of": "{v}",
}


def number(value: int | Decimal) -> str:
    """In words up to twelve, as a figure above."""
    if value == int(value) and 0 <= value <= 12:
        return _NUMBERS[int(value)]
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def several(word: str) -> str:
    """The plural of an English noun; of several words, of the last one."""
    if word == "person":
        return "people"
    if word.endswith("y") and word[-2:-1] not in ("a", "e", "o", "u"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def counted(value: int | Decimal, one: str, many: str | None = None) -> str:
    """As "three posts"."""
    return f"{number(value)} {one if value == 1 else many or several(one)}"


def listed(items: Sequence[str], word: str = "and") -> str:
    """As "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"


def nouns(book: RuleBook, rule: Source) -> Forms:
    """What one counted event of a rule is called, and several of them."""
    found = [_noun(book, name, rule.credit) for name in rule.when]
    return listed([one for one, _ in found], "or"), listed([many for _, many in found], "or")


def _noun(book: RuleBook, name: str, credit: str) -> Forms:
    if name in book.signals:
        word = name.replace("_", " ").replace("-", " ")
        return word, several(word)
    known = _RECEIVED.get(name) if credit in ("author", "target") else None
    return known or _DONE.get(name) or _composed(name)


def _composed(name: str) -> Forms:
    """ "ticket.resolved" is a resolved ticket."""
    words = [part.replace("_", " ") for part in name.split(".")]
    noun, verb = " ".join(words[:-1]), words[-1]
    return (f"{verb} {noun}", f"{verb} {several(noun)}") if noun else (verb, several(verb))


def different(fact: str, goal: int | Decimal, word: str = "different") -> str:
    """As "in five different channels"."""
    place, what = _PLACES.get(fact, ("with", fact.replace("_", " ")))
    between = f" {word} " if goal != 1 or word == "more" else " "
    return f"{place} {number(goal)}{between}{counted_word(what, goal)}"


def counted_word(one: str, value: int | Decimal) -> str:
    return one if value == 1 else several(one)


def unit(fact: str) -> Forms:
    """What a progress line counts when it counts different values: ("person", "people")."""
    one = _PLACES.get(fact, ("", fact.replace("_", " ")))[1]
    return one, several(one)


def filters_text(where: Sequence[Filter]) -> str:
    """All filters of a rule, to stand behind the noun: " in #help, of at least 40 characters"."""
    written = [_filter(f) for f in where]
    return "".join(f" {text}" if n == 0 else f", {text}" for n, text in enumerate(written))


def _filter(f: Filter) -> str:
    value = _value(f)
    match f.fact, f.comparison:
        case "channel" | "channel_id", "equal" | "one_of":
            return f"in {value}"
        case "channel" | "channel_id", "not":
            return f"outside {value}"
        case "emoji", "equal" | "one_of":
            return f"with {value}"
        case "post_kind", "equal" if value == "reply":
            return "on replies"
        case "post_kind", "equal" if value == "post":
            return "on posts"
        case "length", "at_least" | "at_most" | "more_than" | "less_than":
            return f"of {_TESTS[f.comparison].format(v=value)} characters"
        case "kind", "equal" | "one_of":
            return f"({value})"
    return _other(f.fact.replace("_", " "), f, value)


def _other(fact: str, f: Filter, value: str) -> str:
    if f.comparison == "exists":
        return f"that {'have' if f.value else 'have no'} {fact}"
    if isinstance(f.value, bool):
        return f"that {'have' if f.value else 'do not have'} {fact.removeprefix('has ')}"
    if f.comparison == "between" and isinstance(f.value, tuple):
        return f"with {fact} from {_one(f, f.value[0])} to {_one(f, f.value[1])}"
    return f"with {fact} {_TESTS[f.comparison].format(v=value)}"


def _value(f: Filter) -> str:
    values = f.value if isinstance(f.value, tuple) else (f.value,)
    return listed([_one(f, value) for value in values], "or")


def _one(f: Filter, value: Plain) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if f.fact in ("delay", "age", "idle") and isinstance(value, int):
        return _span(value)
    return f":{value}:" if f.fact == "emoji" else str(value)


def _span(seconds: int) -> str:
    for name, length in (("week", 604_800), ("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds and seconds % length == 0:
            return str(Duration(seconds // length, name))  # type: ignore[arg-type] # the four are units
    return str(Duration(seconds, "second"))
