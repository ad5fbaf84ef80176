"""The tokens of one workspace, and where its Slack is."""

from dataclasses import dataclass, field

PUBLIC_API = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """`bot_token` (`xoxb-…`) and `app_token` (`xapp-…`) are secrets: they never appear in a repr. `api_url`, where
    given, ends in `/api/`; without it the public Slack is meant."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    api_url: str | None = None

    @property
    def base_url(self) -> str:
        return self.api_url or PUBLIC_API
