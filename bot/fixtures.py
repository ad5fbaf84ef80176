"""`plaudit test`: the examples of a rule book, in it and in the file beside it, and what comes out otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from bot.books import BESIDE, book_files, read_book, read_text
from core.plan import Plan, compile_plan
from core.rehearsal import Failure, rehearse
from core.rules.examples import Example
from core.rules.loading import load_examples
from core.rules.locations import line_of, lines_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """One example, where it stands, and what came out otherwise than it says."""

    file: str
    line: int
    example: str
    failures: tuple[Failure, ...]


def run(path: Path) -> list[Outcome]:
    """Every example of a book, a folder of books, or a file of examples (with the book it stands beside).

    Raises ConfigurationError with one line for each fault of a book or an example.
    """
    files = [book_of(path)] if path.name.endswith(BESIDE) else book_files(path)
    return [outcome for file in files for outcome in _outcomes(file)]


def book_of(examples: Path) -> Path:
    """rules.toml for rules.examples.toml."""
    return examples.with_name(examples.name.removesuffix(BESIDE) + ".toml")


def examples_of(book: Path) -> Path:
    """rules.examples.toml for rules.toml."""
    return book.with_name(book.stem + BESIDE)


def _outcomes(file: Path) -> Iterator[Outcome]:
    book = read_book(file)
    plan = compile_plan(book)
    yield from _all(file, book.examples, plan)
    beside = examples_of(file)
    if beside.exists():
        yield from _all(beside, load_examples(read_text(beside), str(beside), book), plan)


def _all(file: Path, examples: Sequence[Example], plan: Plan) -> Iterator[Outcome]:
    lines = lines_of(read_text(file))
    for n, example in enumerate(examples):
        yield Outcome(str(file), line_of(lines, ("example", n)), example.name, tuple(rehearse(example, plan)))


def show(outcomes: Sequence[Outcome], *, as_json: bool) -> str:
    """For people: what failed, and how many; or one JSON object."""
    if as_json:
        passed = all(not o.failures for o in outcomes)
        return orjson.dumps({"passed": passed, "examples": [asdict(o) for o in outcomes]}).decode()
    failed = [o for o in outcomes if o.failures]
    return "\n".join([*(line for o in failed for line in _told(o)), _sum(len(outcomes), len(failed))])


def _told(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.file}:{outcome.line} {outcome.example}"
    for failure in outcome.failures:
        yield f"  expected  {failure.expected}"
        yield f"  happened  {failure.happened}"
    yield ""


def _sum(all_: int, failed: int) -> str:
    if not all_:
        return "There are no examples yet; docs/how-to/test-rules.md shows how to write one."
    what = f"{all_} example" if all_ == 1 else f"{all_} examples"
    return f"{failed} of {what} came out otherwise." if failed else f"{what}: all as expected."
