"""A Slack export dropped on the page: who would have been recognised in its last year, and whom nobody noticed."""

from bot.playground.exports.desk import Busy, Nothing, Refused, TrialDesk
from bot.playground.exports.trial import Wish

__all__ = ["Busy", "Nothing", "Refused", "TrialDesk", "Wish"]
