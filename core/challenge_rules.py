"""A challenge as a rule: its lines for rules.toml, and the book with all of them in it."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from core.challenges import Challenge, Wish
from core.rules.book import Achievement, RuleBook
from core.rules.findings import BookRefused, Finding
from core.rules.loading import examine, load

CATEGORY = "challenge"
NEW_FOR = 30  # days: who joined later than so many before the start is new
LONGEST_ID = 40
TEMPLATE_NOTE = "# made from the template “{}”"
_OTHERS = re.compile(r"[^a-z0-9]+")
_WHOM = {"team": 'for = "team"', "community": 'for = "community"'}


def id_of(name: str, taken: Collection[str]) -> str:
    """An id for the rule, made from the name, that nothing has yet."""
    plain = _OTHERS.sub("_", name.casefold()).strip("_")[:LONGEST_ID].strip("_") or "challenge"
    if plain not in taken:
        return plain
    return next(f"{plain}_{n}" for n in range(2, len(taken) + 3) if f"{plain}_{n}" not in taken)


def rule_text(id_: str, wish: Wish, version: int) -> str:
    """The lines of a rule book that say the same. The days are the community's, whatever the defaults are."""
    lines = [
        *([TEMPLATE_NOTE.format(wish.template)] if wish.template else []),
        f"[achievement.{id_}]",
        f"name = {_text(wish.name)}",
        f'category = "{CATEGORY}"',
        *_counted(wish),
        f"goal = {wish.goal}",
        f"from = {wish.first}",
        f"until = {wish.last}",
        'timezone = "community"',
        *([_WHOM[wish.whom]] if wish.whom in _WHOM else []),
        *([f"who.joined_after = {wish.first - dt.timedelta(days=NEW_FOR)}"] if wish.whom == "new" else []),
        *([f"points = {wish.points}"] if wish.points else []),
        *([f"gives_role = {_text(wish.role)}"] if wish.role else []),
        *([f"version = {version}"] if version > 1 else []),
    ]
    return "\n".join(lines) + "\n"


def _counted(wish: Wish) -> list[str]:
    """What counts: `what` is "type,type:credit", or the name of a signal."""
    types, _, credit = wish.what.partition(":")
    named = types.split(",")
    when = _text(named[0]) if len(named) == 1 else f"[{', '.join(map(_text, named))}]"
    lines = [f"when = {when}"]
    if credit and credit != "actor":
        lines.append(f"credit = {_text(credit)}")
    return [*lines, *([f"distinct = {_text(wish.each)}"] if wish.each else [])]


def _text(value: str) -> str:
    """A text as TOML writes it, which for printable ones is as JSON does."""
    return json.dumps(value, ensure_ascii=False)


def own_ids(book: RuleBook) -> frozenset[str]:
    """Achievements that the file itself holds."""
    if not book.written.text:
        return frozenset(book.achievements)
    found = tomllib.loads(book.written.text).get("achievement")
    return frozenset(found) if isinstance(found, dict) else frozenset()


def faults(book: RuleBook, id_: str, rule: str, now: int) -> list[Finding]:
    """What keeps a rule from being added to the book: the same that `plaudit check` would say. `now`: UTC
    microseconds."""
    others = set(book.achievements) - {id_}
    found = examine(f"{book.written.text}\n{rule}", book.written.file, others, now)
    return [f for f in found.errors if f.key.startswith(f"achievement.{id_}")] or list(found.errors)


def with_challenges(book: RuleBook, challenges: Iterable[Challenge]) -> RuleBook:
    """The book with the rules of all challenges that its file does not hold itself; the file's word goes first.

    Raises BookRefused where a challenge that is not closed needs what the book does not have. A closed one is left
    out then: its awards stand like those of any rule that left.
    """
    there = {c.id: c for c in challenges}
    own = own_ids(book)
    kept = {name: rule for name, rule in book.achievements.items() if name in own or name not in there}
    added = _rules(book, [c for c in there.values() if c.id not in own and c.rule])
    return book.model_copy(update={"achievements": {**kept, **added}})


def _rules(book: RuleBook, challenges: Sequence[Challenge]) -> dict[str, Achievement]:
    """All of them at once: the text of the book is long, and challenges become many. One by one where that is refused,
    to see which of them it is."""
    try:
        whole = load("\n".join([book.written.text, *(c.rule for c in challenges)]), book.written.file)
    except BookRefused:
        return {c.id: rule for c in challenges if (rule := _read(book, c)) is not None}
    return {c.id: whole.achievements[c.id] for c in challenges}


def _read(book: RuleBook, challenge: Challenge) -> Achievement | None:
    try:
        return parsed(book, challenge.id, challenge.rule)
    except BookRefused as refused:
        if challenge.result is not None:
            return None
        said = refused.findings[0].text
        text = f"the challenge “{challenge.name}” needs what this book does not say ({said}); put it back, or end it"
        raise BookRefused(Finding(book.written.file, None, f"achievement.{challenge.id}", "R0", text)) from None


def parsed(book: RuleBook, id_: str, rule: str) -> Achievement:
    """The rule as the file would mean it, with its defaults, signals and words. Raises BookRefused."""
    return load(f"{book.written.text}\n{rule}", book.written.file).achievements[id_]


def explained(found: Iterable[Finding], book: RuleBook, challenges: Mapping[str, Challenge]) -> list[Finding]:
    """The findings about versions (R8). Where the file does not hold a rule, nobody can raise its version there, so
    they say how it comes there."""
    own = own_ids(book)
    there = {f"achievement.{name}": c for name, c in challenges.items() if name not in own}
    return [_explained(f, there[f.key]) if f.key in there else f for f in found]


def _explained(found: Finding, challenge: Challenge) -> Finding:
    where = "in place of its version" if challenge.version > 1 else "below its [header]"
    text = (
        "it was made in the chat, and takes something else now than until now; paste into this file what"
        f" plaudit challenges export {challenge.id} prints, and these lines {where}:"
    )
    return replace(found, line=None, column=None, text="\n".join([text, *found.text.splitlines()[1:]]))


def windows(wish: Wish, today: dt.date) -> list[Wish]:
    """The same challenge, ended yesterday, and before that as often as it fits into thirty days: nothing of today,
    which is not over. Whoever is new is new by those dates."""
    length = wish.last - wish.first
    last = today - dt.timedelta(days=1)
    found: list[Wish] = []
    while not found or (today - (last - length)).days <= NEW_FOR:
        found.append(replace(wish, first=last - length, last=last))
        last -= length + dt.timedelta(days=1)
    return found[:4]
