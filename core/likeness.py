"""Who somebody from another system may be: suggestions for moderators, each with its reason and how likely it is.

Names are compared without accents and capitals. The same words in any order make a match; else the measure is
`difflib.SequenceMatcher.ratio()` of the two without blanks, and 0.8 of it is the least that is suggested.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from core.events import Account

LEAST = 0.8
SAME_ADDRESS, SAME_ELSEWHERE, SAME_NAME, SHARED_NAME, SIMILAR = 98, 85, 80, 40, 70
"""Percent. A name that several people have says little; a similar one counts by its measure."""


@dataclass(frozen=True, slots=True)
class Guess:
    """`candidate`: a chat account. `percent`: how likely it is the same person."""

    candidate: Account
    name: str
    percent: int
    reason: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody whom no chat knows. `badges`: what they hold under this name, which they would bring along."""

    account: Account
    name: str
    facts: int
    badges: tuple[str, ...] = ()
    guess: Guess | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the chats. `elsewhere`: (place, name) of accounts that are linked with theirs."""

    account: Account
    name: str
    elsewhere: tuple[tuple[str, str], ...] = ()
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody of the chats, by their names."""

    people: tuple[Known, ...]
    names: Counter[str] = field(default_factory=Counter)


def crowd(people: Iterable[Known]) -> Crowd:
    known = tuple(people)
    return Crowd(known, Counter(key for k in known if (key := words(k.name))))


def guess(stranger: Stranger, among: Crowd, rejected: Collection[Account] = ()) -> Guess | None:
    """The likeliest; of two that are as likely nobody."""
    ratio = _ratio(stranger)
    found = [g for k in among.people if k.account not in rejected for g in _guesses(stranger, k, among, ratio)]
    best = sorted(found, key=lambda g: -g.percent)[:1]
    rivals = {g.candidate for g in found if best and g.percent == best[0].percent}
    return best[0] if best and len(rivals) == 1 else None


def words(name: str) -> str:
    """A name as sorted words."""
    return " ".join(sorted(_parts(name)))


def _parts(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.findall(r"\w+", plain.replace("_", " "))


def address_of(account: Account, name: str) -> str:
    """An address that the account or its name is, "" for none."""
    return next((t.lower() for t in (account.partition("/")[2], name) if re.fullmatch(r"[^@\s]+@[^@\s]+", t)), "")


def _guesses(stranger: Stranger, known: Known, among: Crowd, ratio: Callable[[str], float]) -> Iterator[Guess]:
    address, key = address_of(stranger.account, stranger.name), words(_name(stranger))
    if address and (address in known.addresses or address == known.name.lower()):
        yield Guess(known.account, known.name, SAME_ADDRESS, "the same e-mail address")
    for where, name in known.elsewhere:
        if key and words(name) == key:
            yield Guess(known.account, known.name, SAME_ELSEWHERE, f"the same name as their account on {where}")
    other = words(known.name)
    if key and other == key:
        percent = SAME_NAME if among.names[key] == 1 else SHARED_NAME
        yield Guess(known.account, known.name, percent, "the same name")
    elif len(key) > 2 and len(other) > 2 and (measure := ratio("".join(_parts(known.name)))) >= LEAST:
        yield Guess(known.account, known.name, round(measure * SIMILAR), "a similar name")


def _name(stranger: Stranger) -> str:
    """Of an address the part before the at sign."""
    address = address_of(stranger.account, stranger.name)
    return address.partition("@")[0] if address else stranger.name


def _ratio(stranger: Stranger) -> Callable[[str], float]:
    """How alike a name is, as soon as the cheap bounds allow it."""
    matcher = difflib.SequenceMatcher(None, b="".join(_parts(_name(stranger))), autojunk=False)

    def measure(other: str) -> float:
        matcher.set_seq1(other)
        if matcher.real_quick_ratio() < LEAST or matcher.quick_ratio() < LEAST:
            return 0.0
        return matcher.ratio()

    return measure


def percentage(part: int, whole: int) -> str:
    """As "80 %", or a dash of nothing."""
    return f"{round(100 * part / whole)} %" if whole else "–"


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What became of suggestions: by moderators, and by people who linked themselves."""

    confirmed: int = 0
    rejected: int = 0
    agreed: int = 0
    differed: int = 0

    def lines(self) -> Sequence[str]:
        decided, linked = self.confirmed + self.rejected, self.agreed + self.differed
        return (
            f"Moderators confirmed {self.confirmed} of {decided} suggestions ({percentage(self.confirmed, decided)}).",
            f"{self.agreed} of {linked} people who linked themselves are who was suggested "
            f"({percentage(self.agreed, linked)}).",
        )
