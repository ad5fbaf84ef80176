"""What the person reads who made a mistake: file, line, key, what to write instead; all mistakes at once."""

from __future__ import annotations

import pytest

from core.errors import ConfigurationError
from core.rules.loading import load, parse
from tests.core.rules.books import HEAD, POST, book, faults


def test_the_example_of_the_voice() -> None:
    text = '[achievement.helper]\nname = "Helper"\nwhen = "message.posted"\ngaol = 5\n'
    assert faults(text) == ('rules.toml:5 achievement.helper: unknown key "gaol". Did you mean "goal"?',)


def test_the_file_is_named_as_given() -> None:
    with pytest.raises(ConfigurationError) as refused:
        load("rules = 1\nx = 1", "books/makers.toml")
    assert refused.value.faults[0].startswith('books/makers.toml:2: unknown key "x"')


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[community]\ntimezon = 1", 'rules.toml:3 community: unknown key "timezon". Did you mean "timezone"?'),
        ('[community]\ntimezone = "Berlin"', 'rules.toml:3 community.timezone: no time zone is called "Berlin"'),
        ('[community]\nday_starts = "4:00"', "rules.toml:3 community.day_starts: write a time of day in quotes"),
        ("[community]\nday_starts = 04:00:00", "rules.toml:3 community.day_starts: write a time of day in quotes"),
        (
            '[community]\nweek_starts = "mon"',
            'rules.toml:3 community.week_starts: Did you mean "monday"? It is one of "monday", "sunday"',
        ),
        ('[community]\nsources = "slack:T1"', "rules.toml:3 community.sources: write a list like"),
        ('[community]\nquiet_start = "2 months"', "rules.toml:3 community.quiet_start: months and years have no"),
        ("[channels]\ndigest = 5", "rules.toml:3 channels.digest: write a table with keys"),
        ("[channels]\ndigest = { slak = 1 }", 'rules.toml:3 channels.digest: unknown key "slak". Did you mean'),
        ("[moderators]\ndiscord = 81384788765712384", "rules.toml:3 moderators.discord: write a text in quotes"),
        ('[digest]\nday = "mondey"', 'rules.toml:3 digest.day: Did you mean "monday"?'),
        *(
            (f'[digest]\nmail = "{to}"', 'rules.toml:3 digest.mail: write e-mail addresses, as ["list@example.org"]')
            for to in ("täst@example.org", "a@example.org;b@example.org", "all:a@example.org")
        ),
        ("[roles.regular]\nteams = 1", 'rules.toml:3 roles.regular: unknown key "teams"'),
        ("[achievment.x]", 'rules.toml:2: unknown key "achievment". Did you mean "achievement"?'),
        ('[achievement.x]\nwhen = "a.b"', 'rules.toml:2 achievement.x: "name" is missing; add name = '),
        (f'{POST}goal = "5"', "rules.toml:5 achievement.x.goal: write a number above zero"),
        (f"{POST}goal = 0", "rules.toml:5 achievement.x.goal: write a number above zero"),
        (f"{POST}goal = nan", "rules.toml:5 achievement.x.goal: write a number above zero"),
        (f"{POST}goal = true", "rules.toml:5 achievement.x.goal: write a number above zero"),
        (f"{POST}goal = 1000000000001", "rules.toml:5 achievement.x.goal: write 1000000000000 or less"),
        (f"{POST}tiers.A = 1000000000001", "rules.toml:5 achievement.x.tiers.A.goal: write 1000000000000 or less"),
        (f"{POST}grace = -1", "rules.toml:5 achievement.x.grace: write 0 or more"),
        (f"{POST}points = 1.5", "rules.toml:5 achievement.x.points: write a whole number"),
        (f"{POST}points = 9000000000000", "rules.toml:5 achievement.x.points: write 1000000000000 or less"),
        (f"{POST}self = 1", "rules.toml:5 achievement.x.self: write true or false"),
        (f'{POST}credit = "autor"', 'rules.toml:5 achievement.x.credit: Did you mean "author"?'),
        (f'{POST}settle = "soon"', 'rules.toml:5 achievement.x.settle: write a duration like "7 days"'),
        (f'{POST}settle = "99999999 weeks"', "rules.toml:5 achievement.x.settle: write a duration like"),
        (f'{POST}lasts = "9000 years"', 'rules.toml:5 achievement.x.lasts: write "forever", "while true"'),
        (f'{POST}settle = "1 month"', "rules.toml:5 achievement.x.settle: months and years have no fixed length"),
        (f'{POST}if_undone = "never"', 'rules.toml:5 achievement.x.if_undone: write "revoke", "keep" or a duration'),
        (f"{POST}repeat = 0", "rules.toml:5 achievement.x.repeat: write true, false or how often at most"),
        (f'{POST}emoji = ""', "rules.toml:5 achievement.x.emoji: write something between the quotes"),
        (f"{POST}needs = []", "rules.toml:5 achievement.x.needs.of: write at least one"),
        (f'{POST}emoji = " "', "rules.toml:5 achievement.x.emoji: write something between the quotes"),
        (f'{POST}emoji = "\\u001b[31m"', "rules.toml:5 achievement.x.emoji: holds a control character"),
        ('[signal.s]\nwhen = "a.b"\neach = ["x"]', "rules.toml:4 signal.s.each: write a text in quotes"),
        (f'{POST}emoji = "a\\u0000"', "rules.toml:5 achievement.x.emoji: holds a zero character"),
        (f"{POST}limit.per_dya = 5", 'rules.toml:5 achievement.x.limit: unknown key "per_dya". Did you mean'),
        (f"{POST}limit = {{ per_day = 0 }}", "rules.toml:5 achievement.x.limit.per_day: write 1 or more"),
        ('[signal.s]\nsteps = ["a.b"]\nwhen = "a.b"', 'rules.toml:3 signal.s: unknown key "steps"'),
        ('[score.s]\nwhen = "a.b"', 'rules.toml:2 score.s: "give" is missing; add give = 1'),
        ('[level]\nname = "A"\nat = 1', "rules.toml:2 level: there may be several, so write two brackets: [[level]]"),
        (
            '[[achievement]]\nname = "A"',
            "rules.toml:2 achievement: each has a name in its heading: write [achievement.",
        ),
        ('[[digest]]\nday = "monday"', "rules.toml:2 digest: write one pair of brackets: [digest]"),
        ("words = { a = 5 }", 'rules.toml:2 words.a: write a list, as ["a", "b"]'),
    ],
)
def test_a_fault_names_line_key_and_remedy(text: str, fault: str) -> None:
    (found,) = faults(text)
    assert found.startswith(fault)


