"""Forms and other sources of the rule book's own: signed JSON becomes the fact that the book describes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.connectors.connector import Incoming, Normalised
from adapters.connectors.form import Form
from adapters.connectors.registry import CONNECTORS
from core.errors import Forged, MalformedStatement
from core.events import Statement
from core.rules.connectors import OWN, Mapped
from tests.adapters.web.test_hooks import NEW, NOW, OLD, sign
from tests.core.rules.books import book

PAYLOAD = (Path(__file__).parents[2] / "payloads" / "form" / "signup.json").read_bytes()
ARRIVAL = NOW * 1_000_000
BOOK = """
[connectors."form:signup"]
type = "workshop.attended"
id = "submission.id"
at = "submission.time"
actor = "answers.email"
facts = { minutes = "answers.minutes", workshop = "answers.code", amount = "answers.fee", tracks = "answers.tracks" }
[connectors."form:signup".only]
"event" = "submitted"
"""
ATTENDED = Statement(
    source="form:signup",
    id="81",
    type="workshop.attended",
    at=1_794_072_600_000_000,
    actor="email/noor@example.org",
    facts={
        "form": "signup",
        "minutes": 90,
        "workshop": "soldering-1",
        "amount": Decimal("12.50"),
        "tracks": ("beginner", "evening"),
    },
)


def mapped(more: str = "", text: str = BOOK) -> Mapped:
    return book(text + more).connectors["form:signup"]


def read(body: object, table: Mapped | None = None, headers: Mapping[str, str] | None = None) -> Normalised:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Form(table or mapped()).normalise(Incoming("form:signup", headers or {}, raw, ARRIVAL))


def changed(**answers: object) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(PAYLOAD)
    body["answers"].update(answers)
    return body


def test_an_answer_becomes_the_fact_that_the_book_describes() -> None:
    assert read(PAYLOAD) == Normalised((ATTENDED,))


def test_ten_deliveries_say_the_same() -> None:
    assert len({read(PAYLOAD).statements[0].id for _ in range(10)}) == 1
    assert all(read(PAYLOAD) == read(PAYLOAD) for _ in range(10))


def test_several_answers_may_come_at_once() -> None:
    other = PAYLOAD.replace(b'"id": 81', b'"id": "82a"')
    found = read(b"[" + PAYLOAD + b"," + other + b"," + PAYLOAD + b"]").statements
    assert found == (ATTENDED, replace(ATTENDED, id="82a"))


def test_what_the_book_does_not_want_is_ignored_with_the_reason() -> None:
    draft = json.loads(PAYLOAD) | {"event": "draft"}
    assert read(draft).ignored == (
        ("workshop.attended", '"event" is not "submitted", and the rule book takes no other'),
    )
    assert read(draft).statements == ()


def test_true_is_not_one() -> None:
    table = mapped().model_copy(update={"only": {"answers.ok": True}})
    assert read(changed(ok=1), table).statements == ()
    assert read(changed(ok=True), table).statements == (ATTENDED,)


def test_without_an_answer_that_names_somebody_there_is_no_fact() -> None:
    for nobody in (None, "", "  ", True, {"a": 1}):
        assert read(changed(email=nobody)).ignored == (("workshop.attended", '"answers.email" names nobody'),)


def test_other_ids_are_accounts_of_the_source_or_of_the_one_that_the_book_names() -> None:
    assert read(changed(email="noor-17")).statements[0].actor == "form:signup/noor-17"
    slack = mapped().model_copy(update={"actor_source": "slack:T1"})
    assert read(changed(email="U7"), slack).statements[0].actor == "slack:T1/U7"


def test_what_a_person_wrote_is_left_out_with_a_reason() -> None:
    table = mapped().model_copy(update={"facts": {"remark": "answers.remark", "minutes": "answers.minutes"}})
    found = read(PAYLOAD, table)
    assert found.statements[0].facts == {"form": "signup", "minutes": 90}
    ((name, reason),) = found.ignored
    assert name == "facts.remark"
    assert "of over 100 characters; what people write is not kept" in reason
    assert "grandmother" not in reason


@pytest.mark.parametrize(
    ("time", "at"),
    [
        ("2026-11-07T17:30:00Z", 1_794_072_600_000_000),
        (1_794_072_600, 1_794_072_600_000_000),
        (1_794_072_600.5, 1_794_072_600_500_000),
        (1_794_072_600_500, 1_794_072_600_500_000),
    ],
)
def test_a_time_may_be_written_in_words_or_counted(time: object, at: int) -> None:
    body = json.loads(PAYLOAD) | {"submission": {"id": 81, "time": time}}
    assert read(body).statements[0].at == at


def test_without_a_time_the_arrival_counts() -> None:
    assert read(PAYLOAD, mapped().model_copy(update={"at": None})).statements[0].at == ARRIVAL


@pytest.mark.parametrize(
    ("submission", "said"),
    [
        ({"time": 1_794_072_600}, "submission.id: is missing; the rule book takes the id of the fact from there"),
        ({"id": [1], "time": 1}, "submission.id: is no text or number"),
        ({"id": 1}, "submission.time: is missing; send a time, as 2026-03-02T09:15:00Z"),
        ({"id": 1, "time": "yesterday"}, "submission.time: is no RFC 3339 time"),
        ({"id": 1, "time": 10**40}, "submission.time: is no time"),
        ({"id": 1, "time": True}, "submission.time: is no time"),
    ],
)
def test_a_field_that_is_needed_is_named(submission: object, said: str) -> None:
    with pytest.raises(MalformedStatement, match="^" + said.replace(".", r"\.")):
        read(json.loads(PAYLOAD) | {"submission": submission})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "time", "email", "minutes", "tracks"]), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    st.sampled_from(["event", "submission", "answers"]),
)
def test_whatever_stands_there_is_read_or_refused(value: object, key: str) -> None:
    with suppress(MalformedStatement):
        assert len(read(json.loads(PAYLOAD) | {key: value}).statements) <= 1


def test_a_form_that_the_book_does_not_know_is_kept_as_ignored() -> None:
    found = Form().normalise(Incoming("form:other", {}, PAYLOAD, ARRIVAL))
    assert found.statements == ()
    assert '[connectors."form:other"]' in found.ignored[0][1]


def test_a_service_with_a_connector_needs_no_table() -> None:
    assert set(CONNECTORS) <= OWN


def test_another_source_may_speak_as_plaudit_does() -> None:
    own = b'{"source": "desk:a", "id": "1", "type": "build.passed", "at": "2026-11-05T08:15:00Z"}'
    assert Form().normalise(Incoming("desk:a", {}, own, ARRIVAL)).statements[0].id == "1"


def incoming(headers: Mapping[str, str], body: bytes = PAYLOAD) -> Incoming:
    return Incoming("form:signup", headers, body, ARRIVAL)


def test_it_is_signed_or_names_the_secret() -> None:
    form = Form(mapped())
    for secret in (OLD, NEW):
        assert form.verify(incoming(sign(PAYLOAD, secret, "d1", NOW)), (OLD, NEW)) == "d1"
        first = form.verify(incoming({"x-plaudit-secret": secret}), (OLD, NEW))
        assert first == form.verify(incoming({"x-plaudit-secret": secret}), (OLD, NEW))
        assert first != form.verify(incoming({"x-plaudit-secret": secret}, b"{}"), (OLD, NEW))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-plaudit-secret": ""},
        {"x-plaudit-secret": NEW[:-1]},
        {"x-plaudit-secret": "\xff"},
        sign(b"another body", NEW, "d1", NOW),
        sign(PAYLOAD, NEW, "d1", NOW - 301),
        sign(b"another body", NEW, "d1", NOW) | {"x-plaudit-secret": OLD},
    ],
)
def test_anything_else_is_forged(headers: Mapping[str, str]) -> None:
    with pytest.raises(Forged):
        Form(mapped()).verify(incoming(headers), (NEW,))
