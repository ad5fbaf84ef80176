"""Slack's Web API: clients, pages, and what its refusals mean."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.settings import SlackSettings
from core.errors import Ambiguous, DeliveryError, RetryLater, Undeliverable

Json = dict[str, Any]
Method = Callable[..., Awaitable[AsyncSlackResponse]]

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_UNSURE = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"})
_PATIENCE_WITHOUT_ADVICE = 30.0  # seconds to wait after a 429 that does not say how long


def sdk_logger() -> logging.Logger:
    """The libraries' own log. Their debug lines hold message texts and people's names, so it stays above them."""
    logger = logging.getLogger("plaudit.slack.sdk")
    logger.setLevel(logging.WARNING)
    logger.addFilter(_is_news)  # once, however often it is added
    return logger


def _is_news(record: logging.LogRecord) -> bool:
    """Bolt finds SLACK_BOT_TOKEN in the environment by itself and warns that it does not need it: nor do we."""
    return "`token` will be unused" not in str(record.msg)


def is_local(settings: SlackSettings) -> bool:
    """Slack is a stand-in on this machine: a proxy from the environment must not come in between."""
    return urlsplit(settings.base_url).hostname in _LOOPBACK


def reader(settings: SlackSettings) -> AsyncWebClient:
    """For calls that may be repeated: a dropped connection is tried once more."""
    return _client(settings, AsyncWebClient(settings.bot_token, settings.base_url, logger=sdk_logger()))


def poster(settings: SlackSettings) -> AsyncWebClient:
    """For posts: the SDK would repeat one after a dropped connection, and people would read it twice."""
    client = AsyncWebClient(settings.bot_token, settings.base_url, timeout=15, logger=sdk_logger(), retry_handlers=[])
    return _client(settings, client)


def bare(settings: SlackSettings) -> AsyncWebClient:
    """Without a token of its own: for Bolt and for Socket Mode, which brings the app token along."""
    return _client(settings, AsyncWebClient(None, settings.base_url, logger=sdk_logger()))


def _client(settings: SlackSettings, client: AsyncWebClient) -> AsyncWebClient:
    if is_local(settings):
        client.proxy = None
    return client


async def pages(method: Method, key: str, most: int = 200, **arguments: Any) -> AsyncIterator[Json]:
    """All items under `key`, page after page, at most `most` pages. Raises SlackApiError."""
    cursor = ""
    for _ in range(most):
        answer = await method(**arguments, **({"cursor": cursor} if cursor else {}))
        for item in answer.get(key) or []:
            yield item
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


def code(error: SlackApiError) -> str:
    """The error code of Slack's answer, "" where it sent none (a proxy's page)."""
    try:
        return str(error.response.get("error") or "")
    except (AttributeError, ValueError):  # the answer was no JSON: the SDK hands over something else
        return ""


def status(error: SlackApiError) -> int:
    """The HTTP status of Slack's answer."""
    return int(getattr(error.response, "status_code", None) or getattr(error.response, "status", None) or 0)


def needed(error: SlackApiError) -> str:
    """The scope that a `missing_scope` names."""
    return str(error.response.get("needed") or "another scope")


def _wait(error: SlackApiError) -> float:
    headers: Mapping[str, str] = getattr(error.response, "headers", None) or {}
    told = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    try:
        return max(float(told), 0.0)
    except ValueError:
        return _PATIENCE_WITHOUT_ADVICE


_Text = Mapping[str, str]
_REFUSALS: _Text = {
    "account_inactive": "The bot was removed from this Slack workspace. Install it again.",
    "as_user_not_supported": "Slack refuses this kind of message.",
    "channel_not_found": "The bot cannot see this Slack channel. Invite it there: /invite @Plaudit.",
    "ekm_access_denied": "The administrators of this Slack workspace have suspended posting.",
    "invalid_auth": "Slack refuses SLACK_BOT_TOKEN. Copy it again from OAuth & Permissions of your Slack app.",
    "is_archived": "This Slack channel is archived. Choose another one in rules.toml, or unarchive it.",
    "message_not_found": "The message is gone.",
    "no_permission": "The workspace does not let the bot do this. Ask a workspace administrator.",
    "not_in_channel": "The bot is not in this Slack channel. Invite it there: /invite @Plaudit.",
    "paid_teams_only": "User groups need a paid Slack plan.",
    "permission_denied": "The workspace does not let the bot change user groups. An administrator allows it under "
    "Workspace settings → Permissions → User groups.",
    "plan_upgrade_required": "User groups need a paid Slack plan; the badge stands without the group.",
    "restricted_action": "Only some people may post in this Slack channel. Allow the bot there.",
    "thread_not_found": "The thread is gone.",
    "token_revoked": "Slack has revoked SLACK_BOT_TOKEN. Install the app again and copy the new token.",
}


def refusal(error: Exception, *, posting: bool = False) -> DeliveryError:
    """What a failed call means for a delivery. `posting`: it may have taken effect although it failed."""
    if isinstance(error, SlackApiError):
        return _answered(error, posting=posting)
    if isinstance(error, aiohttp.ClientConnectorError):
        return RetryLater(5.0, "Slack cannot be reached")
    return Ambiguous("the connection to Slack broke") if posting else RetryLater(5.0, "the connection broke")


def _answered(error: SlackApiError, *, posting: bool) -> DeliveryError:
    why = code(error)
    if status(error) == 429 or why in ("ratelimited", "rate_limited"):
        return RetryLater(_wait(error), "Slack asks to wait")
    if status(error) >= 500 or why in _UNSURE or not why:
        return Ambiguous("Slack answered with an error") if posting else RetryLater(10.0, "Slack has trouble")
    if why == "missing_scope":
        return Undeliverable(f"The Slack app lacks the scope {needed(error)}. Add it and install the app again.")
    return Undeliverable(_REFUSALS.get(why, f"Slack refuses it: {why}."))


TROUBLE = (SlackApiError, aiohttp.ClientError, TimeoutError)
"""What a call can raise."""
