"""What keeps the bot from working in a workspace, found at the start: one line each, with the remedy."""

from __future__ import annotations

import asyncio

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.doors import is_channel
from adapters.slack.doors import missing as missing_channel
from adapters.slack.manifest import SCOPES
from adapters.slack.roster import Roster
from adapters.slack.settings import SlackSettings
from adapters.slack.web import TROUBLE, bare, code, refusal, status
from core.errors import ConfigurationError, RetryLater
from core.places import Places

SECONDS = 10.0
OPTIONAL = {
    "channels:join": "it cannot join public channels by itself",
    "files:write": "it cannot hand people the file with their data",
    "groups:history": "it does not see private channels",
    "groups:read": "it does not see private channels",
    "groups:write": "it cannot open private channels with a badge",
    "im:history": "it cannot see whether a direct message arrived",
    "im:write": "it cannot send direct messages to those who ask for them",
    "reactions:write": "it cannot answer with a reaction",
    "usergroups:read": "it cannot know moderators or give user groups",
    "usergroups:write": "it cannot give user groups",
}
_INSTALL = "install the app again (`plaudit slack manifest` prints a manifest that has all of them)"


async def tokens(client: AsyncWebClient, settings: SlackSettings) -> AsyncSlackResponse:
    """Who the bot is. Raises ConfigurationError with a line for each token that Slack refuses, RetryLater where
    Slack cannot be reached."""
    faults: list[str] = []
    answer = await _bot_token(client, faults)
    await _app_token(settings, faults)
    if faults or answer is None:
        raise ConfigurationError(*faults)
    return answer


async def _bot_token(client: AsyncWebClient, faults: list[str]) -> AsyncSlackResponse | None:
    try:
        async with asyncio.timeout(SECONDS):
            return await client.auth_test()
    except TROUBLE as error:
        faults.append(
            f"Slack refuses SLACK_BOT_TOKEN ({_code_or_raise(error)}). Copy the Bot User OAuth Token (xoxb-…) from "
            "OAuth & Permissions of your Slack app into .env."
        )
    return None


async def _app_token(settings: SlackSettings, faults: list[str]) -> None:
    """The SDK would try for ever with a wrong one."""
    try:
        async with asyncio.timeout(SECONDS):
            await bare(settings).apps_connections_open(app_token=settings.app_token)
    except TROUBLE as error:
        why = _code_or_raise(error)
        if why == "missing_scope":
            faults.append(
                "SLACK_APP_TOKEN lacks the scope connections:write. Create an app-level token with it under "
                "Basic Information of your Slack app, and put it into .env."
            )
            return
        faults.append(
            f"Slack refuses SLACK_APP_TOKEN ({why}). Copy the app-level token (xapp-…) with the scope "
            "connections:write from Basic Information of your Slack app into .env, and switch Socket Mode on."
        )


def _code_or_raise(error: Exception) -> str:
    """The error code of a refusal. Trouble that will pass is no fault of the settings: raises RetryLater."""
    if isinstance(error, SlackApiError) and code(error) and status(error) < 400:
        reason = refusal(error)
        if not isinstance(reason, RetryLater):
            return code(error)
    raise RetryLater(10.0, "Slack cannot be reached or has trouble; trying again.") from error


def scopes(answer: AsyncSlackResponse) -> list[str]:
    """Warnings about scopes that the bot can do without. Raises ConfigurationError about the others."""
    headers = {k.lower(): v for k, v in answer.headers.items()}
    if "x-oauth-scopes" not in headers:
        return []
    granted = {s.strip() for s in headers["x-oauth-scopes"].split(",")}
    missing = [s for s in SCOPES if s not in granted]
    fatal = [s for s in missing if s not in OPTIONAL]
    if fatal:
        raise ConfigurationError(
            f"The Slack app lacks {_scopes(fatal)}. Add them under OAuth & Permissions, then {_INSTALL}."
        )
    return [
        f"The Slack app lacks the scope {s}: {OPTIONAL[s]}. Add it under OAuth & Permissions, then {_INSTALL}."
        for s in missing
    ]


def _scopes(names: list[str]) -> str:
    return f"the scope{'s' * (len(names) > 1)} {', '.join(names)}"


def channels(roster: Roster, places: Places) -> list[str]:
    """Warnings about channels that are not set, not there, or archived."""
    warnings = []
    for use in ("announcements", "digest", "moderators"):
        ref = places.channels.get(use)
        if ref is None:
            warnings.append(
                f"No Slack channel is set for {use}: nothing is posted there. Set one under [channels] in rules.toml: "
                f'{use} = {{ slack = "#channel" }}.'
            )
        else:
            warnings += _channel(roster, ref, f"[channels] {use}")
    for ref in (*places.ignore_channels, *places.only_channels):
        warnings += _channel(roster, ref, "[community]")
    if not any(p.is_member for p in roster.places.values()):
        warnings.append("The bot is in no Slack channel yet and hears nothing. Invite it: /invite @Plaudit.")
    return warnings


def _channel(roster: Roster, ref: str, where: str) -> list[str]:
    place = roster.find_place(ref)
    if place is None:
        return [
            f'rules.toml {where}: there is no channel "{ref}" that the bot can see in Slack. Create it, or invite the '
            "bot there: /invite @Plaudit."
        ]
    if place.is_archived:
        return [f'rules.toml {where}: the Slack channel "{ref}" is archived. Choose another one.']
    return []


async def groups(client: AsyncWebClient, roster: Roster, places: Places) -> list[str]:
    """Warnings about user groups and the channels that badges open: whether they can be read and changed, and whether
    those of the book are there."""
    opened = [name for name in map(places.role, places.given_roles) if is_channel(name)]
    shut = [name for name in opened if not ((place := roster.find_place(name)) and place.is_member)]
    return [*(missing_channel(name) for name in shut), *await _groups(client, roster, places)]


async def _groups(client: AsyncWebClient, roster: Roster, places: Places) -> list[str]:
    given = [name for name in map(places.role, places.given_roles) if not is_channel(name)]
    named = [r for r in (*places.rights.values(), *places.givers, *places.teams, places.staff) if r]
    if not given and not named:
        return []
    try:
        await roster.load_groups()
    except TROUBLE as error:
        return [f"User groups cannot be read in Slack. {refusal(error)}"]
    missing = [ref for ref in dict.fromkeys((*named, *given)) if roster.find_group(ref) is None]
    warnings = [
        f'There is no user group "{ref}" in Slack. Create it under People → User groups, or name another one in '
        "rules.toml."
        for ref in missing
    ]
    return warnings + await _may_change(client, roster, given)


async def _may_change(client: AsyncWebClient, roster: Roster, given: list[str]) -> list[str]:
    """Whether the bot may manage groups cannot be asked: write one back as it is."""
    found = [g for ref in given if (g := roster.find_group(ref)) and g.users and not g.disabled]
    if not found:
        return []
    try:
        await client.usergroups_users_update(usergroup=found[0].id, users=list(found[0].users))
    except TROUBLE as error:
        return [f"The bot cannot give user groups in Slack. {refusal(error)}"]
    return []
