"""Which way a card is read: names that are read the other way keep their own direction and turn nothing around them.

Slack and Discord give each line the direction of its first letter. A line of an Arabic card that begins with a Latin
name would run the wrong way, and so would an English one that begins with an Arabic name: a mark before it says which.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from core.cards import Card, Line, Link, Mention, Span, Text
from core.pictures import word
from core.texts import ISOLATES

_MARKS = {False: "\N{LEFT-TO-RIGHT MARK}", True: "\N{RIGHT-TO-LEFT MARK}"}
_ISOLATED = re.compile(f"{ISOLATES[0]}[^{ISOLATES[1]}]*{ISOLATES[1]}")
_LEFTWARDS = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_STYLES = re.compile(r"[*_~]*")
_NAME = re.compile(r"\A(\s*)(.*?)([\s:.,\uff1a\u060c]*)\Z", re.DOTALL)  # without the colon or comma behind it


@dataclass(frozen=True, slots=True)
class Direction:
    """`leftwards`: from right to left."""

    leftwards: bool = False

    def held(self, line: Line) -> Line:
        """The line with the names that run the other way between isolates."""
        return tuple(self._held(span) for span in line)

    def begun(self, shown: str, line: Line) -> str:
        """The line as it was rendered, with a mark where its first letter runs the other way. Inside of what makes it
        bold: platforms see such signs only at the border of a word."""
        words = "".join(word(span) for span in line)
        if not self._may_turn(words) or next(_ways(words), self.leftwards) == self.leftwards:
            return shown
        at = _STYLES.match(shown)
        end = at.end() if at is not None else 0
        return f"{shown[:end]}{_MARKS[self.leftwards]}{shown[end:]}"

    def _may_turn(self, words: str) -> bool:
        """Nearly all that is ever said is not even looked at letter by letter."""
        return self.leftwards or _LEFTWARDS.search(words) is not None

    def _held(self, span: Span) -> Span:
        words = word(span)
        if not self._may_turn(words) or ISOLATES[0] in words or all(way == self.leftwards for way in _ways(words)):
            return span
        match span:
            case Text(text, bold, italic) if bold or italic:
                return replace(span, text=_NAME.sub(_between, text))
            case Link(text=text):
                return replace(span, text=text.join(ISOLATES))
            case Mention(name=name):
                return replace(span, name=name.join(ISOLATES))
        return span


def direction(card: Card) -> Direction:
    """The way in which most of the card's own words run: names, and what stands between isolates, say nothing, and a
    title, which may be one, only where there is nothing else."""
    own, title = list(_own_words(card)), list(_plain(card.title or ()))
    if not any(map(_LEFTWARDS.search, own + title)):
        return Direction()
    ways = _all_ways(own) or _all_ways(title)
    return Direction(sum(ways) * 2 > len(ways))


def _all_ways(texts: Iterable[str]) -> list[bool]:
    return [way for text in texts for way in _ways(_ISOLATED.sub("", text))]


def _own_words(card: Card) -> Iterator[str]:
    yield from (button.label for button in card.buttons)
    for section in card.sections:
        yield section.heading or ""
        for line in section.lines:
            yield from _plain(line)


def _plain(line: Line) -> Iterator[str]:
    return (span.text for span in line if isinstance(span, Text) and not (span.bold or span.italic))


def _between(found: re.Match[str]) -> str:
    lead, name, trail = found.groups()
    return f"{lead}{ISOLATES[0]}{name}{ISOLATES[1]}{trail}" if name else found[0]


def _ways(text: str) -> Iterator[bool]:
    """For each letter that has a direction, whether it runs to the left."""
    for character in text:
        way = unicodedata.bidirectional(character)
        if way in ("L", "R", "AL"):
            yield way != "L"
