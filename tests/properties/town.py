"""A small community as a state machine: whatever is said in whatever order, what is stored is what the log supports."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from adapters.storage.checking import Check
from adapters.storage.reading import reading
from adapters.storage.store import Store, open_store
from bot.verification import compare
from core.events import Statement
from core.plan import LINKED, compile_plan
from core.replay import Log, replay
from core.results import Replay
from core.rules.book import RuleBook
from core.rules.loading import load
from core.serving import Mode
from core.times import read_time
from tests.oracle import Row, Verdict, judge
from tests.properties.kinds import Kind
from tests.properties.storyteller import DAY, ERAS, HOUR, LINKS, SPAN, Storyteller

MOST_LOOKS = 10
SEEDS = st.integers(0, 2**32 - 1)


class Town(RuleBasedStateMachine):
    """One bot on one database. `most`: how many statements a history may have."""

    def __init__(self, kind: Kind, empty: bytes, most: int) -> None:
        super().__init__()
        self.kind, self.most, self.text = kind, most, kind.book
        self.folder = Path(tempfile.mkdtemp(prefix="town"))
        self.url = f"sqlite+aiosqlite:///{self.folder / 'plaudit.db'}"
        (self.folder / "plaudit.db").write_bytes(empty)
        self.runner = asyncio.Runner()
        self.told: list[Statement] = []
        self.held: list[Statement] = []
        self.looks = self.seen = self.now = 0
        self.store: Store | None = None

    # ---- what happens

    @initialize(seed=SEEDS, era=st.sampled_from(ERAS), links=st.sampled_from(LINKS))
    def begin(self, seed: int, era: int, links: Sequence[Sequence[str]]) -> None:
        self.links, self.now = links, era + SPAN
        self.teller = Storyteller(Random(seed), self.kind.acts, era)  # noqa: S311 - a history, no secret
        self.reopen()
        self.take([self.teller.tell() for _ in range(12)])

    @precondition(lambda self: len(self.told) + len(self.held) < self.most)
    @rule(seed=SEEDS, count=st.integers(1, 6))
    def tell(self, seed: int, count: int) -> None:
        self.teller.random.seed(seed)
        self.take([self.teller.tell() for _ in range(count)])

    @precondition(lambda self: len(self.told) + len(self.held) < self.most)
    @rule(seed=SEEDS, count=st.integers(1, 6))
    def hold_back(self, seed: int, count: int) -> None:
        """Said, but it arrives later."""
        self.teller.random.seed(seed)
        self.held += [self.teller.tell() for _ in range(count)]

    @precondition(lambda self: self.held)
    @rule(seed=SEEDS)
    def deliver_shuffled(self, seed: int) -> None:
        Random(seed).shuffle(self.held)  # noqa: S311 - a history, no secret
        self.take(self.held)
        self.held = []

    @rule(seed=SEEDS)
    def repeat(self, seed: int) -> None:
        self.take(Random(seed).sample(self.told, min(4, len(self.told))))  # noqa: S311 - a history, no secret

    @rule(seed=SEEDS)
    def withdraw(self, seed: int) -> None:
        """Of something told, or of something that is still on its way."""
        self.teller.random.seed(seed)
        self.take([self.teller.withdrawn(said) for said in self.some(2)])

    @rule(seed=SEEDS)
    def edit(self, seed: int) -> None:
        self.teller.random.seed(seed)
        self.take([self.teller.edited(said) for said in self.some(2)])

    @precondition(lambda self: len(self.told) + len(self.held) < self.most)
    @rule(seed=SEEDS)
    def link(self, seed: int) -> None:
        self.teller.random.seed(seed)
        self.take([self.teller.link()])

    @precondition(lambda self: any(said.type == LINKED for said in self.told))
    @rule(seed=SEEDS)
    def part(self, seed: int) -> None:
        self.teller.random.seed(seed)
        said = self.teller.random.choice([s for s in self.told if s.type == LINKED])
        self.take([Statement(said.source, said.id, self.now, op="withdraw")])

    @rule(hours=st.sampled_from([1, 7, 24, 30]))
    def let_time_go_by(self, hours: int) -> None:
        self.now += hours * HOUR
        self.teller.end = self.now
        self.settle()

    @rule()
    def restart(self) -> None:
        self.reopen()

    @precondition(lambda self: self.text == self.kind.book)
    @rule()
    def change_a_rule(self) -> None:
        self.text = self.kind.changed
        self.reopen()

    @precondition(lambda self: self.looks < MOST_LOOKS and len(self.told) > self.seen)
    @rule()
    def look(self) -> None:
        self.looks += 1
        self.seen = len(self.told)
        self.check()

    def teardown(self) -> None:
        try:
            if self.store is not None:
                self.take(self.held)
                self.now += DAY
                self.check()
                self.runner.run(self.store.close())
        finally:
            self.runner.close()
            shutil.rmtree(self.folder)

    # ---- doing it

    def some(self, count: int) -> list[Statement]:
        facts = [s for s in (*self.told, *self.held) if s.op == "assert"]
        return self.teller.random.sample(facts, min(count, len(facts)))

    def take(self, said: Sequence[Statement]) -> None:
        assert self.store is not None
        if said:
            self.runner.run(self.store.take(said, Mode()))
            self.told += said

    def settle(self) -> None:
        assert self.store is not None
        self.runner.run(self.store.settle())

    def reopen(self) -> None:
        if self.store is not None:
            self.runner.run(self.store.close())
        self.store = self.runner.run(open_store(self.url, [self.book()], lambda: self.now))

    def book(self) -> RuleBook:
        return load(self.text, f"{self.kind.name}.toml")

    # ---- looking

    def check(self) -> None:
        """The tables, a replay of their log, and the oracle say the same."""
        self.settle()
        assert self.store is not None
        assert self.store.trouble is None
        book = self.book()
        with reading(self.url) as histories:
            check = Check(histories("default"))
            log = list(check.history.log())
            stored, scores = check.awards(), {m: n for m, n in check.scores().items() if n}
        for links in dict.fromkeys([(), self.links]):
            verdict = judge(self.text, log, self.now, links)
            agree(f"replay and oracle, {links=}", differences(verdict, replayed(book, log, self.now, links)))
        plain = judge(self.text, log, self.now)
        standing = {(*row[:4], *row[5:]) for row in plain.rows if row[4] != "revoked"}
        agree("tables and oracle", [("tables" if row in stored else "oracle", *row) for row in stored ^ standing])
        agree("tables and oracle", sorted(scores.items() ^ plain.score.items()))
        agree("tables and replay", compare(self.url, [book], self.now))


def agree(what: str, differing: Sequence[object]) -> None:
    """A failure that says what differs."""
    if differing:
        raise AssertionError(f"{what} differ:\n" + "\n".join(map(str, differing[:8])))


def replayed(book: RuleBook, log: Iterable[Statement], now: int, links: Iterable[Sequence[str]] = ()) -> Replay:
    whole = Log(compile_plan(book), now)
    whole.links += [tuple(line) for line in links]
    for statement in log:
        whole.take(statement)
    return replay(whole.plan, whole)


def rows_of(result: Replay) -> list[Row]:
    return sorted(
        (
            a["achievement"],
            a["member"],
            a["tier"] or "",
            a["period"] or "",
            a["state"],
            read_time(a["earned_at"]),
            a["evidence"],
        )
        for a in result.awards
    )


def differences(verdict: Verdict, result: Replay) -> list[tuple[object, ...]]:
    """What only one of the two says."""
    mine, theirs = set(verdict.rows), set(rows_of(result))
    found: list[tuple[object, ...]] = [("only the oracle", *row) for row in sorted(mine - theirs)]
    found += [("only the replay", *row) for row in sorted(theirs - mine)]
    for name in ("score", "points"):
        one, other = getattr(verdict, name), getattr(result, name)
        found += [
            (name, m, one.get(m, 0), other.get(m, 0)) for m in sorted({*one, *other}) if one.get(m) != other.get(m)
        ]
    return found
