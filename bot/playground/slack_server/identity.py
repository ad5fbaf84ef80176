"""Who the workspace and the app are. Every id a payload carries about them comes from here."""

from dataclasses import dataclass

SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Identity:
    """Names and ids of the workspace and of the installed app."""

    team_id: str = "T0PLAY"
    team_name: str = "Playground"
    domain: str = "playground"
    app_id: str = "A0PLAUDIT"
    bot_user: str = "U0PLAUDIT"
    bot_id: str = "B0PLAUDIT"
    bot_name: str = "plaudit"
