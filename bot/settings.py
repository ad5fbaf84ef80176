"""Settings of this installation: addresses and secrets, from the environment and `.env`. What a community decides is in
its rule book (`bot/books.py`)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from adapters.connectors.address import is_safe
from adapters.mail.sender import MailSender, read_server
from bot.hook_settings import NAME as API_NAME
from bot.hook_settings import SHORTEST as SHORTEST_SECRET
from bot.hook_settings import Api, is_spelled_right, read_apis, takes_any_secret
from bot.hook_settings import hook_name as hook_name
from bot.proxies import read_proxies
from core.catalogue import nearest
from core.errors import ConfigurationError
from core.link_codes import read_address
from core.sign_ins import GITHUB, App, Door

if TYPE_CHECKING:  # the clients of both platforms take a second to import; most commands need neither
    from adapters.discord.settings import DiscordSettings
    from adapters.slack.settings import SlackSettings

ENV_FILE = Path(".env")
OURS = "PLAUDIT_"
_HOOK = re.compile(r"PLAUDIT_HOOK_([A-Z0-9_]+)_SECRET")
_OUT = re.compile(r"(PLAUDIT_OUT_[A-Z0-9_]+_SECRET)")
_NO_PLATFORM = (
    "no platform is connected: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or DISCORD_TOKEN, in .env "
    "(.env.example says where they come from); to try Plaudit without any, run plaudit demo, or make demo"
)


def _database(url: str) -> str:
    """SQLite in a file is what this version stores in. The address may hold a password: it is not repeated."""
    address = url if not url.startswith("sqlite:///") else "sqlite+aiosqlite:///" + url.removeprefix("sqlite:///")
    if not address.startswith("sqlite+aiosqlite:///"):
        raise ValueError("this version stores in SQLite only; write sqlite+aiosqlite:///plaudit.db")
    file = address.removeprefix("sqlite+aiosqlite:///").partition("?")[0]
    if file in ("", ":memory:") or file.startswith("file:"):
        raise ValueError("names no file; write sqlite+aiosqlite:///plaudit.db")
    return address


def _web_address(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
        raise ValueError("is no address; write https://host/path/")
    return url


def _slack_address(url: str) -> str:
    address = _web_address(url).rstrip("/") + "/"
    if not address.endswith("/api/"):
        raise ValueError("must end in /api/")
    return address


def _discord_address(url: str) -> str:
    address = _web_address(url).rstrip("/")
    if not address.endswith("/api/v10"):
        raise ValueError("must end in /api/v10")
    return address


def _gateway_address(url: str) -> str:
    if not re.fullmatch(r"wss?://[^\s/]+(/\S*)?", url):
        raise ValueError("is no address; write wss://host")
    return url


def _bot_token(token: SecretStr) -> SecretStr:
    if token.get_secret_value().startswith("xapp-"):
        raise ValueError("is the app token; it belongs into SLACK_APP_TOKEN, and the one that starts with xoxb- here")
    return token


def _app_token(token: SecretStr) -> SecretStr:
    if token.get_secret_value().startswith("xox"):
        raise ValueError("is a bot's or person's token; write the app token, which starts with xapp-")
    return token


def _mail_server(url: SecretStr) -> SecretStr:
    """The address may hold a password: it is not repeated."""
    try:
        read_server(url.get_secret_value())
    except ConfigurationError as error:
        raise ValueError(str(error)) from None
    return url


def _mail_address(text: str) -> str:
    if read_address(text) is None:
        raise ValueError("is no e-mail address; write plaudit@example.org")
    return text


def _font(file: Path) -> Path:
    if not file.is_file():
        raise ValueError("names no file; write the path of a font file, or leave it out to have one looked for")
    return file


def _github_address(url: str) -> str:
    if not is_safe(url):
        raise ValueError("is no safe address for a secret; write https://host")
    return url.rstrip("/")


class Settings(BaseModel):
    """One field for each variable, its alias. Read it with `read`."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    database_url: Annotated[str, AfterValidator(_database)] = Field(
        "sqlite+aiosqlite:///plaudit.db", alias="PLAUDIT_DATABASE_URL"
    )
    rules: Path = Field(Path("rules.toml"), alias="PLAUDIT_RULES")
    http_host: str = Field("127.0.0.1", alias="PLAUDIT_HTTP_HOST")
    proxies: Annotated[tuple[str, ...], BeforeValidator(read_proxies)] = Field((), alias="PLAUDIT_TRUSTED_PROXIES")
    http_port: int = Field(8080, alias="PLAUDIT_HTTP_PORT", ge=0, le=65_535)
    public_url: Annotated[str, AfterValidator(_web_address)] | None = Field(None, alias="PLAUDIT_PUBLIC_URL")
    smtp_url: Annotated[SecretStr, AfterValidator(_mail_server)] | None = Field(None, alias="PLAUDIT_SMTP_URL")
    mail_from: Annotated[str, AfterValidator(_mail_address)] | None = Field(None, alias="PLAUDIT_MAIL_FROM")
    font: Annotated[Path, AfterValidator(_font)] | None = Field(None, alias="PLAUDIT_FONT")
    github_client_id: str | None = Field(None, alias="PLAUDIT_GITHUB_CLIENT_ID")
    github_client_secret: SecretStr | None = Field(None, alias="PLAUDIT_GITHUB_CLIENT_SECRET")
    github_url: Annotated[str, AfterValidator(_github_address)] = Field(GITHUB, alias="PLAUDIT_GITHUB_URL")
    slack_bot_token: Annotated[SecretStr, AfterValidator(_bot_token)] | None = Field(None, alias="SLACK_BOT_TOKEN")
    slack_app_token: Annotated[SecretStr, AfterValidator(_app_token)] | None = Field(None, alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr | None = Field(None, alias="SLACK_SIGNING_SECRET")
    discord_token: SecretStr | None = Field(None, alias="DISCORD_TOKEN")
    slack_api_url: Annotated[str, AfterValidator(_slack_address)] | None = Field(None, alias="SLACK_API_URL")
    discord_api_url: Annotated[str, AfterValidator(_discord_address)] | None = Field(None, alias="DISCORD_API_URL")
    discord_gateway_url: Annotated[str, AfterValidator(_gateway_address)] | None = Field(
        None, alias="DISCORD_GATEWAY_URL"
    )
    hooks: Mapping[str, tuple[SecretStr, ...]] = Field(default_factory=dict)
    apis: Mapping[str, Api] = Field(default_factory=dict)
    outs: Mapping[str, tuple[SecretStr, ...]] = Field(default_factory=dict)

    def hook_secrets(self, source: str) -> tuple[str, ...]:
        """The secrets with which requests for this source may be signed, several while they are changed."""
        held = self.hooks.get(hook_name(source), ()) if is_spelled_right(source) else ()
        return tuple(s.get_secret_value() for s in held)

    def out_secrets(self, variable: str) -> tuple[str, ...]:
        """The secrets with which requests of a webhook are signed, by the variable that its `secret_env` names."""
        return tuple(s.get_secret_value() for s in self.outs.get(variable, ()))

    def mailer(self) -> MailSender | None:
        """Who sends mails, None where none are sent. Raises ConfigurationError where one of the two is missing."""
        if self.smtp_url is None and self.mail_from is None:
            return None
        if self.smtp_url is None or self.mail_from is None:
            missing = "PLAUDIT_SMTP_URL" if self.smtp_url is None else "PLAUDIT_MAIL_FROM"
            raise ConfigurationError(f"{missing}: is missing; mails need the server and the address they come from")
        return MailSender(read_server(self.smtp_url.get_secret_value()), self.mail_from)

    def door(self) -> Door | None:
        """Where people sign in at GitHub, None where they cannot. Raises ConfigurationError for a part of it."""
        id_, secret, public = self.github_client_id, self.github_client_secret, self.public_url
        if id_ is None and secret is None:
            return None
        if id_ is None or secret is None or public is None:
            known = {"PLAUDIT_GITHUB_CLIENT_ID": id_, "PLAUDIT_GITHUB_CLIENT_SECRET": secret}
            missing = next((name for name, value in known.items() if value is None), "PLAUDIT_PUBLIC_URL")
            raise ConfigurationError(f"{missing}: is missing; signing in at GitHub needs it")
        return Door(App(id_, secret, self.github_url), public.rstrip("/"))

    def slack(self) -> SlackSettings | None:
        """Tokens for Slack, None without any. Raises ConfigurationError where one of the two is missing."""
        if self.slack_bot_token is None and self.slack_app_token is None:
            return None
        if self.slack_bot_token is None or self.slack_app_token is None:
            missing, start = (
                ("SLACK_BOT_TOKEN", "xoxb-") if self.slack_bot_token is None else ("SLACK_APP_TOKEN", "xapp-")
            )
            raise ConfigurationError(f"{missing}: is missing; Slack needs both tokens, this one starts with {start}")
        from adapters.slack.settings import SlackSettings

        bot, app = self.slack_bot_token.get_secret_value(), self.slack_app_token.get_secret_value()
        return SlackSettings(bot, app, self.slack_api_url)

    def discord(self) -> DiscordSettings | None:
        """The token for Discord, None without one."""
        if self.discord_token is None:
            return None
        from adapters.discord.settings import DiscordSettings

        return DiscordSettings(self.discord_token.get_secret_value(), self.discord_api_url, self.discord_gateway_url)

    def require_platform(self) -> None:
        """Raises ConfigurationError when there is no token at all, or half of what Slack needs."""
        if self.slack() is None and self.discord() is None:
            raise ConfigurationError(_NO_PLATFORM)

    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for the log to mask."""
        slack = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        named = (*slack, self.discord_token, self.github_client_secret)
        hooks = (secret for secrets in (*self.hooks.values(), *self.outs.values()) for secret in secrets)
        tokens = (api.token for api in self.apis.values())
        found = tuple(s.get_secret_value() for s in (*named, *hooks, *tokens, self.smtp_url) if s is not None)
        password = read_server(self.smtp_url.get_secret_value()).password if self.smtp_url else ""
        return (*found, password) if password else found


def read(environment: Mapping[str, str], env_file: Path | None = ENV_FILE) -> Settings:
    """Settings from these variables, and from the file for those that are missing. An empty value is none.

    Raises ConfigurationError with one line for each fault; no line repeats a value.
    """
    file = _written(env_file) if env_file is not None and env_file.is_file() else {}
    values = {name: value.strip() for name, value in {**file, **environment}.items() if value and value.strip()}
    hooks, faults = _read_hooks(values, _HOOK)
    outs, more = _read_hooks(values, _OUT)
    apis, wrong = read_apis(values)
    faults += more + wrong
    faults += [fault for name in values if (fault := _unknown(name)) is not None]
    try:
        settings = Settings.model_validate({**values, "hooks": hooks, "outs": outs, "apis": apis})
    except ValidationError as error:
        faults += [f"{problem['loc'][0]}: {_explain(dict(problem))}" for problem in error.errors()]
    if faults:
        raise ConfigurationError(*faults)
    return settings


def _written(file: Path) -> Mapping[str, str | None]:
    """What the file sets. Raises ConfigurationError if it cannot be read."""
    try:
        return dotenv_values(file, interpolate=False, encoding="utf-8-sig")  # some editors put a mark at the beginning
    except UnicodeDecodeError:
        raise ConfigurationError(f"{file}: is not UTF-8; save it with that encoding") from None
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read ({error.strerror}); let Plaudit read it") from None


def _variables() -> list[str]:
    return [str(field.alias) for field in Settings.model_fields.values() if field.alias]


def _unknown(name: str) -> str | None:
    known = (_HOOK, _OUT, API_NAME)
    if not name.startswith(OURS) or name in _variables() or any(pattern.fullmatch(name) for pattern in known):
        return None
    if name.startswith("PLAUDIT_OUT_"):
        return f"{name}: unknown variable; write PLAUDIT_OUT_<NAME>_SECRET, as secret_env in [[webhook]] says"
    if name.startswith("PLAUDIT_HOOK_"):
        return (
            f"{name}: unknown variable; write PLAUDIT_HOOK_<SOURCE>_SECRET, for desk:acme PLAUDIT_HOOK_DESK_ACME_SECRET"
        )
    near = nearest(name, [variable for variable in _variables() if variable.startswith(OURS)])
    return f"{name}: unknown variable" + (f"; did you mean {near}?" if near else "; .env.example lists them all")


def _read_hooks(
    values: Mapping[str, str], names: re.Pattern[str]
) -> tuple[dict[str, tuple[SecretStr, ...]], list[str]]:
    hooks: dict[str, tuple[SecretStr, ...]] = {}
    faults = []
    for name, value in values.items():
        if found := names.fullmatch(name):
            hooks[found[1]] = tuple(SecretStr(secret) for secret in value.split())
            if names is _HOOK and takes_any_secret(found[1]):
                if any(len(secret) < SHORTEST_SECRET for secret in value.split()):
                    faults.append(f"{name}: is too short for a secret; write {SHORTEST_SECRET} characters or more")
            elif not all(map(_is_hook_secret, value.split())):
                faults.append(f"{name}: is no secret; write whsec_ and base64, several separated by spaces")
    return hooks, faults


def _is_hook_secret(secret: str) -> bool:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_") + "==", validate=False)
    except binascii.Error:
        return False
    return secret.startswith("whsec_") and len(key) >= 16


def _explain(problem: Mapping[str, Any]) -> str:
    """In our words; pydantic's own speak to programmers."""
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    if problem["loc"][0] == "PLAUDIT_HTTP_PORT":
        return "is no port; write a number from 1 to 65535, or 0 for any free port"
    return str(problem["msg"])
