"""Rows of an HR system: joiners, leavers and teams, each as it happens."""

from __future__ import annotations

import json

import pytest

from adapters.connectors import roster
from adapters.connectors.connector import Normalised
from adapters.connectors.registry import connector_of
from adapters.web.hooks import Refused, check
from core.errors import Forged, MalformedStatement
from core.events import WITHDRAW, Statement
from core.times import read_time
from tests.adapters.connectors.rig import incoming

SOURCE = "roster:hr"
AMIRA = "email/amira@example.org"
NOW = read_time("2026-03-10T12:00:00Z")


def at(day: str) -> int:
    return read_time(f"{day}T00:00:00Z")


def read(*rows: object) -> Normalised:
    body = rows[0] if len(rows) == 1 else list(rows)
    return roster.normalise(incoming(SOURCE, json.dumps(body).encode(), now=NOW))


def test_a_joiner_with_a_team() -> None:
    said = read({"email": " Amira@Example.org", "name": "Amira", "joined": "2026-03-02", "team": "Sales"})
    day = at("2026-03-02")
    assert said.statements == (
        Statement(SOURCE, f"member:{AMIRA}:2026-03-02", day, "member.joined", actor=AMIRA),
        Statement(SOURCE, f"left:{AMIRA}", day, "member.left", WITHDRAW, actor=AMIRA),
        Statement(SOURCE, f"team:{AMIRA}:2026-03-02", day, "team.joined", target=AMIRA, facts={"team": "Sales"}),
    )
    assert [(p.account, p.name) for p in said.people] == [(AMIRA, "Amira")]


def test_a_leaver_and_the_end_of_a_team() -> None:
    left = read({"account": "slack:T1/U7", "left": "2026-03-09T17:00:00+01:00"})
    assert [(s.id, s.type, s.op, s.at) for s in left.statements] == [
        ("left:slack:T1/U7", "member.left", "assert", read_time("2026-03-09T16:00:00Z"))
    ]
    ended = read({"account": "slack:T1/U7", "team": "Sales", "from": "2026-01-01", "until": "2026-02-28"})
    assert [(s.facts["team"], s.at) for s in ended.statements] == [("Sales", at("2026-01-01")), ("", at("2026-03-01"))]


def test_a_team_without_a_day_is_from_now_on() -> None:
    assert [s.at for s in read({"account": "slack:T1/U7", "team": "Sales"}).statements] == [NOW]


def test_who_leaves_later_is_not_gone_yet() -> None:
    said = read({"email": "amira@example.org", "left": "2026-04-01"})
    assert (said.statements, said.ignored) == ((), (("member.left", "is still to come; send it on that day"),))


def test_several_rows_are_one_request() -> None:
    said = read({"account": "slack:T1/U7", "team": "A"}, {"account": "slack:T1/U8", "team": "B"})
    assert [s.target for s in said.statements] == ["slack:T1/U7", "slack:T1/U8"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("x", "row 1 of 1: is no object"),
        ({"team": "A"}, "row 1 of 1: email: is missing"),
        ({"email": "amira", "team": "A"}, "row 1 of 1: email: is missing, or no address"),
        ({"account": "x", "team": "A"}, "row 1 of 1: "),
        ({"account": "slack:T1/U7"}, "row 1 of 1: says nothing"),
        ({"account": "slack:T1/U7", "tem": "A"}, 'row 1 of 1: unknown key "tem"'),
        ({"account": "slack:T1/U7", "left": "soon"}, "row 1 of 1: left: is no day or time"),
        ({"account": "slack:T1/U7", "team": "A\nB"}, "row 1 of 1: team: is no name"),
        ({"account": "slack:T1/U7", "team": "x" * 101}, "row 1 of 1: team: is no name"),
    ],
)
def test_a_bad_row_is_named(row: object, fault: str) -> None:
    with pytest.raises(MalformedStatement) as error:
        read(row)
    assert str(error.value).startswith(fault)


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(MalformedStatement, match="more than 1,000 rows"):
        read(*[{"account": "slack:T1/U7", "team": "A"}] * 1_001)


def test_an_unsigned_request_is_forged() -> None:
    with pytest.raises(Forged):
        roster.verify(incoming(SOURCE, b"{}", now=NOW), ["whsec_c2VjcmV0c2VjcmV0"])


def test_only_a_roster_may_say_who_left() -> None:
    left = Statement("desk:acme", "left:1", NOW, "member.left", actor="slack:T1/U7")
    with pytest.raises(Refused, match="is said by a roster alone"):
        check("desk:acme", Normalised((left,)))
    check(SOURCE, read({"account": "slack:T1/U7", "left": "2026-03-09"}))
    assert connector_of(SOURCE) is roster
