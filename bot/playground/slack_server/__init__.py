"""A local stand-in of Slack: Web API, Socket Mode, the people of a workspace, and faults on request.

It speaks to the real slack_sdk and slack-bolt over loopback, for the playground and for tests.
"""

from .access import ALL_SCOPES, Access
from .delivery import Attempt
from .errors import ApiError
from .faults import Faults
from .identity import Identity
from .server import SlackServer
from .web import ApiCall
from .world import Ephemeral, View

__all__ = [
    "ALL_SCOPES",
    "Access",
    "ApiCall",
    "ApiError",
    "Attempt",
    "Ephemeral",
    "Faults",
    "Identity",
    "SlackServer",
    "View",
]
