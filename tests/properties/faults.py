"""Does the comparison bite? Each sentence that the oracle can forget, and in how many histories that shows.

`python -m tests.properties.faults` prints the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tests.oracle import FAULTS, judge
from tests.properties.kinds import KINDS
from tests.properties.storyteller import LINKS, history

# Where a fault can show at all.
KINDS_OF = {
    "utc days": ("within", "streaks", "dates", "together"),
    "no tombstones": ("tiers", "within", "unless", "steps", "engine"),
    "arrival order": ("tiers", "unless", "parts"),
    "repetitions count": ("tiers", "within", "engine"),
    "edits move": ("within", "streaks", "steps"),
    "bots count": ("tiers", "dates", "zones"),
    "no grace": ("streaks", "lasting"),
    "rest days count": ("streaks", "zones"),
    "pauses break": ("streaks",),
    "freezes break": ("streaks",),
    "outages break": ("streaks",),
    "no member zones": ("zones",),
    "nothing cancels": ("unless",),
    "cancels only after": ("unless",),
    "within a day more": ("within", "steps"),
    "until is exclusive": ("dates",),
    "seasons by year": ("dates",),
    "any absence": ("absence",),
    "steps at once": ("steps",),
    "other things": ("steps", "parts"),
    "no cooldown": ("lasting", "absence"),
    "lasts for ever": ("lasting",),
    "ties of the first by chance": ("ranks",),
    "one for each place": ("ranks",),
    "who is tested now": ("who",),
    "needs may settle": ("who", "engine"),
    "all at once": ("parts",),
    "unasked": ("who",),
    "retired goes on": ("dates",),
    "engine is silent": ("engine",),
}
HISTORIES = 60
LENGTH = 60


def noticed(fault: str) -> Iterator[bool]:
    """For one history after the other: whether the oracle says something else with this fault."""
    kinds = [KINDS[name] for name in KINDS_OF[fault]]
    for seed in range(HISTORIES):
        kind = kinds[seed % len(kinds)]
        random = Random(f"{kind.name} {seed}")  # noqa: S311 - a history, no secret
        said, now = history(random, kind.acts, LENGTH)
        links = random.choice(LINKS)
        right, wrong = (judge(kind.book, said, now, links, f) for f in (frozenset(), frozenset({fault})))
        yield (right.rows, right.score, right.levels) != (wrong.rows, wrong.score, wrong.levels)


def main() -> None:
    print(f"| what the oracle forgets | noticed in … of {HISTORIES} histories |\n|---|---|")
    for fault, meaning in FAULTS.items():
        print(f"| {meaning} | {sum(noticed(fault))} |")


if __name__ == "__main__":
    main()
