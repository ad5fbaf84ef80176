"""Settings come from a mapping and a file; what is wrong is said in one line that names the variable."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from bot import settings
from bot.settings import Settings, hook_name
from core.errors import ConfigurationError

KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()
EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"


def read(**values: str) -> Settings:
    return settings.read(values, None)


def faults(**values: str) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read(**values)
    return caught.value.faults


def test_without_any_variable_everything_has_its_default() -> None:
    found = read()
    assert found.database_url == "sqlite+aiosqlite:///plaudit.db"
    assert (found.rules, found.http_host, found.http_port) == (Path("rules.toml"), "127.0.0.1", 8080)
    assert found.slack() is None
    assert found.discord() is None


def test_a_file_of_another_encoding_is_told(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=secret", encoding="utf-16")
    with pytest.raises(ConfigurationError, match="is not UTF-8; save it with that encoding"):
        settings.read({}, file)


def test_a_mark_at_the_beginning_of_the_file_is_no_part_of_a_name(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=t", encoding="utf-8-sig")
    assert settings.read({}, file).discord() is not None


def test_without_a_token_the_way_to_the_demo_is_named() -> None:
    with pytest.raises(ConfigurationError, match="make demo"):
        read().require_platform()
    read(DISCORD_TOKEN="t").require_platform()
    read(SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1").require_platform()


def test_half_of_what_slack_needs_names_the_other_half() -> None:
    with pytest.raises(ConfigurationError, match="SLACK_APP_TOKEN: is missing"):
        read(SLACK_BOT_TOKEN="xoxb-1").require_platform()
    with pytest.raises(ConfigurationError, match="SLACK_BOT_TOKEN: is missing"):
        read(SLACK_APP_TOKEN="xapp-1", DISCORD_TOKEN="t").require_platform()


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text('# a comment\nPLAUDIT_HTTP_PORT=1\nDISCORD_TOKEN="from file"\nSLACK_BOT_TOKEN=\n')
    found = settings.read({"PLAUDIT_HTTP_PORT": "0", "HOME": "/x"}, file)
    assert found.http_port == 0
    assert found.slack() is None
    discord = found.discord()
    assert discord is not None
    assert discord.token == "from file"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PLAUDIT_DATABASE_URL", "postgresql+asyncpg://me:hunter2@host/db", "SQLite only; write sqlite+aiosqlite:///"),
        ("PLAUDIT_DATABASE_URL", "sqlite+aiosqlite://", "SQLite only"),
        ("PLAUDIT_DATABASE_URL", "sqlite+aiosqlite:///:memory:", "names no file"),
        ("PLAUDIT_FONT", "/nowhere/Noto.ttf", "names no file; write the path of a font file"),
        ("PLAUDIT_HTTP_PORT", "eighty", "is no port; write a number"),
        ("PLAUDIT_HTTP_PORT", "70000", "is no port; write a number"),
        ("PLAUDIT_RULE", "x", "unknown variable; did you mean PLAUDIT_RULES?"),
        ("PLAUDIT_HOOK_DESK", KEY, "write PLAUDIT_HOOK_<SOURCE>_SECRET"),
        ("PLAUDIT_HOOK_DESK_SECRET", "hunter2", "write whsec_ and base64"),
        ("PLAUDIT_HOOK_DESK_SECRET", KEY + " whsec_x", "write whsec_ and base64"),
        ("SLACK_BOT_TOKEN", "xapp-hunter2", "it belongs into SLACK_APP_TOKEN"),
        ("SLACK_APP_TOKEN", "xoxb-hunter2", "starts with xapp-"),
        ("SLACK_API_URL", "https://slack.com", "must end in /api/"),
        ("DISCORD_API_URL", "discord.com/api/v10", "is no address"),
        ("DISCORD_API_URL", "https://discord.com/api", "must end in /api/v10"),
        ("DISCORD_GATEWAY_URL", "https://gateway", "write wss://host"),
    ],
)
def test_what_is_wrong_is_one_line_without_the_value(name: str, value: str, says: str) -> None:
    (line,) = faults(**{name: value})
    assert line.startswith(f"{name}: ")
    assert says in line
    assert "hunter2" not in line


def test_all_faults_are_told_at_once() -> None:
    assert len(faults(PLAUDIT_HTTP_PORT="x", PLAUDIT_HTTPPORT="1", SLACK_API_URL="x")) == 3


def test_addresses_are_taken_with_or_without_the_last_slash() -> None:
    found = read(SLACK_API_URL="http://127.0.0.1:1/api", DISCORD_API_URL="http://127.0.0.1:2/api/v10/")
    assert found.slack_api_url == "http://127.0.0.1:1/api/"
    assert found.discord_api_url == "http://127.0.0.1:2/api/v10"
    assert read(PLAUDIT_DATABASE_URL="sqlite:////tmp/p.db").database_url == "sqlite+aiosqlite:////tmp/p.db"


def test_a_hook_has_the_secrets_of_its_source_and_several_while_they_change() -> None:
    found = read(PLAUDIT_HOOK_DESK_ACME_SECRET=f"{KEY}  {KEY[:-5]}A==", PLAUDIT_HOOK_FORM_SECRET=KEY)
    assert len(found.hook_secrets("desk:acme")) == 2
    assert found.hook_secrets("form") == (KEY,)
    assert found.hook_secrets("desk:other") == ()
    assert hook_name("desk:acme-1.b") == "DESK_ACME_1_B"


def test_a_webhook_has_the_secrets_of_its_variable_and_they_are_masked() -> None:
    found = read(PLAUDIT_OUT_CRM_SECRET=f"{KEY}  {KEY[:-5]}A==")
    assert found.out_secrets("PLAUDIT_OUT_CRM_SECRET") == (KEY, f"{KEY[:-5]}A==")
    assert found.out_secrets("PLAUDIT_OUT_OTHER_SECRET") == ()
    assert set(found.secrets()) == {KEY, f"{KEY[:-5]}A=="}
    assert KEY not in repr(found)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("PLAUDIT_OUT_CRM_SECRET", "hunter2", "is no secret; write whsec_"), ("PLAUDIT_OUT_CRM", KEY, "as secret_env")],
)
def test_what_is_no_secret_of_a_webhook_is_told_without_its_value(name: str, value: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(**{name: value})
    assert said in str(caught.value)
    assert value not in str(caught.value)


def test_no_secret_is_shown_by_accident() -> None:
    found = read(DISCORD_TOKEN="hunter2", PLAUDIT_HOOK_FORM_SECRET=KEY, SLACK_SIGNING_SECRET="hunter2")
    assert "hunter2" not in repr(found)
    assert KEY not in repr(found)
    assert "hunter2" not in repr(found.discord())
    assert set(found.secrets()) == {"hunter2", KEY}


def test_the_example_file_is_valid_and_names_every_variable() -> None:
    settings.read({}, EXAMPLE)
    text = EXAMPLE.read_text()
    aliases = [str(field.alias) for field in Settings.model_fields.values() if field.alias]
    assert [name for name in aliases if f"{name}=" not in text] == []


APP = {"PLAUDIT_GITHUB_CLIENT_ID": "c-1", "PLAUDIT_GITHUB_CLIENT_SECRET": "hidden-1"}


def test_signing_in_at_github_needs_an_app_and_an_address() -> None:
    assert read().door() is None
    for missing in (*APP, "PLAUDIT_PUBLIC_URL"):
        given = {**APP, "PLAUDIT_PUBLIC_URL": "https://plaudit.example.org/"}
        del given[missing]
        with pytest.raises(ConfigurationError, match=f"{missing}: is missing"):
            read(**given).door()


def test_where_people_sign_in() -> None:
    found = read(**APP, PLAUDIT_PUBLIC_URL="https://plaudit.example.org/")
    door = found.door()
    assert door is not None
    assert (door.public_url, door.app.url, door.app.api) == (
        "https://plaudit.example.org",
        "https://github.com",
        "https://api.github.com",
    )
    assert found.secrets() == ("hidden-1",)
    assert "hidden-1" not in repr(door)
    own = read(**APP, PLAUDIT_PUBLIC_URL="http://127.0.0.1:1", PLAUDIT_GITHUB_URL="https://github.example.org/").door()
    assert own is not None
    assert own.app.api == "https://github.example.org/api/v3"
    for url in ("http://github.example.org", "github.example.org", "https://u:hidden-1@github.example.org"):
        (fault,) = faults(**APP, PLAUDIT_GITHUB_URL=url)
        assert fault.startswith("PLAUDIT_GITHUB_URL: is no safe address")
        assert "hidden-1" not in fault
