"""Which board somebody asks for, over which time: from what they typed or pressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.boards import is_name
from core.cards import Button
from core.commands.asked import Asked
from core.rules.boards import CALENDAR, BoardRule, rolling_days

MOST_BOARDS = 10
LAST = "last"


@dataclass(frozen=True, slots=True)
class Choice:
    """A board and one of its times. `last`: the one before; `name`: one that is over, as 2026-W11."""

    board: str
    rule: BoardRule
    period: str
    last: bool = False
    name: str = ""

    @property
    def over(self) -> bool:
        """Whether it is about a time that is over."""
        return self.last or bool(self.name)


def choose(asked: Asked) -> Choice:
    """Raises Refusal where there is no board, or where nothing of what was typed is one."""
    t, boards = asked.t, asked.book.open_boards
    if not boards:
        raise asked.refuse(t.gettext("This community keeps no score, so there is no board."))
    typed = asked.pressed or f"{asked.argument('board')} {asked.argument('period')}"
    words = typed.casefold().split()
    board, rest = _board(words, boards)
    rule = boards[board]
    period = next((p for p in rule.periods if _holds(rest, p.split())), None)
    name = next((w.upper() for w in rest if is_name(w)), "")
    if words and len(rest) == len(words) and period is None and not name and LAST not in words:
        text = t.gettext("There is a board for {choices}. Take one of these.")
        offered = _offered(asked, boards)
        choices = t.listed(f"“{argument}”" for argument in (boards if len(boards) > 1 else offered.values()))
        raise asked.refuse(text.format(choices=choices), *_buttons(offered))
    chosen = period or _usual(rule, name)
    closes = chosen in CALENDAR or chosen == "season"
    return Choice(board, rule, chosen, closes and LAST in rest and not name, name)


def switches(asked: Asked, choice: Choice) -> tuple[Button, ...]:
    """The other times of this board, and the other boards."""
    t, boards = asked.t, asked.book.open_boards
    found = {label(asked, choice.rule, p): _argument(choice.board, p) for p in choice.rule.periods}
    if not choice.over:
        found.pop(label(asked, choice.rule, choice.period))
    if choice.board and not choice.over and choice.period in (*CALENDAR, "season"):
        found[t.gettext("The one before")] = f"{_argument(choice.board, choice.period)} {LAST}"
    others = [name for name in boards if name != choice.board][:MOST_BOARDS]
    return _buttons(found | {boards[name].name: name for name in others})


def label(asked: Asked, rule: BoardRule, period: str, over: bool = False) -> str:
    """A time in words, the present one or (`over`) the one before."""
    t = asked.t
    if period == "season":
        season = asked.book.seasons[rule.season or ""].name
        return t.gettext("{season}, the last one").format(season=season) if over else season
    if (days := rolling_days(period)) is not None:
        return t.counted("The last day", "The last {n} days", days)
    now = {
        "week": t.gettext("This week"),
        "month": t.gettext("This month"),
        "quarter": t.gettext("This quarter"),
        "year": t.gettext("This year"),
        "all": t.gettext("All time"),
    }
    before = {
        "week": t.gettext("Last week"),
        "month": t.gettext("Last month"),
        "quarter": t.gettext("Last quarter"),
        "year": t.gettext("Last year"),
    }
    return before[period] if over and period in before else now[period]


def periods(asked: Asked) -> list[tuple[str, str]]:
    """The times of the board that is being asked for, with their labels as people pick them."""
    boards = asked.book.open_boards
    if not boards:
        return []
    board, _ = _board(asked.argument("board").casefold().split(), boards)
    rule = boards[board]
    closing = [p for p in rule.periods if board and (p in CALENDAR or p == "season")]
    return [*((p, p) for p in rule.periods), *((f"{p} {LAST}", f"{p} {LAST}") for p in closing)]


def _board(words: Sequence[str], boards: Mapping[str, BoardRule]) -> tuple[str, Sequence[str]]:
    """The board that the first words name, and the words that are left; else the first board and all words."""
    names = {name: board for board, rule in boards.items() for name in (board.casefold(), rule.name.casefold()) if name}
    for name in sorted(names, key=len, reverse=True):
        called = name.split()
        if list(words[: len(called)]) == called:
            return names[name], words[len(called) :]
    return next(iter(boards)), words


def _holds(words: Sequence[str], wanted: Sequence[str]) -> bool:
    ends = range(len(wanted), len(words) + 1)
    return any(list(words[end - len(wanted) : end]) == list(wanted) for end in ends)


def _usual(rule: BoardRule, name: str) -> str:
    """What is meant where no time was named: that of the name, else the month."""
    if name:
        kind = "week" if "W" in name else "quarter" if "Q" in name else "month" if "-" in name else "year"
        return kind if kind in rule.periods else rule.periods[0]
    return "month" if "month" in rule.periods else rule.periods[0]


def _offered(asked: Asked, boards: Mapping[str, BoardRule]) -> dict[str, str]:
    """Labels with their arguments: the times of the only board, else the boards."""
    if len(boards) > 1:
        return {rule.name: name for name, rule in list(boards.items())[:MOST_BOARDS]}
    name, rule = next(iter(boards.items()))
    return {label(asked, rule, p): _argument(name, p) for p in rule.periods}


def _argument(board: str, period: str) -> str:
    return f"{board} {period}".strip()


def _buttons(found: Mapping[str, str]) -> tuple[Button, ...]:
    return tuple(Button("leaderboard", words, argument) for words, argument in found.items())
