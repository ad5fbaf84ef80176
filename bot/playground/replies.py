"""JSON out."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Response


def as_json(body: dict[str, Any], status: int = 200) -> Response:
    """What the page reads."""
    return Response(orjson.dumps(body), status, media_type="application/json")
