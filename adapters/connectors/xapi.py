"""xAPI: what a learning record store forwards, one statement or a list; also asked for what was missed."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial

from adapters.connectors.connector import Incoming, Normalised, Service
from adapters.connectors.findings import left_out, person, say, together, tried, unique
from adapters.connectors.payload import Payload, as_object, decode_body
from adapters.connectors.people import email_account
from adapters.connectors.signatures import any_same, digest, verify_standard
from core.errors import Forged, MalformedStatement
from core.events import WITHDRAW, Account
from core.times import write_time

HEADERS: Mapping[str, str] = {"X-Experience-API-Version": "1.0.3"}
"""What a record store wants to hear with every question."""

_MIDDLE = "beginning, looking and going on is no result"
IGNORED: Mapping[str, str] = {
    **dict.fromkeys(("initialized", "terminated", "launched", "attempted"), _MIDDLE),
    **dict.fromkeys(("experienced", "progressed", "suspended", "resumed"), _MIDDLE),
    "failed": "what did not succeed is nobody's business",
}
_NOT_DONE = "its result says that it was not completed, or not passed"
_ONE_QUESTION = "the answer to one question is no passed quiz"
_VERBS = re.compile(r"https?://adlnet\.gov/expapi/verbs/([a-z]+)", re.ASCII).fullmatch
_DURATION = re.compile(
    r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})(?:\.\d{1,9})?S)?)?", re.ASCII
).fullmatch
_PAGE = 100
_MOST_PAGES = 1_000


def verify(incoming: Incoming, secrets: Sequence[str]) -> str:
    """Standard Webhooks where the request has its headers, else `user:password` as Basic authentication: then the
    delivery id is a digest of the body. Raises Forged."""
    if "webhook-id" in incoming.headers:
        return verify_standard(incoming.headers, incoming.body, secrets, incoming.now)
    offered = incoming.headers.get("authorization", "")
    if not any_same(offered, (_basic(secret) for secret in secrets)):
        raise Forged("send the user and password of this source as Basic authentication, or sign the request")
    return digest(incoming.body)


def _basic(secret: str) -> str:
    return "Basic " + base64.b64encode(secret.encode()).decode()


def normalise(incoming: Incoming) -> Normalised:
    """Raises MalformedStatement, which names the statement in a list."""
    found = decode_body(incoming.body)
    if not isinstance(found, list):
        return _read(incoming.source, as_object(found, "the body"))
    return together(
        [_numbered(incoming.source, item, f"statement {n} of {len(found)}") for n, item in enumerate(found, 1)]
    )


def _numbered(source: str, item: object, place: str) -> Normalised:
    try:
        return _read(source, as_object(item, "it"))
    except MalformedStatement as error:
        raise MalformedStatement(f"{place}: {error}") from None


async def reconcile(service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
    """Statements that the record store stored since then, oldest first. Raises Unreachable."""
    for _ in range(_MOST_PAGES):
        asked = {"since": write_time(since), "ascending": "true", "limit": str(_PAGE)}
        page = Payload(await service.get("statements", **asked))
        found = page.records("statements")
        for item in found:
            yield tried("statement", partial(_read, source, item))
        last = max((item.time("stored") for item in found), default=since)
        if last <= since or not page.maybe_text("more"):
            return
        since = last


def _read(source: str, data: Payload) -> Normalised:
    verb = _verb(data.text("verb.id"))
    if verb == "voided":
        return _voided(source, data)
    if verb not in ("completed", "passed", "mastered", "attended", "answered"):
        return left_out(verb, IGNORED)
    activity = _activity_type(data.at("object"))
    if data.look("result.success") is False or data.look("result.completion") is False:
        return Normalised(ignored=((verb, _NOT_DONE),))
    type_ = _type_of(verb, activity, data.look("result.success") is True)
    if type_ is None:
        return Normalised(ignored=((verb, _ONE_QUESTION),))
    return _told(source, type_, activity, data)


def _verb(id_: str) -> str:
    """`passed` for the common verbs, the whole address for others."""
    found = _VERBS(id_)
    return found[1] if found else id_


def _activity_type(found: Payload) -> str:
    """`course` of `http://adlnet.gov/expapi/activities/course`."""
    return (found.maybe_text("definition.type") or "").rstrip("/").rpartition("/")[2]


def _type_of(verb: str, activity: str, succeeded: bool) -> str | None:
    if verb == "attended":
        return "workshop.attended"
    if verb == "answered":
        return "quiz.passed" if activity == "assessment" and succeeded else None
    if activity == "course":
        return "course.completed"
    return "lesson.completed" if verb == "completed" else "quiz.passed"


def _told(source: str, type_: str, activity: str, data: Payload) -> Normalised:
    actor, instructor = data.at("actor"), data.at("context.instructor")
    members = _members(actor)
    accounts = [_account(source, member) for member in members]
    author = _account(source, instructor)
    said = say(
        source,
        f"statement:{data.text('id').lower()}",
        type_,
        _time(data),
        actor=accounts[0] if members == [actor] else None,
        author=author,
        participants=() if members == [actor] else tuple(account for account in accounts if account),
        facts=_facts(activity, data),
    )
    if not any(accounts):
        raise MalformedStatement("actor: names nobody; send mbox, mbox_sha1sum, openid or account")
    named = [*zip(accounts, members, strict=True), (author, instructor)]
    return Normalised((said,), unique(person(a, agent.look("name")) for a, agent in named if a))


def _members(actor: Payload) -> list[Payload]:
    """The people of a group; somebody alone is a list of one."""
    group = actor.look("objectType") == "Group" and isinstance(actor.look("member"), list)
    return actor.each("member") if group else [actor]


def _account(source: str, agent: Payload) -> Account | None:
    """By address, the same account as everywhere; else by what the store calls the person."""
    address = agent.maybe_text("mbox")
    if address is not None:
        return email_account(re.sub(r"^mailto:", "", address, flags=re.IGNORECASE))
    name, page = agent.maybe_text("account.name"), agent.maybe_text("account.homePage")
    if name and page:
        return f"{source}/{name}@{re.sub(r'^[a-z]+://', '', page).rstrip('/')}"
    hashed, openid = agent.maybe_text("mbox_sha1sum"), agent.maybe_text("openid")
    return f"{source}/sha1:{hashed.lower()}" if hashed else f"{source}/{openid}" if openid else None


def _facts(activity: str, data: Payload) -> dict[str, object]:
    about = data.text("object.id")
    return {
        "course": about if activity == "course" else _course_around(data),
        "lesson": None if activity == "course" else about,
        "score": data.amount("result.score.scaled"),
        "minutes": _minutes(data.maybe_text("result.duration") or ""),
        "platform": data.label("context.platform"),
    }


def _course_around(data: Payload) -> str | None:
    """The course that the activity is said to be part of."""
    for place in ("parent", "grouping"):
        around = f"context.contextActivities.{place}"
        for activity in data.each(around) or [data.at(around)]:
            if _activity_type(activity) == "course":
                return activity.maybe_text("id")
    return None


def _minutes(duration: str) -> int | None:
    """Whole minutes of an ISO 8601 duration without months and years."""
    found = _DURATION(duration)
    if found is None:
        return None
    days, hours, minutes, seconds = (int(number or 0) for number in found.groups())
    return days * 1_440 + hours * 60 + minutes + seconds // 60


def _time(data: Payload) -> int:
    return data.time("timestamp" if data.has("timestamp") else "stored")


def _voided(source: str, data: Payload) -> Normalised:
    """A statement is taken back whole. The later of both times: clocks of devices are off."""
    at = max(_time(data), data.time("stored") if data.has("stored") else 0)
    id_ = f"statement:{data.text('object.id').lower()}"
    return Normalised((say(source, id_, None, at, op=WITHDRAW, reason="voided"),))
