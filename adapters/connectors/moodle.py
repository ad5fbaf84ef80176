"""Moodle: courses and activities completed, from the webhooks of the plugin `local_webhooks`.

Moodle itself has no webhooks. The plugin posts each event as Moodle records it, with a token in the body.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial

from adapters.connectors.connector import Incoming, Normalised, Service, Unreachable
from adapters.connectors.findings import left_out, person, say, together, tried
from adapters.connectors.payload import SECOND, Payload, as_object, as_objects, read_object
from adapters.connectors.signatures import any_same, digest
from core.errors import Forged, MalformedStatement
from core.events import WITHDRAW, Statement

_COURSE = r"\core\event\course_completed"
_MODULE = r"\core\event\course_module_completion_updated"
_TURNED_IN = "an attempt says nothing about a pass; the passing grade comes with the completion of the activity"
_SEEN = "being there and looking says nothing about a result"
IGNORED: Mapping[str, str] = {
    **dict.fromkeys((r"\mod_quiz\event\attempt_submitted", r"\mod_quiz\event\attempt_started"), _TURNED_IN),
    r"\core\event\user_graded": "a grade without its pass mark says nothing about a pass",
    **dict.fromkeys((r"\core\event\course_viewed", r"\core\event\user_loggedin"), _SEEN),
    r"\core\event\user_enrolment_created": "to enrol is a beginning, not a result",
}
_NO_STATE = "it does not say whether the activity is completed; what was completed is asked for later"
_ANONYMOUS = "Moodle says that this event must not name anybody"
_COMPLETE, _PASSED = "1", "2"  # 0: not complete (any more); 3: complete with a grade below the pass mark
_SITE = "1"  # the front page is a course too
_DAY = 86_400 * SECOND  # Moodle's own timers work through completions up to a day later
_PAGE = 500
_MOST_LEARNERS = 100_000  # of one course
_PATH = "webservice/rest/server.php"


def verify(incoming: Incoming, secrets: Sequence[str]) -> str:
    """A digest of the body. Raises Forged. The token is all the proof there is: post over https only."""
    try:
        offered = read_object(incoming.body).maybe_text("token")
    except MalformedStatement as error:
        raise Forged(str(error)) from None
    if offered is None:
        raise Forged("the body has no token; write the secret into the field Token of the service in Moodle")
    if not any_same(_encodable(offered), secrets):
        raise Forged("the token in the body does not match; is the same one set on both sides?")
    return digest(incoming.body)


def _encodable(offered: str) -> str:
    """JSON can hold halves of characters, which nothing can compare as bytes."""
    return offered.encode("utf-8", "replace").decode()


def normalise(incoming: Incoming) -> Normalised:
    """Raises MalformedStatement."""
    data = read_object(incoming.body)
    kind = "\\" + data.text("eventname").lstrip("\\")
    if kind not in (_COURSE, _MODULE):
        return left_out(kind, IGNORED)
    if data.maybe_text("anonymous") == "1":
        return Normalised(ignored=((kind, _ANONYMOUS),))
    source, at = incoming.source, data.counted("timecreated", SECOND)
    course, user = data.text("courseid"), data.text("relateduserid")
    if kind == _COURSE:
        return Normalised((_course_completed(source, course, user, at),))
    state = data.maybe_text("other.completionstate")
    if state is None:
        return Normalised(ignored=((kind, _NO_STATE),))
    return Normalised(_activity(source, course, data.text("contextinstanceid"), user, at, state))


def _course_completed(source: str, course: str, user: str, at: int) -> Statement:
    id_ = f"course:{course}:completed:{user}"
    return say(source, id_, "course.completed", at, actor=f"{source}/{user}", facts={"course": course})


def _activity(source: str, course: str, module: str, user: str, at: int, state: str) -> tuple[Statement, ...]:
    """What a state of completion says: that the activity is completed, and, apart from it, with a passing grade."""
    completed = (f"lesson:{module}:completed:{user}", "lesson.completed", state in (_COMPLETE, _PASSED))
    passed = (f"quiz:{module}:passed:{user}", "quiz.passed", state == _PASSED)
    facts = {"course": course, "lesson": module}
    return tuple(
        say(source, id_, type_, at, actor=f"{source}/{user}", facts=facts)
        if holds
        else say(source, id_, type_, at, op=WITHDRAW, reason="no longer completed")
        for id_, type_, holds in (completed, passed)
        if holds or state not in (_COMPLETE, _PASSED)
    )


async def reconcile(service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
    """What those who were in a course since then have completed there. Raises Unreachable."""
    for course in _listed(await _ask(service, "core_course_get_courses")):
        id_ = course.text("id")
        if id_ == _SITE or course.maybe_text("enablecompletion") != "1":
            continue
        async for learner in _learners(service, id_):
            if _was_there(learner, since - _DAY):
                yield await _learner(service, source, id_, learner, since - _DAY)


def _was_there(learner: Payload, since: int) -> bool:
    """Where Moodle is set to hide when people were there last, everybody is asked about."""
    return not learner.has("lastcourseaccess") or learner.counted("lastcourseaccess", SECOND) >= since


async def _learners(service: Service, course: str) -> AsyncIterator[Payload]:
    """Everybody in the course, with no more about them than is needed."""
    for start in range(0, _MOST_LEARNERS, _PAGE):
        wanted = {"userfields": "id,fullname,lastcourseaccess", "limitfrom": str(start), "limitnumber": str(_PAGE)}
        options = {f"options[{n}][name]": name for n, name in enumerate(wanted)}
        options |= {f"options[{n}][value]": value for n, value in enumerate(wanted.values())}
        found = _listed(await _ask(service, "core_enrol_get_enrolled_users", courseid=course, **options))
        for learner in found:
            yield learner
        if len(found) < _PAGE:
            return


async def _learner(service: Service, source: str, course: str, learner: Payload, since: int) -> Normalised:
    user = learner.text("id")
    asked = {"courseid": course, "userid": user}
    activities = Payload(await _ask(service, "core_completion_get_activities_completion_status", **asked))
    status = await _course_status(service, asked)
    named = Normalised(people=(person(f"{source}/{user}", learner.look("fullname")),))
    read = [
        tried("activity", partial(_from_status, source, course, user, s, since)) for s in activities.records("statuses")
    ]
    whole = tried("course", partial(_from_course_status, source, course, user, status, since))
    return together([named, *read, whole])


async def _course_status(service: Service, asked: Mapping[str, str]) -> Payload:
    """Empty for a course without criteria of completion, which Moodle answers with an error."""
    answer = await service.get(_PATH, **_call("core_completion_get_course_completion_status"), **asked)
    if Payload(answer).maybe_text("errorcode") == "nocriteriaset":
        return Payload({})
    return as_object(_checked(answer), "the answer")


def _from_status(source: str, course: str, user: str, status: Payload, since: int) -> Normalised:
    state = status.text("state")
    if state not in (_COMPLETE, _PASSED):
        return Normalised()
    at = status.counted("timecompleted", SECOND)
    return Normalised(_activity(source, course, status.text("cmid"), user, at, state) if at >= since else ())


def _from_course_status(source: str, course: str, user: str, status: Payload, since: int) -> Normalised:
    """The course is completed when the last of its criteria is."""
    if status.look("completionstatus.completed") is not True:
        return Normalised()
    met = [c for c in status.object("completionstatus").objects("completions") if c.has("timecompleted")]
    at = max((c.counted("timecompleted", SECOND) for c in met), default=0)
    return Normalised((_course_completed(source, course, user, at),) if at >= since else ())


async def _ask(service: Service, function: str, **parameters: str) -> object:
    """The answer of one of Moodle's functions. Raises Unreachable: Moodle answers 200 whatever happened."""
    return _checked(await service.get(_PATH, **_call(function), **parameters))


def _call(function: str) -> dict[str, str]:
    return {"wsfunction": function, "moodlewsrestformat": "json"}


def _checked(answer: object) -> object:
    error = Payload(answer).maybe_text("errorcode")
    if error is not None:
        raise Unreachable(f"Moodle refuses to answer ({error[:100]}); may the token's user call this function?")
    return answer


def _listed(found: object) -> list[Payload]:
    return as_objects(found, "the answer")
