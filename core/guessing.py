"""What a page was asked for from which address: wrong codes, and lines for right ones. Kept in memory only: a page that
people look at writes nothing."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from core.claim_codes import CONFIRMED_WITHIN, WATCHED, mark

MOST = 40
"""Different wrong codes within ten minutes from one address. A hall of two hundred phones makes a few slips, and a
poster with an error is one wrong code, however many read it. Of 30¹² codes, forty at a time find none."""
MOST_LINES = 250
"""Lines within half an hour, as long as one is good for, to one address: two hundred phones in a hall, and some that
press twice. Whoever comes later can type the code itself."""
_MINUTE = 60_000_000  # microseconds
_ADDRESSES = 10_000  # that are remembered: the longest untouched is forgotten first


@dataclass(slots=True)
class _Seen:
    """When which wrong code came first; `until`: as long as nothing is answered."""

    wrong: dict[bytes, int] = field(default_factory=dict)
    until: int = 0


class Guesses:
    """Of one process. Times are UTC microseconds; `who` is a masked address."""

    def __init__(self, most: int = MOST, addresses: int = _ADDRESSES) -> None:
        self._most = most
        self._addresses = addresses
        self._seen: OrderedDict[str, _Seen] = OrderedDict()

    def locked(self, who: str, now: int) -> bool:
        """Whether nothing is answered, right or wrong: for ten minutes after one wrong code too many."""
        seen = self._seen.get(who)
        return seen is not None and now < seen.until

    def note(self, who: str, code: str, now: int) -> None:
        """A wrong one. The same one again says nothing new."""
        seen = self._seen.setdefault(who, _Seen())
        self._seen.move_to_end(who)
        seen.wrong = {known: at for known, at in seen.wrong.items() if at > now - WATCHED}
        seen.wrong.setdefault(mark(code), now)
        if len(seen.wrong) >= self._most:
            seen.until = now + WATCHED
        while len(self._seen) > self._addresses:
            self._seen.popitem(last=False)


class Lines:
    """How many lines were given to an address. Of one process; as `Guesses`."""

    def __init__(self, most: int = MOST_LINES, addresses: int = _ADDRESSES) -> None:
        self._most = most
        self._addresses = addresses
        self._given: OrderedDict[str, dict[int, int]] = OrderedDict()

    def give(self, who: str, now: int) -> bool:
        """Whether there is one more; then it counts. By the minute: what is kept of an address stays small."""
        minute, oldest = now // _MINUTE, (now - CONFIRMED_WITHIN) // _MINUTE
        given = {at: number for at, number in self._given.get(who, {}).items() if at > oldest}
        if sum(given.values()) >= self._most:
            return False
        given[minute] = given.get(minute, 0) + 1
        self._given[who] = given
        self._given.move_to_end(who)
        while len(self._given) > self._addresses:
            self._given.popitem(last=False)
        return True
