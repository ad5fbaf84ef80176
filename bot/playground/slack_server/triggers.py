"""`trigger_id`: leave to open a modal, for three seconds, once."""

from .clock import Ticker
from .errors import ApiError

LIFETIME = 3.0


class Triggers:
    def __init__(self, ticker: Ticker) -> None:
        self._ticker = ticker
        self._open: dict[str, tuple[str, float]] = {}

    def make(self, user: str) -> str:
        """A new trigger for what `user` just did."""
        trigger = self._ticker.id("T") + ".playground"
        self._open[trigger] = (user, self._ticker.seconds())
        return trigger

    def use(self, trigger: str) -> str:
        """The person behind it. Raises when it is unknown, was used before, or is too old."""
        if trigger not in self._open:
            raise ApiError("invalid_trigger_id")
        user, born = self._open[trigger]
        if not user:
            raise ApiError("exchanged_trigger_id")
        if self._ticker.seconds() - born > LIFETIME:
            raise ApiError("expired_trigger_id")
        self._open[trigger] = ("", born)
        return user
