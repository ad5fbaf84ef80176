"""Slack's timestamps and the core's microseconds."""

from datetime import UTC, datetime

SECOND = 1_000_000


def micros(ts: str) -> int:
    """`1700000000.000200` as UTC microseconds; exact, never through a float."""
    seconds, _, rest = ts.partition(".")
    return int(seconds) * SECOND + int(rest.ljust(6, "0") or 0)


def slack_ts(at: int) -> str:
    """UTC microseconds as Slack writes them."""
    return f"{at // SECOND}.{at % SECOND:06d}"


def rfc3339(ts: str) -> str:
    """The moment of a Slack timestamp, in UTC."""
    at = micros(ts)
    moment = datetime.fromtimestamp(at // SECOND, UTC)
    return moment.replace(microsecond=at % SECOND).isoformat().replace("+00:00", "Z")
