"""A few facts and what a rule makes of them: tests spell out only who, when and what matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.events import Statement, Value
from core.lines import to_line
from core.plan import compile_plan
from core.replay import Log, replay
from core.results import Replay
from core.rules.loading import load
from core.times import read_time

TEAM = "slack:T1"
DAY = 86_400_000_000
START = read_time("2026-03-20T00:00:00Z")  # a week before the clocks change in Berlin
HEAD = 'rules = 1\n[community]\ntimezone = "Europe/Berlin"\n'


def told(
    who: str,
    at: str,
    type_: str = "message.posted",
    *,
    id_: str | None = None,
    author: str | None = None,
    target: str | None = None,
    participants: Sequence[str] = (),
    source: str = TEAM,
    **facts: Value,
) -> Statement:
    """A fact of A, B … in the first workspace. `at` may leave out the offset (UTC) and the year (2026)."""
    return Statement(
        source,
        id_ or f"{type_}/{who}/{at}",
        moment(at),
        type_,
        actor=account(who, source),
        author=None if author is None else account(author, source),
        target=None if target is None else account(target, source),
        participants=tuple(account(p, source) for p in participants),
        facts=facts,
    )


def account(who: str, source: str = TEAM) -> str:
    return who if "/" in who else f"{source}/{who}"


def moment(at: str) -> int:
    whole = at if at.count("-") >= 2 and at[:2] == "20" else f"2026-{at}"
    whole += "" if "T" in whole else "T12:00"
    whole += ":00" if whole.partition("T")[2].partition("+")[0].count(":") == 1 and "+" not in whole else ""
    return read_time(whole if "+" in whole else whole + "Z")


def without(statement: Statement, at: str) -> Statement:
    """Its withdrawal."""
    return Statement(statement.source, statement.id, moment(at), op="withdraw")


def again(statement: Statement, at: str, **facts: Value) -> Statement:
    """A later assertion of the same fact, with other facts."""
    return replace(statement, at=moment(at), facts=facts or statement.facts)


def result(
    rules: str,
    said: Sequence[Statement],
    until: str | None = None,
    links: Sequence[Sequence[str]] = (),
    head: str = HEAD,
) -> Replay:
    log = Log(compile_plan(load(head + rules, "rules.toml")), None if until is None else moment(until))
    log.links += [tuple(account(a) for a in line) for line in links]
    log.read(to_line(statement) for statement in said)
    return replay(log.plan, log)


def won(rules: str, *said: Statement, until: str | None = None, head: str = HEAD) -> list[str]:
    """Awards of the rule `x` as `A 2026-03-02T12:00 (2)`: member, earned (UTC, to the minute), evidence."""
    found = result(rules, said, until, head=head).awards
    return [_line(a) for a in found if a["achievement"] == "x"]


def _line(a: dict[str, object]) -> str:
    period = f" {a['period']}" if a["period"] else ""
    state = "" if a["state"] == "awarded" else f" {a['state']}"
    who = str(a["member"]).removeprefix(f"{TEAM}/")
    return f"{who}{period} {str(a['earned_at'])[5:16]} ({a['evidence']}){state}"


def rule(*lines: str) -> str:
    """The achievement `x` of posts, with these lines."""
    when = "" if any(line.startswith(("when", "needs", "manual")) for line in lines) else 'when = "message.posted"\n'
    return '[achievement.x]\nname = "X"\n' + when + "\n".join(lines) + "\n"
