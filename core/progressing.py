"""Where a member stands toward what they do not hold yet, in numbers and in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from core.judgement import Judgement
from core.plan import Wanted
from core.records import ProgressLine
from core.rules.explain import next_step, progress_text


def progress_lines(judgement: Judgement, held: Collection[str]) -> Iterator[ProgressLine]:
    """Achievements under way: not in `held` (or repeatable), with something counted."""
    for wanted in judgement.plan.wanted.values():
        if wanted.shadow or (wanted.id in held and not wanted.rule.repeats):
            continue
        line = _line(judgement, wanted)
        if line is not None and line.value > 0:
            yield line


def _line(judgement: Judgement, wanted: Wanted) -> ProgressLine | None:
    standing = judgement.progress(wanted.id)
    if standing is None:
        return None
    value, goal = standing
    book = judgement.plan.book
    missing = tuple(book.achievements[name].name for name in judgement.missing(wanted.id) if name in book.achievements)
    text = progress_text(book, wanted.id, value, goal, missing=missing)
    return ProgressLine(wanted.id, value, goal, text, next_step(book, wanted.id, value), missing)
