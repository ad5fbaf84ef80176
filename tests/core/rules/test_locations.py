"""The line of every key, however TOML lets people write it."""

from __future__ import annotations

import tomllib

import pytest

from core.rules.locations import Path, line_of, lines_of
from tests.shared import needs_shared, shared

TEXT = '''# a comment = "no key"
rules = 1 # trailing = comment

[community]
"time zone" = 'x = "y"'
text = """
[not.a.table]
key = 1
"""
after = 1
[achievement.x]
where.emoji.not = "a"
where . length = { at_least = 5,at_most = 9 }
all = [
  { when = "a#b", goal = 2 }, # one
  # none
  { when = ["c",
            "d"] },
]
[[level]]
at = 1
[[level]]
at = 2
[level.needs]
of = []
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("rules",), 2),
        (("community",), 4),
        (("community", "time zone"), 5),
        (("community", "after"), 10),
        (("achievement", "x"), 11),
        (("achievement",), 11),
        (("achievement", "x", "where"), 12),
        (("achievement", "x", "where", "emoji", "not"), 12),
        (("achievement", "x", "where", "length", "at_most"), 13),
        (("achievement", "x", "all"), 14),
        (("achievement", "x", "all", 0, "goal"), 15),
        (("achievement", "x", "all", 1, "when", 1), 18),
        (("level", 0, "at"), 21),
        (("level", 1, "at"), 23),
        (("level", 1, "needs", "of"), 25),
    ],
)
def test_every_key_has_its_line(path: Path, line: int) -> None:
    assert tomllib.loads(TEXT)
    assert lines_of(TEXT)[path] == line


def test_a_key_that_is_not_there_has_the_line_of_what_is_around_it() -> None:
    lines = lines_of(TEXT)
    assert line_of(lines, ("achievement", "x", "where", "emoji", "nothing")) == 12
    assert line_of(lines, ("nowhere", "at", "all")) == 1


def paths(value: object, path: Path = ()) -> set[Path]:
    found = {path} if path else set()
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found |= paths(item, (*path, key))
    return found


@needs_shared
@pytest.mark.parametrize("name", ["rules-examples.toml", "first-rule-book.toml"])
def test_no_key_of_a_whole_book_is_missed(name: str) -> None:
    text = shared(f"design/{name}").read_text()
    assert paths(tomllib.loads(text)) <= lines_of(text).keys() | {("level",)}
