"""What every test leaves behind as it found it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
"""How fast examples are made and tried says something of the machine, and nothing of the code."""


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """A command that was run inside a test logs to a stream that is closed with it."""
    yield
    structlog.reset_defaults()
