"""Where the material beside the checkout is, for tests that use it and say so where it is absent."""

from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared"
SHARED: Path | None = _BESIDE if (_BESIDE / "README.md").exists() else None

needs_shared = pytest.mark.skipif(SHARED is None, reason="needs ../shared beside the checkout, which is absent")


def shared(path: str) -> Path:
    """The file at `path` below ../shared. Only call it in tests marked with `needs_shared`."""
    assert SHARED is not None, "mark the test with needs_shared"
    return SHARED / path
