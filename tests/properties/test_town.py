"""Whatever is said, in whatever order: for every kind of rule the tables, a replay and the oracle agree."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.conftest import Effort
from tests.properties.kinds import KINDS, Kind, invented
from tests.properties.town import Town

ALL = os.environ.get("PROPERTIES") == "all"
INVENTED = range(60 if ALL else 10)

pytestmark = pytest.mark.timeout(14_400 if ALL else 120)


@pytest.mark.parametrize("name", KINDS)
def test_a_lived_history_holds_what_its_log_supports(name: str, empty: bytes, effort: Effort) -> None:
    live(KINDS[name], empty, effort, effort.lived(len(KINDS)))


@pytest.mark.parametrize("seed", INVENTED)
def test_a_history_under_invented_rules_holds_what_its_log_supports(seed: int, empty: bytes, effort: Effort) -> None:
    live(invented(seed), empty, effort, effort.lived(10 * len(INVENTED)))


def live(kind: Kind, empty: bytes, effort: Effort, times: settings) -> None:
    run_state_machine_as_test(lambda: Town(kind, empty, effort.statements), settings=times)
