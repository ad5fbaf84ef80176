"""CloudEvents in their three shapes say the same; what they do not say is named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.connectors.cloudevents import BATCHED, STRUCTURED
from adapters.connectors.connector import Incoming, Normalised
from adapters.connectors.form import Form
from core.errors import MalformedStatement
from core.events import Statement
from core.rules.connectors import Mapped

PAYLOAD = (Path(__file__).parents[2] / "payloads" / "cloudevents" / "structured.json").read_bytes()
EVENT: dict[str, Any] = json.loads(PAYLOAD)
NOW = 1_793_880_000_000_000
PASSED = Statement(
    source="ci:acme",
    id="/pipelines/roof#b-1092",
    type="build.passed",
    at=1_793_866_500_000_000,
    actor="slack:T1/U7",
    facts={"repository": "acme/roof", "minutes": Decimal("4.25"), "passed": True},
)
LEFT_OUT = (("facts.log", '"data.log" is no text, number, true, false or list of texts'),)


def read(
    body: object, media: str = STRUCTURED, headers: Mapping[str, str] | None = None, form: Form | None = None
) -> Normalised:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return (form or Form()).normalise(Incoming("ci:acme", {"content-type": media, **(headers or {})}, raw, NOW))


def test_structured() -> None:
    assert read(PAYLOAD, f"{STRUCTURED}; charset=utf-8") == Normalised((PASSED,), (), LEFT_OUT)


def test_what_is_left_out_can_be_told_and_kept() -> None:
    left_out = read(EVENT | {"data": {"lo\ud800g\0": {}}}).ignored
    assert left_out == (("facts.log", '"data.log" is no text, number, true, false or list of texts'),)


def test_batched() -> None:
    assert read(b"[" + PAYLOAD + b"]", BATCHED) == Normalised((PASSED,), (), LEFT_OUT)
    assert read(b"[]", BATCHED) == Normalised()


def test_binary() -> None:
    attributes = {f"ce-{name}": value for name, value in EVENT.items() if name not in ("data", "datacontenttype")}
    body = PAYLOAD.partition(b'"data":')[2].strip().removesuffix(b"}").strip()
    assert read(body, "application/json", attributes) == Normalised((PASSED,), (), LEFT_OUT)
    spoken = read(b"", "", {**attributes, "ce-id": "caf%C3%A9", "ce-subject": "Noor@Example.org"}).statements[0]
    assert (spoken.id, spoken.actor, spoken.facts) == ("/pipelines/roof#café", "email/noor@example.org", {})
    assert read(b"<xml/>", "application/xml", attributes).statements[0].facts == {}


def test_people_are_accounts_addresses_or_somebody_of_the_source() -> None:
    for subject, actor in (("slack:T1/U7", "slack:T1/U7"), ("A@b.org", "email/a@b.org"), ("noor", "ci:acme/noor")):
        assert read(EVENT | {"subject": subject}).statements[0].actor == actor
    without = {name: value for name, value in EVENT.items() if name != "subject"}
    assert read(without).statements[0].actor is None


def test_without_a_time_the_arrival_counts() -> None:
    without = {name: value for name, value in EVENT.items() if name != "time"}
    assert read(without).statements[0].at == NOW


def test_a_type_of_somebody_else_is_ignored_with_the_remedy() -> None:
    ((kind, reason),) = read(EVENT | {"type": "org.example.oven.hot"}).ignored
    assert kind == "org.example.oven.hot"
    assert "[connectors]" in reason


def test_the_book_says_what_a_type_of_somebody_else_means() -> None:
    table = Mapped(
        type="deployment.succeeded",
        id="id",
        at="time",
        actor="data.by",
        facts={"repository": "data.repository"},
        only={"type": "org.example.oven.hot"},
    )
    said = read(EVENT | {"type": "org.example.oven.hot", "data": {"by": "u1", "repository": "r"}}, form=Form(table))
    assert said.statements == (
        Statement(
            "ci:acme", "b-1092", PASSED.at, "deployment.succeeded", actor="ci:acme/u1", facts={"repository": "r"}
        ),
    )


def test_a_type_that_the_book_declares_is_known() -> None:
    form = Form(knows=lambda kind: kind == "garden.watered")
    assert read(EVENT | {"type": "garden.watered"}, form=form).statements[0].type == "garden.watered"


@pytest.mark.parametrize(
    ("body", "media", "said"),
    [
        (EVENT | {"specversion": "0.3"}, STRUCTURED, "specversion: "),
        ([EVENT], STRUCTURED, "the body is no CloudEvent"),
        (EVENT, BATCHED, "a batch is a list"),
        ([EVENT, 5], BATCHED, "item 2 is no CloudEvent"),
        ([EVENT] * 1_001, BATCHED, "a batch is a list of at most 1,000"),
        (EVENT, "application/cloudevents+avro", "content-type: send application/cloudevents"),
        (b"{", STRUCTURED, "the body is no JSON"),
        (EVENT | {"time": None}, STRUCTURED, "time: is missing"),
        (EVENT | {"subject": 5.5}, STRUCTURED, "subject: is no text"),
        (EVENT | {"data": {"a\0": 1}}, STRUCTURED, "facts: holds a zero character"),
    ],
)
def test_what_is_wrong_is_named(body: object, media: str, said: str) -> None:
    with pytest.raises(MalformedStatement, match="^" + said.replace(".", r"\.")):
        read(body, media)


@given(
    st.sampled_from(sorted(EVENT)),
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.lists(st.text(), max_size=2),
)
def test_any_attribute_may_be_anything(name: str, value: object) -> None:
    without = {key: kept for key, kept in EVENT.items() if key != name}
    for event in (without, EVENT | {name: value}):
        try:
            assert len(read(event).statements) <= 1
        except MalformedStatement:
            continue


def test_a_form_says_what_the_book_lets_it_say_also_in_this_way() -> None:
    said = Incoming("form:signup", {"content-type": STRUCTURED}, PAYLOAD, NOW)
    found = Form().normalise(said)
    assert found.statements == ()
    assert "is no event type of ours" in found.ignored[0][1]
