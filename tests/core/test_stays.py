"""Minutes in company, against a model that looks at every single second."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.stays import (
    EVENT,
    VOICE,
    Gathering,
    House,
    Stay,
    Step,
    begin,
    changed,
    count,
    drop,
    finish,
    housed,
    lose,
    move,
    place_of,
    skip,
    told,
)

SECOND = 1_000_000
MINUTE = 60 * SECOND
SOURCE = "discord:9"
PEOPLE = tuple(f"{SOURCE}/{name}" for name in ("ann", "bob", "cid"))
ANN, BOB, CID = PEOPLE
ROOMS = ("1", "2")
TALK = Gathering("event:7/0", "1", {"name": "Talk"})


def ended(step: Step, account: str) -> Stay:
    (stay,) = (s for s in step.ended if s.account == account)
    return stay


def together(minutes: int, *, hears: bool = True) -> House:
    """Ann comes, Bob a minute later; so much later it is now."""
    house = move(House(), ANN, "1", 0, facts={"channel": "#lounge"}).house
    return count(move(house, BOB, "1", MINUTE, hears=hears).house, (1 + minutes) * MINUTE)


def test_time_counts_from_the_moment_somebody_else_is_there() -> None:
    over = ended(move(together(10), ANN, None, 12 * MINUTE), ANN)
    assert (over.minutes, over.began, over.ended) == (11, 0, 12 * MINUTE)
    said = told(SOURCE, over, {"actor_role": ("Helper",)})
    assert said is not None
    assert (said.id, said.at, said.type) == ("voice:1/ann/0", 12 * MINUTE, "voice.session_ended")
    assert said.facts == {"channel": "#lounge", "actor_role": ("Helper",), "minutes": 11}


def test_who_waits_alone_says_nothing() -> None:
    over = ended(move(move(House(), ANN, "1", 0).house, ANN, None, 600 * MINUTE), ANN)
    assert (over.counted, told(SOURCE, over)) == (0, None)


def test_a_deafened_person_is_no_company_and_collects_nothing() -> None:
    house = together(10, hears=False)
    assert [s.counted for s in house.stays] == [0, 0]
    house = move(house, BOB, "1", 11 * MINUTE).house
    assert [s.minutes for s in count(house, 13 * MINUTE).stays] == [2, 2]


def test_what_is_told_twice_or_late_changes_nothing() -> None:
    house = together(10)
    assert move(house, BOB, "1", 5 * MINUTE) == Step(house)
    assert move(house, CID, None, 12 * MINUTE).house == house
    assert changed(house, begin(begin(house, TALK, 0), TALK, 99)) == changed(house, begin(house, TALK, 0))


def test_moving_ends_one_session_and_begins_another() -> None:
    step = move(together(10), ANN, "2", 12 * MINUTE)
    assert ended(step, ANN).thing == "voice:1"
    there = place_of(step.house, ANN)
    assert there is not None
    assert (there.thing, there.began, there.counted) == ("voice:2", 12 * MINUTE, 0)


def test_a_visit_sums_up_all_times_in_the_event_alone_too() -> None:
    house = begin(move(House(), ANN, "1", 0).house, TALK, MINUTE)
    house = move(house, ANN, None, 4 * MINUTE).house
    house = move(house, ANN, "1", 10 * MINUTE).house
    over = ended(finish(house, TALK.thing, 12 * MINUTE), ANN)
    said = told(SOURCE, over)
    assert said is not None
    assert (said.id, said.at, said.facts) == ("event:7/0/ann", 12 * MINUTE, {"name": "Talk", "minutes": 5})


def test_a_short_visit_says_nothing() -> None:
    house = begin(move(House(), ANN, "1", 0).house, TALK, 0)
    assert told(SOURCE, ended(finish(house, TALK.thing, 5 * MINUTE - 1), ANN)) is None


def test_who_is_gone_after_a_silence_left_at_the_last_moment_known() -> None:
    house = begin(together(10), TALK, 11 * MINUTE)
    step = lose(housed(house.stays), {BOB: "1"}, {TALK.thing})
    assert [(s.account, s.thing, s.ended) for s in step.ended] == [(ANN, "voice:1", 11 * MINUTE)]
    assert {(s.account, s.kind, s.hears) for s in step.house.stays} == {
        (BOB, VOICE, True),
        (BOB, EVENT, True),
        (ANN, EVENT, False),
    }


def test_an_event_that_was_over_meanwhile_ends_its_visits() -> None:
    house = begin(together(10), TALK, 0)
    step = lose(house, {ANN: "1", BOB: "1"}, ())
    assert {(s.account, s.thing) for s in step.ended} == {(ANN, TALK.thing), (BOB, TALK.thing)}


def test_in_a_full_channel_a_change_is_a_change_of_one() -> None:
    full = House()
    for n in range(300):
        full = move(full, f"{SOURCE}/{n}", "1", n * SECOND).house
    for step in (move(full, ANN, "1", 400 * SECOND), move(full, f"{SOURCE}/7", "1", 400 * SECOND, hears=False)):
        assert len(changed(full, step.house)) == 1
    assert {s.minutes for s in count(full, 600 * SECOND).stays} == {(600 - max(n, 1)) // 60 for n in range(300)}


def test_an_event_that_moves_takes_its_visits_along() -> None:
    house = begin(move(move(House(), ANN, "1", 0).house, BOB, "2", 0).house, TALK, 0)
    house = begin(house, Gathering(TALK.thing, "2"), 10 * MINUTE)
    house = move(house, BOB, "1", 15 * MINUTE).house
    house = move(house, ANN, "1", 16 * MINUTE, hears=True).house
    over = {s.account: s.minutes for s in finish(house, TALK.thing, 60 * MINUTE).ended}
    assert over == {ANN: 10, BOB: 5}


def test_an_event_that_moved_while_nobody_listened_is_left_by_who_leaves_its_new_room() -> None:
    house = begin(move(House(), ANN, "1", 0).house, TALK, 0)
    house = skip(lose(count(house, 5 * MINUTE), {ANN: "2"}, {TALK.thing}).house, 9 * MINUTE)
    house = begin(house, Gathering(TALK.thing, "2"), 9 * MINUTE)
    house = move(move(house, ANN, "2", 9 * MINUTE).house, ANN, None, 10 * MINUTE).house
    assert ended(finish(house, TALK.thing, 99 * MINUTE), ANN).minutes == 6


def test_who_is_dropped_leaves_nothing_and_was_company_until_then() -> None:
    step = drop(begin(together(10), TALK, 11 * MINUTE), BOB, 12 * MINUTE)
    assert {s.account for s in step.house.stays} == {ANN}
    assert {s.thing for s in step.ended} == {"voice:1", TALK.thing}
    assert ended(move(step.house, ANN, None, 60 * MINUTE), ANN).minutes == 11


def test_a_silence_counts_for_nobody() -> None:
    house = skip(together(10), 500 * MINUTE)
    assert ended(move(house, ANN, None, 501 * MINUTE), ANN).minutes == 11


# -- any history -------------------------------------------------------------------------------------------


@dataclass
class Model:
    """Looks at every second, and knows nothing of how it is done."""

    where: dict[str, tuple[str, bool]] = field(default_factory=dict)
    session: dict[str, int] = field(default_factory=dict)
    visit: dict[str, int] = field(default_factory=dict)
    running: bool = False
    over: list[tuple[str, int]] = field(default_factory=list)

    def second(self) -> None:
        for person, (room, hears) in self.where.items():
            others = [p for p, (r, h) in self.where.items() if p != person and r == room and h]
            self.session[person] += bool(hears and others)
            if self.running and room == TALK.room:
                self.visit[person] = self.visit.get(person, 0) + hears

    def put(self, person: str, room: str | None, hears: bool) -> None:
        before = self.where.get(person)
        if before is not None and before[0] != room:
            self.over.append((person, self.session.pop(person)))
            del self.where[person]
        if room is not None:
            self.where[person] = (room, hears)
            self.session.setdefault(person, 0)


acts = st.tuples(
    st.integers(0, 5), st.sampled_from(PEOPLE), st.sampled_from((*ROOMS, None)), st.booleans(), st.integers(0, 9)
)


@settings(max_examples=150)
@given(st.lists(acts, max_size=30))
def test_every_history_gives_the_seconds_that_a_look_at_each_second_gives(
    history: list[tuple[int, str, str | None, bool, int]],
) -> None:
    house, model, now, over = House(), Model(), 0, []
    for wait, person, room, hears, dice in history:
        for _ in range(wait):
            model.second()
        now += wait
        model.put(person, room, hears)
        step = move(house, person, room, now * SECOND, hears=hears)
        house = step.house
        over += [(s.account, s.counted) for s in step.ended]
        if dice == 0 and not model.running:
            model.running = True
            house = begin(house, TALK, now * SECOND)
        if dice == 1:  # kept and read again, without a pause
            house = replace(housed(count(house, now * SECOND).stays), gatherings=house.gatherings)
        if dice == 2:  # told twice
            house = move(house, person, room, now * SECOND, hears=hears).house
    assert over == [(who, seconds * SECOND) for who, seconds in model.over]
    visits = {s.account: s.counted for s in finish(house, TALK.thing, now * SECOND).ended if s.counted}
    assert visits == {who: seconds * SECOND for who, seconds in model.visit.items() if seconds}
