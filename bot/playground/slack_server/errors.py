"""How the stand-in refuses a call: Slack's error codes with their extras."""

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal as Slack words it: `code` goes into `error`, `extra` beside it."""

    def __init__(self, code: str, *, status: int = 200, headers: dict[str, str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = headers or {}
        self.extra: Json = extra


def refuse_blocks(code: str, problems: list[str]) -> ApiError:
    """The answer to blocks that break a rule; every problem names its place as a JSON pointer."""
    return ApiError(code, errors=list(problems), response_metadata={"messages": [f"[ERROR] {p}" for p in problems]})
