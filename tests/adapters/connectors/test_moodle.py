"""Moodle's events and its web services say the same: courses and activities completed, quizzes passed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings

from adapters.connectors import moodle
from adapters.connectors.connector import Unreachable
from core.errors import Forged, MalformedStatement
from core.events import WITHDRAW, Statement, resolve
from core.ports import Person
from tests.adapters.connectors.rig import (
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

SOURCE = "moodle:acme"
LEARNER = "moodle:acme/42"
DONE_AT = at("2026-03-02T09:15:00Z")
ABOUT = {"course": "9", "lesson": "64"}
LESSON = Statement(SOURCE, "lesson:64:completed:42", DONE_AT, "lesson.completed", actor=LEARNER, facts=ABOUT)
QUIZ = Statement(SOURCE, "quiz:64:passed:42", DONE_AT, "quiz.passed", actor=LEARNER, facts=ABOUT)
COURSE_AT = at("2026-03-02T10:15:00Z")
COURSE = Statement(SOURCE, "course:9:completed:42", COURSE_AT, "course.completed", actor=LEARNER, facts={"course": "9"})


@pytest.mark.parametrize(
    ("name", "expected"),
    [("module_completed", (LESSON,)), ("module_passed", (LESSON, QUIZ)), ("course_completed", (COURSE,))],
)
def test_what_an_event_says(name: str, expected: tuple[Statement, ...]) -> None:
    found = said(moodle, SOURCE, name)
    assert (found.statements, found.ignored) == (expected, ())


def test_what_is_completed_no_more_is_withdrawn() -> None:
    lesson, quiz = said(moodle, SOURCE, "module_taken_back").statements
    later = at("2026-03-02T09:31:40Z")
    assert lesson == Statement(SOURCE, LESSON.id, later, "lesson.completed", op=WITHDRAW, reason="no longer completed")
    assert resolve([(1, QUIZ), (2, quiz)]) is None


def test_a_grade_below_the_pass_mark_is_no_completion() -> None:
    body = payload("moodle", "module_completed").replace(b'"completionstate": 1', b'"completionstate": 3')
    assert {s.op for s in moodle.normalise(incoming(SOURCE, body)).statements} == {WITHDRAW}


def test_what_is_left_out_has_a_reason() -> None:
    found = said(moodle, SOURCE, "quiz_submitted")
    assert found.statements == ()
    assert "says nothing about a pass" in found.ignored[0][1]
    unnamed = payload("moodle", "module_completed").replace(b'"anonymous": 0', b'"anonymous": 1')
    assert "must not name" in moodle.normalise(incoming(SOURCE, unnamed)).ignored[0][1]
    stateless = payload("moodle", "module_completed").replace(b'"completionstate"', b'"x"')
    assert "does not say whether" in moodle.normalise(incoming(SOURCE, stateless)).ignored[0][1]
    strange = payload("moodle", "module_completed").replace(b"course_module_completion_updated", b"moon_rose")
    assert moodle.normalise(incoming(SOURCE, strange)).ignored == (
        (r"\core\event\moon_rose", "Plaudit does not know this kind of event"),
    )


def test_a_missing_field_is_named() -> None:
    with pytest.raises(MalformedStatement, match=r"^relateduserid: is missing"):
        moodle.normalise(incoming(SOURCE, payload("moodle", "course_completed").replace(b"relateduserid", b"x")))


def test_the_same_delivery_ten_times_says_the_same() -> None:
    assert len({repr(said(moodle, SOURCE, "module_passed")) for _ in range(10)}) == 1


def test_the_token_proves_the_sender_and_is_not_kept() -> None:
    body = payload("moodle", "module_passed")
    good = [moodle.verify(incoming(SOURCE, body), secrets) for secrets in (["moodle-token-1"], ["x", "moodle-token-1"])]
    assert good == [hashlib.sha256(body).hexdigest()] * 2
    assert "moodle-token-1" not in repr(said(moodle, SOURCE, "module_passed"))
    forged = [body.replace(b"token-1", b"token-2"), body.replace(b'"moodle-token-1"', rb'"\ud800"'), b"{", b"[]", b"{}"]
    for other in forged:
        with pytest.raises(Forged):
            moodle.verify(incoming(SOURCE, other), ["moodle-token-1"])


@given(damaged("moodle"))
@settings(max_examples=60, deadline=2_000)
def test_a_damaged_payload_is_read_or_refused(body: bytes) -> None:
    read_or_refused(moodle, SOURCE, body)


SECONDS = DONE_AT // 1_000_000
LEARNERS = [
    {"id": 42, "fullname": "Noor Aziz", "lastcourseaccess": SECONDS},
    {"id": 43, "fullname": "Long gone", "lastcourseaccess": SECONDS - 10 * 86_400},
]
ACTIVITIES = [
    {"cmid": 64, "modname": "quiz", "state": 2, "timecompleted": SECONDS},
    {"cmid": 65, "modname": "page", "state": 0, "timecompleted": 0},
    {"cmid": 66, "modname": "page", "state": 1, "timecompleted": SECONDS - 10 * 86_400},
    {"cmid": None, "modname": "page", "state": 1, "timecompleted": SECONDS},
]
CRITERIA = [{"timecompleted": COURSE_AT // 1_000_000}, {"timecompleted": SECONDS}, {"timecompleted": None}]


def answer(request: web.Request, _: Any) -> object:
    assert request.path == "/webservice/rest/server.php"
    assert request.query["moodlewsrestformat"] == "json"
    assert request.query["wstoken"] == "token-1"
    assert "Authorization" not in request.headers
    function, course = request.query["wsfunction"], request.query.get("courseid")
    match function:
        case "core_course_get_courses":
            unasked = [{"id": 1, "enablecompletion": 1}, {"id": 8, "enablecompletion": 0}]
            return [*unasked, {"id": 9, "enablecompletion": 1}, {"id": 10, "enablecompletion": 1}]
        case "core_enrol_get_enrolled_users":
            assert course in ("9", "10")
            options = {request.query[f"options[{n}][name]"]: request.query[f"options[{n}][value]"] for n in range(3)}
            assert options["userfields"] == "id,fullname,lastcourseaccess"
            assert options["limitnumber"] == "500"
            return [LEARNERS[1]] * 500 if options["limitfrom"] == "0" else LEARNERS
        case "core_completion_get_activities_completion_status":
            assert request.query["userid"] == "42"
            return {"statuses": ACTIVITIES if course == "9" else [], "warnings": []}
    assert function == "core_completion_get_course_completion_status"
    if course == "10":
        return {"exception": "moodle_exception", "errorcode": "nocriteriaset", "message": "No criteria"}
    return {"completionstatus": {"completed": True, "aggregation": 1, "completions": CRITERIA}, "warnings": []}


async def test_what_was_missed_is_what_the_events_would_have_said() -> None:
    async with api(answer, token_parameter="wstoken") as service:
        found = await missed(moodle, service, SOURCE, DONE_AT)
    assert statements(found) == [LESSON, QUIZ, COURSE]
    assert {p for one in found for p in one.people} == {Person(LEARNER, "Noor Aziz")}
    assert [kind for one in found for kind, _ in one.ignored] == ["activity"]


async def test_who_hides_the_last_visit_is_asked_about_too() -> None:
    def unseen(request: web.Request, _: Any) -> object:
        wanted = request.query["wsfunction"] == "core_enrol_get_enrolled_users"
        return [{"id": 42, "fullname": "Noor Aziz"}] if wanted else answer(request, _)

    async with api(unseen, token_parameter="wstoken") as service:
        assert statements(await missed(moodle, service, SOURCE, DONE_AT)) == [LESSON, QUIZ, COURSE]


async def test_a_refusal_is_told_to_the_operator() -> None:
    async with api(lambda *_: {"exception": "x", "errorcode": "accessexception", "message": "secret words"}) as service:
        with pytest.raises(Unreachable, match="accessexception") as refused:
            await missed(moodle, service, SOURCE, DONE_AT)
    assert "secret" not in str(refused.value)


def test_the_payloads_are_what_the_plugin_sends() -> None:
    """Its own three fields beside those of Moodle's event."""
    assert {"host", "token", "extra"} < json.loads(payload("moodle", "course_completed")).keys()


async def test_the_token_in_the_query_is_in_no_message() -> None:
    async with api(lambda *_: web.Response(status=403), token_parameter="wstoken") as service:
        with pytest.raises(Unreachable, match="answered 403") as refused:
            await missed(moodle, service, SOURCE, DONE_AT)
    assert "token-1" not in str(refused.value)
