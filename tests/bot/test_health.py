"""How the rules are doing: what is looked at, what is warned of, what the metrics say."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path

import pytest

from adapters.storage.store import Store, open_store
from adapters.web.metrics import Measure, exposition
from bot import logs
from bot.health import FEWEST_EVENTS, Health
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import DAY, NOON, THREE, book, post
from tests.databases import fresh

BUSY = THREE.replace("goal = 3", "goal = 3\nrepeat = true")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[Store]:
    url = fresh(tmp_path)
    store = await open_store(url, [book(BUSY)], clock)
    yield store
    await store.close()


@pytest.fixture
def logged() -> StringIO:
    stream = StringIO()
    logs.configure(stream=stream, human=False)
    return stream


def warnings(logged: StringIO) -> list[str]:
    lines = (json.loads(line) for line in logged.getvalue().splitlines())
    return [line["event"] for line in lines if line["level"] == "warning"]


async def test_a_rule_without_its_events_is_quiet(store: Store, clock: Clock) -> None:
    await store.take([post(n, at=NOON - 40 * DAY + n * DAY) for n in range(25)])
    health = Health(store)
    (found,) = await health.quiet("default", clock.now)
    assert (found.achievement, found.what, found.days) == ("three", "stopped", 16)
    assert await health.quiet("default", clock.now - 5 * DAY) == []


async def test_a_rule_whose_events_go_on_is_well(store: Store, clock: Clock) -> None:
    await store.take([post(n, at=NOON - n * DAY, user=f"U{n}") for n in range(100)])
    assert await Health(store).quiet("default", clock.now) == []


async def test_it_looks_once_a_day(store: Store, clock: Clock) -> None:
    await store.take([post(n, at=NOON - 40 * DAY + n * DAY) for n in range(25)])
    health = Health(store)
    assert "plaudit_quiet_rules" not in exposition(health.measures())
    await health.look()
    assert 'plaudit_quiet_rules{community="default"} 1' in exposition(health.measures())
    await store.take([post(99, at=clock.now)])
    clock.now += DAY - 1
    await health.look()
    assert 'plaudit_quiet_rules{community="default"} 1' in exposition(health.measures())
    clock.now += 1
    await health.look()
    assert 'plaudit_quiet_rules{community="default"} 0' in exposition(health.measures())


async def test_asking_the_log_too_often_is_warned_of(store: Store, clock: Clock, logged: StringIO) -> None:
    health, served = Health(store), store.communities.served["default"]
    await health.look()
    for recounts, expected in ((FEWEST_EVENTS // 100, 0), (FEWEST_EVENTS // 100 + 1, 1)):
        served.events += FEWEST_EVENTS
        served.recounts += recounts
        clock.now += DAY
        await health.look()
        assert len(warnings(logged)) == expected
    served.recounts += 5
    served.events += 5
    clock.now += DAY
    await health.look()
    assert len(warnings(logged)) == 1


async def test_the_metrics_count_facts_and_recounts(store: Store) -> None:
    await store.take([post(n) for n in range(5)])
    await store.take([post(0, at=NOON - 2 * DAY)])  # an earlier time for a fact: one change
    text = exposition(Health(store).measures())
    assert '# TYPE plaudit_events_total counter\nplaudit_events_total{community="default"} 6\n' in text
    assert 'plaudit_recounts_total{community="default"} ' in text


def test_the_text_of_metrics_is_escaped_and_headed_once() -> None:
    two = [Measure("n", "gauge", "A number.", v, {"of": 'a "b"\\'}) for v in (1, 2)]
    head = "# HELP n A number.\n# TYPE n gauge\n"
    assert exposition([*two, Measure("m", "counter", "Other.", 3)]) == (
        head + 'n{of="a \\"b\\"\\\\"} 1\nn{of="a \\"b\\"\\\\"} 2\n# HELP m Other.\n# TYPE m counter\nm 3\n'
    )
