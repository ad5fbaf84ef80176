"""The Home tab: everybody's own badge case."""

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from structlog.typing import FilteringBoundLogger

from adapters.slack import blocks
from adapters.slack.roster import Roster
from adapters.slack.web import TROUBLE, code
from core.errors import PlauditError
from core.ports import Desk


async def publish(desk: Desk, client: AsyncWebClient, roster: Roster, user: str, log: FilteringBoundLogger) -> None:
    """Show a person their Home tab as it is now."""
    try:
        account = f"{roster.source}/{user}"
        card = await desk.home(account)
        view = blocks.home(card, roster.source, desk.speaking_to(account))
        await client.views_publish(user_id=user, view=view)
    except (*TROUBLE, PlauditError) as error:
        why = code(error) if isinstance(error, SlackApiError) else type(error).__name__
        log.warning("slack.home_not_shown", error=why)
