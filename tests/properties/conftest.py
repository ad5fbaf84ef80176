"""How many histories are tried: a hundred in every test run, two thousand long ones with PROPERTIES=all.

Both are derived from the tests alone, so that whoever runs them tries the same ones.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, settings

from adapters.storage.upgrade import upgrade


@dataclass(frozen=True)
class Effort:
    """So many histories in all are lived, each of so many steps and statements at most; `replays` more for each kind
    are only replayed. Looking for a short history that fails takes minutes."""

    histories: int
    steps: int
    statements: int
    shrinks: bool
    replays: int

    def lived(self, parts: int) -> settings:
        """For one of so many parts of all the histories."""
        return settings(
            max_examples=-(-self.histories // parts),
            stateful_step_count=self.steps,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if self.shrinks else [Phase.generate],
        )


@pytest.fixture(scope="session")
def effort() -> Effort:
    return (
        Effort(2_000, 60, 200, True, 200) if os.environ.get("PROPERTIES") == "all" else Effort(100, 20, 60, False, 12)
    )


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database without rows, to be copied."""
    file = tmp_path_factory.mktemp("empty") / "plaudit.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    return file.read_bytes()
