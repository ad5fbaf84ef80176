"""Challenges without a database: what the log says of them, the rule that they are, and the words for their days."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import replace

import pytest

from adapters.terminal.cards import render
from core import challenge_cards
from core.calendar import Calendar
from core.challenge_boards import ranked
from core.challenge_choices import SPRINT, asks, blank, label, template_named, whats
from core.challenge_rules import faults, id_of, own_ids, parsed, rule_text, windows, with_challenges
from core.challenges import (
    Challenge,
    Result,
    Wish,
    challenges_in,
    changed,
    closed,
    ended,
    made,
    wish_read,
    wish_written,
)
from core.language import Language
from core.records import ChoiceRow, PersonRow, StandingRow
from core.rules.fingerprint import fingerprint
from core.rules.loading import load
from core.times import read_time

BERLIN = Calendar("Europe/Berlin")
HEAD = 'rules = 1\n[community]\ntimezone = "Europe/Berlin"\n'
WISH = Wish("Helpful fortnight", "kudos.given:target", 3, dt.date(2026, 3, 16), dt.date(2026, 3, 29))
DAY = 24 * 3_600_000_000


def challenge(wish: Wish = WISH, version: int = 1) -> Challenge:
    id_ = "helpful_fortnight"
    return Challenge(id_, wish, rule_text(id_, wish, version), version, "slack:T1/N", read_time("2026-03-10T12:00:00Z"))


def test_the_log_gives_back_what_it_was_told_in_any_order() -> None:
    first = challenge()
    wish = replace(WISH, goal=5, name="Long fortnight")
    second = replace(challenge(wish, 2), made_at=first.made_at)
    early = replace(second, version=3, reason="A storm")
    result = Result(("slack:T1/A", "slack:T1/B"), ("slack:T1/A",), (("Blue Team", 12),), first.made_at + 9)
    told = [
        made(first),
        changed(second, "slack:T1/O", first.made_at + 1),
        ended(early, "slack:T1/O", first.made_at + 2),
        closed(early, result),
    ]
    expected = replace(early, ended_at=first.made_at + 2, result=result)
    for said in (told, told[::-1], told[1:] + told[:1], [*told, *told]):
        assert challenges_in(said) == {"helpful_fortnight": expected}


def test_a_wish_survives_the_way_to_the_log_and_back() -> None:
    wish = replace(WISH, name="“Ärger” & <b>", points=7, role="Regular", whom="team", each="day", place="here")
    assert wish_read(wish_written(wish)) == wish


def test_the_rule_says_what_was_wished_and_reads_as_toml() -> None:
    wish = replace(WISH, name='"Quotes" \\ and ümlauts', points=5, role="R", whom="new", each="actor", template=SPRINT)
    rule = tomllib.loads(rule_text("x", wish, 2))["achievement"]["x"]
    assert rule == {
        "name": wish.name,
        "category": "challenge",
        "when": "kudos.given",
        "credit": "target",
        "distinct": "actor",
        "goal": 3,
        "from": WISH.first,
        "until": WISH.last,
        "timezone": "community",
        "who": {"joined_after": dt.date(2026, 2, 14)},
        "points": 5,
        "gives_role": "R",
        "version": 2,
    }


@pytest.mark.parametrize(
    ("name", "id_"),
    [("Helpful fortnight", "helpful_fortnight_2"), ("¡Olé!", "ol"), ("🎉", "challenge"), ("a" * 90, "a" * 40)],
)
def test_an_id_is_made_from_the_name_and_new(name: str, id_: str) -> None:
    assert id_of(name, {"helpful_fortnight"}) == id_


def test_in_the_book_it_means_what_it_would_mean_in_the_file() -> None:
    text = HEAD + "[defaults]\nlimit.per_day = 4\n"
    book, pasted = load(text, "r.toml"), load(text + challenge().rule, "r.toml")
    extended = with_challenges(book, [challenge()])
    assert extended.achievements["helpful_fortnight"] == pasted.achievements["helpful_fortnight"]
    assert fingerprint(extended, "helpful_fortnight") == fingerprint(pasted, "helpful_fortnight")
    assert extended.written == book.written
    assert with_challenges(pasted, [challenge(replace(WISH, goal=9))]).achievements == pasted.achievements
    assert own_ids(pasted) == {"helpful_fortnight"}
    assert with_challenges(extended, [replace(challenge(), rule="")]).achievements == {}


def test_what_a_rule_book_would_refuse_is_found_with_its_key() -> None:
    book = load(HEAD, "r.toml")
    now = read_time("2026-03-10T12:00:00Z")
    assert faults(book, "helpful_fortnight", challenge().rule, now) == []
    (slip,) = faults(book, "x", rule_text("x", replace(WISH, what="kudos.givn"), 1), now)
    assert (slip.key, slip.rule) == ("achievement.x.when", "R7")
    (over,) = faults(book, "x", rule_text("x", WISH, 1), now + 60 * DAY)
    assert (over.key, over.rule) == ("achievement.x.until", "R11")


def test_a_day_that_begins_at_four_ends_at_four() -> None:
    t, last = Language("en"), dt.date(2026, 3, 29)
    late = Calendar("Europe/Berlin", "04:00")
    assert challenge_cards.last_moment(last, BERLIN, t) == "Sunday 29 March, 24:00 (Berlin)"
    assert challenge_cards.last_moment(last, late, t) == "Monday 30 March, 04:00 (Berlin)"
    assert challenge().ends(BERLIN) == read_time("2026-03-29T22:00:00Z")
    assert challenge().ends(late) == read_time("2026-03-30T02:00:00Z")
    assert challenge().starts(BERLIN) == read_time("2026-03-15T23:00:00Z")


def test_the_state_turns_at_the_first_and_after_the_last_moment() -> None:
    c = challenge()
    begins, ends = c.starts(BERLIN), c.ends(BERLIN)
    moments = (begins - 1, begins, ends - 1, ends)
    assert [c.state(BERLIN, at) for at in moments] == ["coming", "open", "open", "closed"]


def test_the_last_month_holds_as_many_tries_as_fit() -> None:
    today = dt.date(2026, 3, 31)
    tried = windows(replace(WISH, whom="new"), today)
    assert [(w.first, w.last) for w in tried] == [
        (dt.date(2026, 3, 17), dt.date(2026, 3, 30)),
        (dt.date(2026, 3, 3), dt.date(2026, 3, 16)),
    ]
    assert len(windows(replace(WISH, last=WISH.first), today)) == 4
    assert len(windows(replace(WISH, last=WISH.first + dt.timedelta(days=60)), today)) == 1


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("", ("challenge", {})),
        ("Helpful fortnight", ("challenge", {"name": "Helpful fortnight"})),
        ("new", ("challenge-new", {})),
        ("NEW sprint", ("challenge-new", {"name": "sprint"})),
        ("new: team relay", ("challenge-new", {"name": "team relay"})),
        ("archive", ("challenge-archive", {})),
    ],
)
def test_what_is_typed_asks_for_one_thing(words: str, asked: tuple[str, dict[str, str]]) -> None:
    assert asks(words) == asked


def test_templates_are_found_by_a_part_of_their_name() -> None:
    found = [template_named(words) for words in ("sprint", "First", "relay", "", "marathon")]
    assert [t.name if t else "" for t in found] == [SPRINT, "first-timers' week", "team relay", "", ""]
    wish = blank(dt.date(2026, 3, 18), template_named("sprint"))
    assert (wish.first.weekday(), (wish.last - wish.first).days, wish.goal) == (0, 13, 3)


def test_what_is_chosen_already_is_always_offered() -> None:
    many = "".join(f'[signal.s{n}]\nwhen = "message.posted"\n' for n in range(40))
    book = load(HEAD + many, "r.toml")
    assert len(whats(book)) == 25
    assert whats(book, "kudos.given")[-1].value == "kudos.given"
    assert label(book, "kudos.given:target") == "kudos received"


def row(name: str, amount: int, **choice: bool) -> StandingRow:
    return StandingRow(PersonRow(f"slack:T1/{name}", name), amount, ChoiceRow(**choice))  # type: ignore[arg-type] # flags only


def test_ties_share_a_place_and_nobody_hidden_takes_one() -> None:
    rows = [
        row("Bo", 3),
        row("Al", 3),
        row("Cy", 2),
        row("Di", 9, hidden=True),
        row("Ed", 0),
        row("Fi", 3, anonymous=True),
        StandingRow(PersonRow("slack:T1/A", "zoe"), 3),
    ]
    found = [(r.place, r.row.person.name) for r in ranked(rows, None, 10)]
    assert found == [(1, "Al"), (1, "Bo"), (1, "zoe"), (1, "Fi"), (5, "Cy")]


def test_the_ceremony_names_who_agrees_by_the_alphabet() -> None:
    people = {f"slack:T1/{r.person.name}": r for r in (row("Mei", 3), row("Amira", 3), row("Jonas", 3, anonymous=True))}
    result = Result((*people, "slack:T1/erased-x"), ("slack:T1/Mei", "slack:T1/Zoe"), (("Blue", 12),))
    said = render(challenge_cards.ceremony(challenge(), result, people, Language("en")))
    assert "Reached by: Amira, Mei and 2 more" in said
    assert "1 of 2 who joined." in said
    assert "Blue · 12" in said
    assert "Jonas" not in said


@pytest.mark.parametrize(
    ("left", "said"),
    [(4 * DAY + 5, "4 days left"), (DAY, "24 hours left"), (DAY // 24, "1 hour left"), (5, "less than an hour left")],
)
def test_the_time_left_is_never_more_than_there_is(left: int, said: str) -> None:
    assert challenge_cards.left_of(100 + left, 100, Language("en")) == said


def test_the_rule_is_parsed_with_the_signals_of_the_book() -> None:
    book = load(HEAD + '[signal.good]\ndescribe = "a good post"\nwhen = "message.posted"\neach = "message"\n', "r.toml")
    assert parsed(book, "x", rule_text("x", replace(WISH, what="good"), 1)).when == ("good",)
