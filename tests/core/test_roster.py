"""A roster from a file: what is new in it, what stays of the past, and what the same file says twice: nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from core.calendar import Calendar
from core.clockwork import memberships
from core.events import Fact, Statement, resolve
from core.members import People
from core.plan import LEFT, MEMBERSHIP, TEAM
from core.roster import IMPORTED, Difference, Log, difference
from core.roster_rows import Known, Row, read_rows
from core.roster_rows import resolve as whom
from core.times import read_time

SOURCE = "roster:hr"
BERLIN = Calendar("Europe/Berlin")
AMIRA, JONAS = "slack:T1/U1", "slack:T1/U2"
KNOWN = Known(
    {AMIRA: "Amira", JONAS: "Jonas", "slack:T1/U3": "Sam", "slack:T1/U4": "Sam", "email/amira@example.org": "A"},
    People({"email/amira@example.org": AMIRA}, {AMIRA: (AMIRA, "email/amira@example.org")}),
)


def noon(day: str) -> int:
    return read_time(f"{day}T12:00:00Z")


@dataclass
class Office:
    """A log that imports write into."""

    said: list[Statement] = field(default_factory=list)

    def log(self) -> Log:
        by_id: dict[str, list[tuple[int, Statement]]] = {}
        for n, s in enumerate(self.said):
            by_id.setdefault(s.id, []).append((n, s))
        live = [fact for there in by_id.values() if (fact := resolve(there)) is not None]
        return Log(live, {id_: max(s.at for _, s in there) for id_, there in by_id.items()})

    def take(self, text: str, day: str) -> Difference:
        rows, faults = read_rows(text)
        assert faults == []
        meant, unknown = whom(rows, KNOWN)
        assert unknown == []
        found = difference(SOURCE, meant, self.log(), BERLIN, noon(day), KNOWN.people)
        self.said += found.statements
        return found

    def facts(self, type_: str) -> list[Fact]:
        return sorted((f for f in self.log().facts if f.type == type_), key=lambda f: f.at)

    def team(self, day: str, account: str = AMIRA) -> str:
        """As rules read it: by the latest statement until then."""
        there = [f for f in self.facts(TEAM) if f.target == account and f.at <= noon(day)]
        return str(there[-1].facts["team"]) if there else ""

    @property
    def here(self) -> bool:
        return not self.facts(LEFT)


@pytest.fixture
def office() -> Office:
    return Office()


HEAD = "account,team,from,until,joined,left\n"
FIRST = f"{HEAD}{AMIRA},Sales,2026-01-01,,2024-03-01,\n{JONAS},Support,2026-02-01,,2025-05-01,\n"


def test_a_file_says_teams_and_joiners_dated_by_the_calendar_of_the_community(office: Office) -> None:
    found = office.take(FIRST, "2026-03-10")
    assert found.joiners == (AMIRA, JONAS)
    assert [(m.account, m.before, m.after) for m in found.moves] == [(AMIRA, "", "Sales"), (JONAS, "", "Support")]
    assert [f.at for f in office.facts(MEMBERSHIP)] == [read_time(f"{d}T00:00:00{o}") for d, o in JOINED]
    assert (office.team("2025-12-31"), office.team("2026-01-01")) == ("", "Sales")
    assert office.said[-1].type == IMPORTED
    assert office.said[-1].facts == {"joined": 2, "left": 0, "moved": 2}


JOINED = (("2024-03-01", "+01:00"), ("2025-05-01", "+02:00"))


@pytest.mark.parametrize("day", ["2026-03-10", "2026-03-11", "2027-01-01"])
def test_the_same_file_again_says_nothing(office: Office, day: str) -> None:
    office.take(FIRST, "2026-03-10")
    assert office.take(FIRST, day) == Difference()


def test_a_line_that_went_away_ends_today_and_keeps_the_past(office: Office) -> None:
    office.take(FIRST, "2026-03-10")
    found = office.take(HEAD + FIRST.splitlines()[2], "2026-04-01")
    assert found.leavers == (AMIRA,)
    assert [(m.before, m.after) for m in found.moves] == [("Sales", "")]
    assert (office.team("2026-03-31"), office.team("2026-04-01")) == ("Sales", "")
    assert office.take(HEAD + FIRST.splitlines()[2], "2026-04-02") == Difference()


def test_a_move_with_dates_and_a_return_to_the_team_before(office: Office) -> None:
    office.take(f"{HEAD}{AMIRA},Sales,2026-01-01,,,\n{AMIRA},Support,2026-02-01,2026-02-28,,\n", "2026-03-10")
    days = ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01")
    assert [office.team(d) for d in days] == ["Sales", "Support", "Support", "Sales"]


def test_a_corrected_day_moves_the_change_and_nothing_else(office: Office) -> None:
    office.take(f"{HEAD}{AMIRA},Sales,2026-01-10,,,\n", "2026-03-10")
    found = office.take(f"{HEAD}{AMIRA},Sales,2026-01-01,,,\n", "2026-03-11")
    assert [s.type for s in found.statements] == [TEAM, IMPORTED]
    assert (office.team("2025-12-31"), office.team("2026-01-05"), office.team("2026-02-01")) == ("", "Sales", "Sales")


def test_the_file_decides_about_days_of_which_it_says_something(office: Office) -> None:
    office.take(f"{HEAD}{AMIRA},Sales,2026-01-01,,,\n", "2026-03-10")
    office.take(f"{HEAD}{AMIRA},Support,2026-02-01,,,\n", "2026-03-11")
    assert [office.team(d) for d in ("2026-01-15", "2026-02-01", "2026-03-12")] == ["Sales", "Support", "Support"]
    office.take(f"{HEAD}{AMIRA},Sales,2026-02-01,,,\n", "2026-03-12")
    assert office.team("2026-02-01") == office.team("2026-03-12") == "Sales"


def test_a_change_that_is_still_to_come_can_be_changed_again_and_again(office: Office) -> None:
    for day, team in (("10", "Ops"), ("11", "Data"), ("12", "Ops")):
        office.take(f"{HEAD}{AMIRA},Sales,2026-01-01,,,\n{AMIRA},{team},2026-05-01,,,\n", f"2026-03-{day}")
        assert (office.team("2026-04-30"), office.team("2026-05-01")) == ("Sales", team)


def test_a_team_without_a_first_day_begins_today_and_stays(office: Office) -> None:
    office.take(f"account,team\n{AMIRA},Sales\n", "2026-03-10")
    assert (office.team("2026-03-09"), office.team("2026-03-10")) == ("", "Sales")
    assert office.take(f"account,team\n{AMIRA},Sales\n", "2026-03-20") == Difference()
    office.take(f"account,team\n{AMIRA},Support\n", "2026-03-20")
    assert (office.team("2026-03-19"), office.team("2026-03-20")) == ("Sales", "Support")


def test_who_leaves_and_comes_back_keeps_the_first_day(office: Office) -> None:
    office.take(f"account,joined\n{AMIRA},2024-03-01\n", "2026-03-10")
    gone = f"account,joined,left\n{AMIRA},2024-03-01,2026-03-15\n"
    assert office.take(gone, "2026-03-10").later == (AMIRA,)
    assert office.here
    assert office.take(gone, "2026-03-15").leavers == (AMIRA,)
    assert not office.here
    assert office.take(gone, "2026-03-16") == Difference()
    back = f"account,joined\n{AMIRA},2026-06-01\n"
    assert office.take(back, "2026-06-02").back == (AMIRA,)
    assert office.here
    assert office.facts(MEMBERSHIP)[0].at == read_time("2024-03-01T00:00:00+01:00")
    assert office.take(back, "2026-06-03") == Difference()
    office.take(f"account,joined,left\n{AMIRA},2026-06-01,2026-07-01\n", "2026-07-02")
    assert not office.here


def test_who_joins_later_is_not_here_yet(office: Office) -> None:
    text = f"account,joined\n{AMIRA},2026-04-01\n"
    assert office.take(text, "2026-03-10") == Difference(later=(AMIRA,))
    assert office.take(text, "2026-04-01").joiners == (AMIRA,)


def test_a_wrong_day_of_joining_is_corrected_to_and_fro(office: Office) -> None:
    for n, day in enumerate(("2024-03-01", "2024-04-01", "2024-03-01")):
        office.take(f"account,joined\n{AMIRA},{day}\n", f"2026-03-1{n}")
        (only,) = office.facts(MEMBERSHIP)
        assert BERLIN.name(BERLIN.day(only.at), "day") == day


def test_a_leaver_by_mistake_is_back_when_the_file_says_nothing_of_it(office: Office) -> None:
    office.take(f"account,left\n{AMIRA},2026-03-01\n", "2026-03-10")
    assert not office.here
    office.take(f"account,left\n{AMIRA},\n", "2026-03-11")
    assert office.here
    office.take(f"account,left\n{AMIRA},2026-03-01\n", "2026-03-12")
    assert not office.here


def test_an_address_and_the_account_that_it_is_linked_to_are_one_person(office: Office) -> None:
    office.take(f"account,team\n{AMIRA},Sales\n", "2026-03-10")
    assert office.take("E-Mail,team\nAmira@Example.org,Sales\n", "2026-03-11") == Difference()


# ---- reading


def faults(text: str) -> Sequence[str]:
    rows, wrong = read_rows(text)
    return [f"{f.line}: {f.text}" for f in (*wrong, *whom(rows, KNOWN)[1])]


def test_who_is_unknown_or_may_be_several_is_named_by_line_with_the_remedy() -> None:
    assert faults(f"name,account\nJonas,\nsam,\nNobody,\n,slack:T1/U9\n,{AMIRA}\n") == [
        '3: "sam" may be slack:T1/U3, slack:T1/U4; write the account of the one you mean',
        '4: nobody here is called "Nobody"; write the account',
        '5: nobody has the account "slack:T1/U9"; write it as slack:T1/U7',
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("account,tea\nx,y\n", '1: unknown column "tea"'),
        ("team\nSales\n", "1: no column says who it is"),
        ("account,email,e-mail\n", '1: column "email" is there twice'),
        (f"account,joined\n{AMIRA},01.03.2026\n", '2: joined: "01.03.2026" is no day'),
        ("account,team\n,Sales\n", "2: says nobody"),
        (f"account,from\n{AMIRA},2026-01-01\n", "2: from and until are about a team"),
        (f"account,team,from,until\n{AMIRA},A,2026-02-01,2026-01-01\n", "2: until is before from"),
        ("", "1: no column says who it is"),
    ],
)
def test_what_cannot_be_read_is_named_by_line(text: str, fault: str) -> None:
    assert [f.startswith(fault) for f in faults(text)] == [True]


def test_semicolons_and_blank_lines_are_read() -> None:
    first = dt.date(2026, 1, 1).toordinal()
    assert read_rows(f"Account;Team;From\n\n{AMIRA};Sales, North;2026-01-01\n") == (
        [Row(3, {"account": AMIRA}, "Sales, North", first)],
        [],
    )


def test_the_clock_counts_no_anniversaries_of_leavers(office: Office) -> None:
    office.take(FIRST, "2026-03-10")
    assert memberships(office.log().facts, KNOWN.people).keys() == {AMIRA, JONAS}
    office.take(HEAD + FIRST.splitlines()[2], "2026-04-01")
    assert memberships(office.log().facts, KNOWN.people).keys() == {JONAS}
