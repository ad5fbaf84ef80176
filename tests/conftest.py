"""What every test leaves behind as it found it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """A command that was run inside a test logs to a stream that is closed with it."""
    yield
    structlog.reset_defaults()
