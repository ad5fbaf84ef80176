"""What is said about boards and seasons that make no sense."""

from __future__ import annotations

import pytest

from core.rules.findings import BookRefused
from core.rules.loading import load

SCORE = '[score.posts]\nwhen = "message.posted"\ngive = 1\n'
BADGE = '[achievement.helper]\nname = "Helper"\nwhen = "message.posted"\n'
WINTER = '[season.winter]\nname = "Winter"\nyearly = ["12-01", "01-31"]\n'


def fault(text: str) -> str:
    with pytest.raises(BookRefused) as refused:
        load(f"rules = 1\n{text}", "rules.toml")
    (found,) = refused.value.findings
    return f"{found.rule} {found}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[board.b]\nname = "B"\n', "R4 rules.toml:2 board.b.of: the book has no [score]"),
        (
            '[board.b]\nname = "B"\nof = "signal:helpfull"\n',
            'R4 rules.toml:4 board.b.of: no signal is called "helpfull"',
        ),
        (
            f'{BADGE}[board.b]\nname = "B"\nof = "achievement:helpr"\n',
            'R4 rules.toml:7 board.b.of: no achievement is called "helpr". Did you mean "helper"?',
        ),
        (
            f'{BADGE}secret = true\n[board.b]\nname = "B"\nof = "achievement:helper"\n',
            'R2 rules.toml:8 board.b.of: "helper" is told to nobody else',
        ),
        ('[board.b]\nname = "B"\nof = "likes"\n', 'R0 rules.toml:4 board.b.of: write "score", "points"'),
        ('[board.b]\nname = "B"\nof = "score:posts"\n', 'R0 rules.toml:4 board.b.of: write "score", "points"'),
        (f'{SCORE}[board.b]\nname = "B"\nperiod = "fortnight"\n', 'R0 rules.toml:7 board.b.period[1]: write "week"'),
        (f'{SCORE}[board.b]\nname = "B"\nperiod = "500 days"\n', 'R0 rules.toml:7 board.b.period[1]: write "week"'),
        (f'{SCORE}[board.b]\nname = "B"\nperiod = "3 hours"\n', 'R0 rules.toml:7 board.b.period[1]: write "week"'),
        (f'{SCORE}[board.b]\nname = "B"\nseason = "wintr"\n', 'board.b.season: no season is called "wintr". Write'),
        (
            f'{SCORE}{WINTER}[board.b]\nname = "B"\nseason = "winter"\nperiod = "week"\n',
            "R2 rules.toml:11 board.b.period: a board of a season has the season as its time",
        ),
        (
            f'{SCORE}[board.b]\nname = "B"\nnewcomers = true\n',
            "R2 rules.toml:7 board.b.newcomers: over all time everybody is new",
        ),
        (
            f'{SCORE}[board.b]\nname = "B"\nnewcomers = true\nfor = "team"\nperiod = "week"\n',
            "R2 rules.toml:7 board.b.newcomers: a team does not join",
        ),
        (f'{SCORE}[board."a b"]\nname = "B"\n', "R0 rules.toml:5 board.a b: an id has up to 32 letters"),
        ('[season.s]\nname = "S"\n', "R0 rules.toml:2 season.s: write from and until"),
        ('[season.s]\nname = "S"\nfrom = 2026-12-01\n', "R0 rules.toml:2 season.s: write from and until"),
        (f"{WINTER}from = 2026-12-01\n", "R0 rules.toml:2 season.winter: write from and until"),
        (
            '[season.s]\nname = "S"\nfrom = 2026-12-01\nuntil = 2026-11-30\n',
            "R11 rules.toml:5 season.s.until: ends before it begins; write 2026-12-01 or later",
        ),
        (f'{WINTER}carry = ["champion"]\n', 'season.winter.carry: no achievement is called "champion"'),
        (f'{WINTER}colour = "blue"\n', "R1 rules.toml:5 season.winter"),
    ],
)
def test_each_fault_has_its_place_and_its_remedy(text: str, said: str) -> None:
    assert said in fault(text)


def test_a_sound_book_has_its_boards_and_seasons() -> None:
    text = f"""rules = 1
{SCORE}{BADGE}{WINTER}carry = ["helper"]
[board.helpers]
name = "Helpers"
of = "achievement:helper"
period = ["month", "1 week", "all"]
[board.winter]
name = "Winter"
season = "winter"
for = "team"
"""
    book = load(text, "rules.toml")
    assert book.boards["helpers"].periods == ("month", "1 week", "all")
    assert book.boards["winter"].periods == ("season",)
    assert list(book.open_boards) == ["helpers", "winter"]
