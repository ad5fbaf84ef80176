from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.village import Village


@pytest.fixture
async def village(tmp_path: Path) -> AsyncIterator[Village]:
    here = Village(tmp_path)
    yield here
    await here.close()