def test_a_book_says_which_language_it_is_written_in() -> None:
    assert faults("[words]\n", head="") == (
        "rules.toml:1: write rules = 1 at the top: the version of the rule language",
    )


@pytest.mark.parametrize("written", ["2", "0", "1.0", "true", '"1"', "[1]"])
def test_only_the_whole_number_1_is_a_language(written: str) -> None:
    (fault,) = faults(f"rules = {written}", head="")
    assert fault.startswith("rules.toml:1 rules: write rules = 1: the version of the rule language")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('a = "b\nc = 1\n', "rules.toml:2 column 7: this is no TOML"),
        ("a = 'b\n", "rules.toml:2: this is no TOML"),
        ("[achievement.x\n", "rules.toml:2 column 15: this is no TOML"),
        (f"{POST}{POST}", "rules.toml:5 column 15: the same key or table stands here for the second time"),
        ("a = 1\na = 2\n", "rules.toml:3 column 6: the same key or table stands here for the second time"),
        ('a = "b', "rules.toml:2: this is no TOML"),
        (f"a = {'9' * 5000}", "rules.toml:1: a number has more digits than anybody counts"),
        (f"a.{'.'.join('b' * 3000)} = 1", "rules.toml:1: tables or lists are nested too deeply"),
        (f"a = {'[' * 5000}", "rules.toml:1: tables or lists are nested too deeply"),
    ],
)
def test_what_is_no_toml_is_told_with_its_place(text: str, fault: str) -> None:
    (found,) = faults(text)
    assert found.startswith(fault)


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    found = faults(
        """
[community]
timezone = "Nowhere"
[signal.s]
when = "mesage.posted"
[achievement.a]
name = "A"
when = "message.posted"
gaol = 5
where.chanel = "#a"
[achievement.b]
name = "B"
when = "message.posted"
goal = "many"

[achievement.c]
name = "C"
needs = ["d"]
"""
    )
    assert [(f.split()[0], f.split()[1]) for f in found] == [
        ("rules.toml:4", "community.timezone:"),
        ("rules.toml:6", "signal.s.when:"),
        ("rules.toml:10", "achievement.a:"),
        ("rules.toml:11", "achievement.a.where.chanel:"),
        ("rules.toml:15", "achievement.b.goal:"),
        ("rules.toml:19", "achievement.c.needs:"),
    ]


def test_a_fault_in_the_defaults_is_told_once_and_there() -> None:
    assert faults(f'[defaults]\nsettle = "soon"\n{POST}{POST.replace("x", "y")}') == (
        'rules.toml:3 defaults.settle: write a duration like "7 days" or "24 hours"',
    )


def test_a_mark_before_the_first_letter_is_no_fault() -> None:
    assert load(f"\ufeff{HEAD}{POST}", "rules.toml").achievements["x"].name == "X"


def test_parse_asks_for_grammar_only_and_load_for_sense_and_support() -> None:
    text = f'{HEAD}[community]\nlanguage = "tlh"\n{POST}top = 1\n'
    assert parse(text, "rules.toml").achievements["x"].top == 1
    with pytest.raises(ConfigurationError, match=r"(?s)speaks en, de.*top needs a period"):
        load(text, "rules.toml")


def test_windows_line_ends_count_as_one_line() -> None:
    (fault,) = faults(POST.replace("\n", "\r\n") + "gaol = 1\r\n")
    assert fault.startswith("rules.toml:5 ")


def test_an_empty_book_is_a_book() -> None:
    assert book("").achievements == {}
