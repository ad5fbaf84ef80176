"""`plaudit discord invite`: the link for this installation's application."""

from __future__ import annotations

import base64
import binascii

from adapters.discord.invite import invite_url
from bot.settings import Settings
from core.errors import ConfigurationError


def invite(application: str | None, settings: Settings) -> str:
    """The link for the application with this id, else for the one of the token. Raises ConfigurationError."""
    return invite_url(_checked(application) if application else _application_of(settings))


def _checked(application: str) -> str:
    if not (application.isascii() and application.isdigit() and 15 <= len(application) <= 20):
        raise ConfigurationError(
            "the application id has 17 to 19 digits; copy it from General Information in the developer portal"
        )
    return application


def _application_of(settings: Settings) -> str:
    """A bot's token starts with the id of its application, in base64."""
    discord = settings.discord()
    if discord is None:
        raise ConfigurationError("set DISCORD_TOKEN, or write the id: plaudit discord invite APPLICATION_ID")
    start = discord.token.partition(".")[0]
    try:
        return _checked(base64.urlsafe_b64decode(start + "==").decode())
    except (ConfigurationError, binascii.Error, UnicodeDecodeError):
        raise ConfigurationError(
            "DISCORD_TOKEN: names no application; write the id: plaudit discord invite APPLICATION_ID"
        ) from None
