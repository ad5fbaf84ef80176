"""Discord's per-route rate limits, for those who want them enforced."""

import time
from collections.abc import Mapping

from bot.playground.discord_server.call import Route
from bot.playground.discord_server.wire import ApiError

_WINDOW = 0.3  # seconds; short, so that tests and the playground feel the limit without waiting for it
_MAJOR = ("channel_id", "guild_id", "webhook_id")


class Buckets:
    """`limit` requests per route, major parameter and window; None: no limits at all."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self._left: dict[str, tuple[int, float]] = {}

    def spend(self, route: Route, params: Mapping[str, str]) -> dict[str, str]:
        """Takes one request out of its bucket and returns the headers; 429 when it is empty."""
        if self.limit is None:
            return {}
        name = f"{route.method}{route.path}"
        key = name + next((params[major] for major in _MAJOR if major in params), "")
        now = time.time()
        left, reset = self._left.get(key, (self.limit, now + _WINDOW))
        if now >= reset:
            left, reset = self.limit, now + _WINDOW
        headers = self._headers(name, left, reset, now)
        if left <= 0:
            raise _too_fast(headers, reset - now)
        self._left[key] = (left - 1, reset)
        return headers

    def _headers(self, name: str, left: int, reset: float, now: float) -> dict[str, str]:
        return {
            "Via": "1.1 google",
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(left - 1, 0)),
            "X-RateLimit-Reset": f"{reset:.3f}",
            "X-RateLimit-Reset-After": f"{max(reset - now, 0):.3f}",
            "X-RateLimit-Bucket": name.encode().hex()[:32],
        }


def _too_fast(headers: dict[str, str], retry_after: float) -> ApiError:
    extra = {"retry_after": retry_after, "global": False}
    headers = {**headers, "X-RateLimit-Scope": "user", "Retry-After": str(max(1, round(retry_after)))}
    return ApiError(429, 0, "You are being rate limited.", headers=headers, extra=extra)
