"""Statements of a learning record store, forwarded or asked for: what people learned, attended and passed."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings

from adapters.connectors import xapi
from core.errors import Forged, MalformedStatement
from core.events import WITHDRAW, Statement, resolve
from core.ports import Person
from tests.adapters.connectors.rig import (
    NOW,
    api,
    at,
    damaged,
    incoming,
    missed,
    payload,
    read_or_refused,
    said,
    statements,
)
from tests.adapters.connectors.signing import by_password
from tests.adapters.web.desk import NEW, OLD, sign

SOURCE = "xapi:acme"
AMIRA, JONAS = "email/amira@example.org", "xapi:acme/jonas-7@learn.example.org"
WHEN = at("2026-03-02T09:15:00.250Z")
COURSE = "https://learn.example.org/course/git"


def told(n: int, type_: str, actor: str | None, **rest: Any) -> Statement:
    return Statement(SOURCE, f"statement:6f0b1c1e-0000-4000-8000-00000000000{n}", WHEN, type_, actor=actor, **rest)


LEARNED = (
    told(1, "course.completed", AMIRA, facts={"course": COURSE, "minutes": 90}),
    told(2, "lesson.completed", JONAS, facts={"course": COURSE, "lesson": f"{COURSE}/3", "platform": "Garden LMS"}),
    told(3, "quiz.passed", JONAS, facts={"lesson": f"{COURSE}/quiz", "score": Decimal("0.85")}),
)
ATTENDED = told(
    6,
    "workshop.attended",
    None,
    author="xapi:acme/https://lena.example.net/",
    participants=(AMIRA, JONAS),
    facts={"lesson": "https://learn.example.org/workshop/1", "minutes": 90},
)


def test_what_a_list_of_statements_says() -> None:
    found = said(xapi, SOURCE, "learning")
    assert found.statements == LEARNED
    assert found.people == (Person(AMIRA, "Amira Haddad"), Person(JONAS, "Jonas Berg"))
    assert found.ignored == (
        ("answered", "the answer to one question is no passed quiz"),
        ("passed", "its result says that it was not completed, or not passed"),
    )


def test_a_group_takes_part_together() -> None:
    found = said(xapi, SOURCE, "attended")
    assert found.statements == (ATTENDED,)
    assert [person.name for person in found.people] == ["Amira Haddad", "Jonas Berg", "Lena Fuchs"]


def test_a_voided_statement_is_withdrawn_at_the_later_of_its_times() -> None:
    (voided,) = said(xapi, SOURCE, "voided").statements
    assert voided == Statement(SOURCE, LEARNED[0].id, at("2026-03-04T09:15:00Z"), op=WITHDRAW, reason="voided")
    assert resolve([(1, LEARNED[0]), (2, voided)]) is None


def test_what_is_left_out_has_a_reason() -> None:
    found = said(xapi, SOURCE, "others")
    assert found.statements == ()
    assert found.ignored == (
        ("initialized", "beginning, looking and going on is no result"),
        ("https://verbs.example.org/waved", "Plaudit does not know this kind of event"),
    )


def one(**changes: Any) -> bytes:
    return json.dumps({**json.loads(payload("xapi", "learning"))[2], **changes}).encode()


def verb(name: str) -> dict[str, str]:
    return {"id": f"http://adlnet.gov/expapi/verbs/{name}"}


def activity(kind: str) -> dict[str, Any]:
    return {"id": "https://learn.example.org/x", "definition": {"type": f"http://adlnet.gov/expapi/activities/{kind}"}}


@pytest.mark.parametrize(
    ("name", "kind", "type_"),
    [
        ("completed", "course", "course.completed"),
        ("passed", "course", "course.completed"),
        ("mastered", "course", "course.completed"),
        ("completed", "module", "lesson.completed"),
        ("passed", "module", "quiz.passed"),
        ("mastered", "assessment", "quiz.passed"),
        ("answered", "assessment", "quiz.passed"),
        ("attended", "course", "workshop.attended"),
    ],
)
def test_verb_and_activity_make_the_type(name: str, kind: str, type_: str) -> None:
    body = one(verb=verb(name), object=activity(kind), result={"success": True})
    assert [s.type for s in xapi.normalise(incoming(SOURCE, body)).statements] == [type_]


def test_an_answer_counts_only_with_success() -> None:
    said_ = xapi.normalise(incoming(SOURCE, one(verb=verb("answered"), object=activity("assessment"), result={})))
    assert said_.statements == ()


def test_the_course_around_is_told_from_what_else_is_around() -> None:
    around = {"parent": [activity("module")], "grouping": {**activity("course"), "id": COURSE}}
    (statement,) = xapi.normalise(incoming(SOURCE, one(context={"contextActivities": around}))).statements
    assert statement.facts["course"] == COURSE


@pytest.mark.parametrize(
    ("actor", "account"),
    [
        ({"mbox": "MAILTO:Noor@Example.org"}, "email/noor@example.org"),
        ({"mbox_sha1sum": "AB12"}, "xapi:acme/sha1:ab12"),
        ({"openid": "https://noor.example.net/"}, "xapi:acme/https://noor.example.net/"),
        ({"account": {"homePage": "https://id.example.org/a/", "name": "7"}}, "xapi:acme/7@id.example.org/a"),
    ],
)
def test_people_are_known_by_what_identifies_them(actor: dict[str, Any], account: str) -> None:
    (statement,) = xapi.normalise(incoming(SOURCE, one(actor=actor))).statements
    assert statement.actor == account


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [("PT59S", 0), ("P1DT1M", 1_441), ("PT90M", 90), ("P1Y", None), ("soon", None), ("", None)],
)
def test_minutes_are_whole(duration: str, minutes: int | None) -> None:
    (statement,) = xapi.normalise(incoming(SOURCE, one(result={"duration": duration}))).statements
    assert statement.facts.get("minutes") == minutes


def test_a_missing_field_is_named_with_its_place_in_the_list() -> None:
    with pytest.raises(MalformedStatement, match=r"^actor: names nobody"):
        xapi.normalise(incoming(SOURCE, one(actor={"name": "Noor"})))
    body = json.dumps([json.loads(one()), json.loads(one(id=None))]).encode()
    with pytest.raises(MalformedStatement, match=r"^statement 2 of 2: id: is missing"):
        xapi.normalise(incoming(SOURCE, body))


def test_the_same_delivery_ten_times_says_the_same() -> None:
    assert len({repr(said(xapi, SOURCE, "learning")) for _ in range(10)}) == 1


def test_user_and_password_prove_the_sender() -> None:
    body = payload("xapi", "attended")
    for pair in ("lrs:old", "lrs:new"):
        found = xapi.verify(incoming(SOURCE, body, by_password(pair)), ["lrs:old", "lrs:new"])
        assert found == hashlib.sha256(body).hexdigest()
    for forged in (by_password("lrs:third"), {}, {"authorization": "Bearer lrs:old"}, {"authorization": "\xe9"}):
        with pytest.raises(Forged):
            xapi.verify(incoming(SOURCE, body, forged), ["lrs:old", "lrs:new"])


def test_a_signature_proves_the_sender_too() -> None:
    body, now = payload("xapi", "attended"), NOW // 1_000_000
    assert xapi.verify(incoming(SOURCE, body, sign(body, NEW, "d1", now)), [OLD, NEW]) == "d1"
    for forged in (sign(body, OLD, "d1", now), sign(b"{}", NEW, "d1", now), sign(body, NEW, "d1", now - 301)):
        with pytest.raises(Forged):
            xapi.verify(incoming(SOURCE, body, forged), [NEW])


@given(damaged("xapi"))
@settings(max_examples=60, deadline=2_000)
def test_a_damaged_payload_is_read_or_refused(body: bytes) -> None:
    read_or_refused(xapi, SOURCE, body)


async def test_what_was_missed_is_what_would_have_been_forwarded() -> None:
    """Two pages, asked for by the time at which the store got them; one statement cannot be read."""
    first = json.loads(payload("xapi", "learning"))
    second = {**json.loads(payload("xapi", "attended")), "stored": "2026-03-02T09:20:00Z"}
    asked: list[str] = []

    def answer(request: web.Request, _: Any) -> object:
        assert request.path == "/statements"
        assert request.headers["X-Experience-API-Version"] == "1.0.3"
        asked.append(request.query["since"])
        if len(asked) == 1:
            return {"statements": first, "more": "/statements?from=3"}
        return {"statements": [second, {"verb": {}, "stored": "2026-03-02T09:21:00Z"}], "more": ""}

    async with api(answer, headers=xapi.HEADERS) as service:
        found = await missed(xapi, service, SOURCE, at("2026-03-02T00:00:00Z"))
    assert statements(found) == [*LEARNED, ATTENDED]
    assert asked == ["2026-03-02T00:00:00Z", "2026-03-02T09:15:01Z"]
    assert [kind for one in found for kind, _ in one.ignored][-1] == "statement"
