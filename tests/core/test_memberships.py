"""What roles say of teams, as a decision: from a person and what was said before to one statement, or none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.events import Fact, Statement, fact_of
from core.memberships import Stay, by_roles, stays_of, team_of
from core.plan import TEAM
from core.ports import Person
from core.rules.loading import load

BOOK = load(
    'rules = 1\n[team.blue]\nname = "Blue"\nslack = "@blue"\ndiscord = "Blue"\n'
    '[team.red]\nname = "Red"\nslack = "red"\n',
    "rules.toml",
)
SLACK, DISCORD = "slack:T1/A", "discord:2/7"


def person(*roles: str, account: str = SLACK, present: bool = True) -> Person:
    return Person(account, "Amira", present=present, roles=roles)


def told(at: int, team: str, source: str = "roster:hr") -> Fact:
    return fact_of(Statement(source, f"{source}:{at}", at, TEAM, target=SLACK, facts={"team": team}), at, 0)


def follow(facts: list[Fact], who: Person, now: int) -> str | None:
    """Take over what the roles say; the team that was said, None for nothing."""
    said = by_roles(BOOK, who, facts, now)
    if said is None:
        return None
    facts.append(fact_of(said, said.at, 0))
    return str(said.facts["team"])


def test_handles_and_names_are_the_same_whatever_their_letters() -> None:
    assert [follow([], person(name), 1) for name in ("@BLUE", "blue", "Red", "green")] == ["Blue", "Blue", "Red", None]


def test_whoever_is_gone_is_in_no_team_by_roles() -> None:
    facts: list[Fact] = []
    assert [follow(facts, person("@blue", present=there), n) for n, there in enumerate((True, False, True))] == [
        "Blue",
        "",
        "Blue",
    ]


def test_what_a_roster_says_of_days_to_come_does_not_count_yet() -> None:
    facts = [told(100, "Red")]
    assert follow(facts, person("@blue"), 5) == "Blue"
    assert follow(facts, person(), 6) == ""
    ordered = sorted(facts, key=lambda f: f.at)
    assert (team_of(ordered, 6), team_of(ordered, 100)) == ("", "Red")


def test_a_role_that_goes_leaves_what_a_roster_said_meanwhile() -> None:
    facts: list[Fact] = []
    follow(facts, person("@blue"), 1)
    facts.append(told(2, "Red"))
    assert follow(facts, person(), 3) == "Red"
    assert follow(facts, person(), 4) is None
    assert stays_of(facts, 9) == [Stay("Blue", 1), Stay("Red", 2)]


def test_one_account_stands_in_for_the_other() -> None:
    facts: list[Fact] = []
    steps = [person("Blue", account=DISCORD), person("@red"), person(), person(account=DISCORD)]
    assert [follow(facts, who, n) for n, who in enumerate(steps, 1)] == ["Blue", "Red", "Blue", ""]


ROLES = st.sets(st.sampled_from(["@blue", "red", "other"]))


@given(st.lists(st.tuples(ROLES, st.sampled_from([SLACK, DISCORD])), max_size=12), st.integers(0, 3))
def test_the_roles_of_today_say_the_team_and_nothing_twice(steps: list[tuple[set[str], str]], pace: int) -> None:
    """`pace` 0: all in one moment. Nobody is moved by hand: they are in a team exactly while a role gives one."""
    facts: list[Fact] = []
    held: dict[str, str] = {}
    for n, (roles, account) in enumerate(steps):
        who = person(*roles, account=account)
        follow(facts, who, n * pace)
        assert follow(facts, who, n * pace) is None
        held[account] = "Blue" if "@blue" in roles else "Red" if "red" in roles and account == SLACK else ""
        now = team_of(facts, 1 << 40)
        assert now in held.values() if any(held.values()) else now == ""
        assert sorted({(f.at, f.id) for f in facts}) == [(f.at, f.id) for f in facts]
