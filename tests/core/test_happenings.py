"""Events of an example become the statements that a platform would have made."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from core.events import WITHDRAW, Statement
from core.happenings import account, person, tell
from core.rules.examples import Example
from core.times import read_time

BERLIN = ZoneInfo("Europe/Berlin")


def told(*events: dict[str, object]) -> list[Statement]:
    example = Example.model_validate({"name": "x", "events": list(events), "achievement": "any"})
    return [t.statement for t in tell(example, BERLIN)]


def posted(**more: object) -> dict[str, object]:
    return {"at": "2026-03-02 09:00", "actor": "mei", "type": "message.posted", **more}


def test_times_are_local() -> None:
    winter, summer, exact = told(posted(), posted(at="2026-07-02 09:00"), posted(at="2026-07-02T09:00:00Z"))
    assert winter.at == read_time("2026-03-02T08:00:00Z")
    assert summer.at == read_time("2026-07-02T07:00:00Z")
    assert exact.at == read_time("2026-07-02T09:00:00Z")


def test_a_repeated_event_keeps_its_time_of_day_over_a_clock_change() -> None:
    days = told(posted(at="2026-03-28 09:00", repeat=2, every="1 day"))
    assert [s.at for s in days] == [read_time("2026-03-28T08:00:00Z"), read_time("2026-03-29T07:00:00Z")]


def test_each_repetition_and_each_actor_is_an_event_of_its_own() -> None:
    found = told(posted(actor=["mei", "kofi"], repeat=2, every="1 day", id="{actor} {n}", tag="day {n}"))
    assert [(s.id, s.actor, s.facts["tag"]) for s in found] == [
        ("mei 1", "example/mei", "day 1"),
        ("kofi 1", "example/kofi", "day 1"),
        ("mei 2", "example/mei", "day 2"),
        ("kofi 2", "example/kofi", "day 2"),
    ]
    assert len({s.id for s in told(posted(actor=["mei", "kofi"], repeat=2, every="1 day"))}) == 4


def test_a_reaction_takes_over_what_its_message_says() -> None:
    post = posted(id="post", channel="#help")
    reaction = {"at": "2026-03-02 10:00", "actor": "kofi", "type": "reaction.added", "message": "post", "emoji": "bulb"}
    for events in ((post, reaction), (reaction, post)):
        mark = next(s for s in told(*events) if s.type == "reaction.added")
        assert mark.author == "example/mei"
        assert (mark.facts["channel"], mark.facts["post_kind"]) == ("#help", "post")
        assert mark.facts["object_at"] == "2026-03-02T08:00:00Z"


def test_an_answer_knows_its_thread_and_starts_it_once() -> None:
    answer = {"at": "2026-03-02 11:00", "actor": ["kofi", "ana"], "type": "thread.replied", "thread": "post"}
    found = told(posted(id="post", channel="#help"), answer)
    replies = [s for s in found if s.type == "thread.replied"]
    assert {s.author for s in replies} == {"example/mei"}
    assert {(s.facts["channel"], s.facts["delay"], s.facts["post_kind"]) for s in replies} == {("#help", 7200, "reply")}
    (started,) = [s for s in found if s.type == "thread.started"]
    assert (started.actor, started.at, started.facts["thread"]) == ("example/mei", found[0].at, "post")


def test_with_a_deleted_message_go_its_marks() -> None:
    mark = {"at": "2026-03-02 10:00", "actor": "kofi", "type": "reaction.added", "message": "post", "id": "mark"}
    other = {"at": "2026-03-02 10:00", "actor": "kofi", "type": "reaction.added", "message": "elsewhere"}
    found = told(posted(id="post"), mark, other, {"at": "2026-03-03", "withdraw": "post"})
    assert [s.id for s in found if s.op == WITHDRAW] == ["post", "mark"]


def test_facts_are_written_as_events_write_them() -> None:
    made = dt.datetime(2026, 3, 1, 9)
    written = {"object_at": made, "from": made.date(), "mentions": ["ana"], "tags": ["a"], "score": 9}
    (found,) = told(posted(**written))
    assert found.facts["object_at"] == "2026-03-01T08:00:00Z"
    assert found.facts["from"] == "2026-03-01"
    assert found.facts["mentions"] == ("example/ana",)
    assert (found.facts["tags"], found.facts["score"]) == (("a",), 9)


def test_people_are_plain_names_or_accounts() -> None:
    assert account("mei") == "example/mei"
    assert account("slack:T1/U1") == "slack:T1/U1"
    assert person(account("mei")) == "mei"
