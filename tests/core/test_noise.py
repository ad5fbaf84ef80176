"""When something is said aloud in a channel: at once, together with others, or in the digest."""

from __future__ import annotations

import pytest

from adapters.terminal.cards import render
from core.announcements import Badge
from core.bursts import burst
from core.calendar import Calendar
from core.cards import Mention
from core.noise import HOUR, Heard, free, verdict
from core.rules.noise import Importance, Noise
from core.times import read_time, write_time

BERLIN = Calendar("Europe/Berlin")
NOON = read_time("2026-03-18T11:00:00Z")  # twelve in Berlin
MINUTE = 60_000_000
NOISE = Noise()


def when(
    heard: Heard = Heard(),  # noqa: B008 - frozen
    importance: Importance = "normal",
    now: int = NOON,
    noise: Noise = NOISE,
    weekly: bool = True,
) -> int | None:
    return verdict(importance, now, heard, noise, BERLIN, may_wait_for_digest=weekly)


def said(*minutes_ago: int, waiting: int | None = None) -> Heard:
    return Heard(tuple(NOON - n * MINUTE for n in minutes_ago), waiting)


@pytest.mark.parametrize("importance", ["high", "normal", "low"])
def test_the_first_is_said_at_once(importance: Importance) -> None:
    assert when(importance=importance) == NOON


def test_what_follows_soon_waits_and_is_said_together() -> None:
    assert when(said(3)) == NOON + 7 * MINUTE
    assert when(said(3, waiting=NOON + 7 * MINUTE)) == NOON + 7 * MINUTE
    assert when(said(10)) == NOON
    overdue = when(said(20, waiting=NOON))
    assert overdue is not None
    assert overdue > NOON  # it goes along with what waits, and is not said beside it


def test_when_the_hour_is_full_the_digest_tells_it() -> None:
    full = said(55, 45, 35, 25, 15, 5)
    assert when(full, now=NOON) == NOON + 5 * MINUTE  # by then the first of them is an hour ago
    assert when(said(45, 40, 35, 25, 15, 12)) is None


def test_without_a_digest_it_waits_until_there_is_room() -> None:
    assert when(said(45, 40, 35, 25, 15, 12), weekly=False) == NOON + 15 * MINUTE


def test_what_is_important_does_not_wait_for_others_and_never_for_the_digest() -> None:
    assert when(said(3), "high") == NOON
    assert when(said(3, waiting=NOON + MINUTE), "high") == NOON
    assert when(said(45, 40, 35, 25, 15, 12), "high") == NOON + 15 * MINUTE
    # the last place of the hour belongs to what waits already
    assert when(said(45, 40, 35, 25, 15, waiting=NOON + MINUTE), "high") == NOON + MINUTE


def test_what_is_unimportant_is_said_in_silence_only() -> None:
    assert when(said(59), "low") is None
    assert when(said(61), "low") == NOON
    assert when(said(waiting=NOON + MINUTE), "low") is None


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-18T20:59:59Z", None),
        ("2026-03-18T21:00:00Z", "2026-03-19T07:00:00Z"),  # 22:00 until 08:00 of the next day
        ("2026-03-19T06:59:00Z", "2026-03-19T07:00:00Z"),
        ("2026-03-19T07:00:00Z", None),
        ("2026-03-28T22:00:00Z", "2026-03-29T06:00:00Z"),  # the clocks go forward in that night
        ("2026-10-24T22:00:00Z", "2026-10-25T07:00:00Z"),  # and back
    ],
)
def test_in_the_quiet_hours_everything_waits_for_the_morning(now: str, until: str | None) -> None:
    at = read_time(now)
    for importance in ("high", "normal"):
        found = when(importance=importance, now=at)  # type: ignore[arg-type] # both are importances
        assert found is not None
        assert write_time(found) == write_time(read_time(until or now))
    assert (when(importance="low", now=at) is None) == (until is not None)


def test_quiet_hours_within_one_day_and_none_at_all() -> None:
    siesta = Noise.model_validate({"quiet_hours": ["12:00", "13:30"]})
    assert when(noise=siesta) == NOON + 90 * MINUTE
    assert when(now=read_time("2026-03-18T23:00:00Z"), noise=Noise.model_validate({"quiet_hours": []})) is not None


def test_a_room_frees_when_its_oldest_message_is_an_hour_old_but_not_at_night() -> None:
    assert free(NOON, said(50, 40, 30, 20, 10, 5), NOISE, BERLIN) == NOON + 10 * MINUTE
    late = read_time("2026-03-18T20:55:00Z")
    full = Heard(tuple(late - n * MINUTE for n in range(6)))
    assert write_time(free(late, full, NOISE, BERLIN)) == "2026-03-19T07:00:00Z"


def test_no_order_of_awards_exceeds_the_hour() -> None:
    heard, now, messages = Heard(), NOON, []
    for _ in range(500):
        if heard.waiting is not None and heard.waiting <= now:
            messages.append(now)
            heard = Heard((*heard.said, now))
        at = when(heard, now=now)
        messages += [now] if at == now else []
        heard = heard.after(at, now)
        now += HOUR // 400
    assert all(sum(at - HOUR < m <= at for m in messages) <= 6 for at in messages)
    assert len(messages) > 6


def people(*names: str) -> list[Mention]:
    return [Mention(f"slack:T1/{name}", name, bold=False) for name in names]


def test_one_card_for_several_people() -> None:
    helper, guide = Badge("helper", "Helper", "ring_buoy"), Badge("guide", "Guide", tier="Gold")
    five = burst({helper: people("Mei", "Amira", "Kofi", "Lena", "Jonas")})
    assert render(five) == (":ring_buoy: Five people earned Helper: Amira, Jonas, Kofi, Lena, Mei\n[My achievements]")
    two = burst({helper: people("Mei"), guide: people("Amira", "Mei")}, more=3)
    assert render(two) == (
        "Two people earned badges:\nHelper: Mei\nGuide: Gold: Amira, Mei\n3 more are told later.\n[My achievements]"
    )


def test_nobody_is_pinged_by_a_card_about_many() -> None:
    card = burst({Badge("helper", "Helper"): people("Mei", "Amira")})
    assert not any(s.ping for section in card.sections for line in section.lines for s in line if hasattr(s, "ping"))
