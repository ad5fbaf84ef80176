"""The edge to Slack: what happens there becomes statements, what the core says becomes messages."""

from adapters.slack.app import SlackEdge
from adapters.slack.connection import Patience
from adapters.slack.manifest import manifest
from adapters.slack.settings import SlackSettings

__all__ = ["Patience", "SlackEdge", "SlackSettings", "manifest"]
