"""Logs: JSON or short lines, and no secret in either, wherever it hid."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

DISCORD = (
    "MTk4NjIyNDgzNDcxOTI1MjQ4" + ".Cl2FMQ." + "ZnCjm1XVW7vRze4b7Cq4se7kKWs"
)  # the example of Discord's documentation
SHAPED = [
    "xoxb-123456789012-abcdefABCDEF",
    "xoxe.xoxp-1-Mi0yLTEyMzQ1",
    "xapp-1-A111-222-abcdef",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "Bearer abcdef.ghi-jkl",
    DISCORD,
    "wss://wss.slack.com/link/?ticket=8d1b0f6e-aaaa&app_id=1",
    "https://discord.com/api/v10/webhooks/123456789/aW50ZXJhY3Rpb246MTIz/messages",
    "https://hooks.slack.com/commands/T1/2/AbCdEfGh",
]


@pytest.fixture(autouse=True)
def _usual_logs() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def configured(*secrets: str, human: bool = False) -> io.StringIO:
    out = io.StringIO()
    logs.configure(secrets, out, human)
    return out


def test_a_line_is_json_where_nobody_watches() -> None:
    out = configured()
    structlog.get_logger().info("slack.connected", team="T1", channels=3)
    line = json.loads(out.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "slack.connected", "level": "info", "team": "T1", "channels": 3}


def test_a_line_is_short_for_a_person() -> None:
    out = configured(human=True)
    structlog.get_logger().warning("slack.slow", seconds=3)
    line = out.getvalue()
    assert "slack.slow" in line
    assert "seconds=3" in line
    assert "\x1b" not in line
    assert len(line) < 60


def test_nothing_is_said_below_info() -> None:
    out = configured()
    structlog.get_logger().debug("chatter")
    logging.getLogger("discord.gateway").info("chatter")
    assert out.getvalue() == ""


@pytest.mark.parametrize("human", [False, True])
@pytest.mark.parametrize("text", SHAPED)
def test_what_looks_like_a_secret_is_masked(text: str, human: bool) -> None:
    out = configured(human=human)
    structlog.get_logger().info("event", url=text, nested={"a": [text]})
    assert out.getvalue().count("[secret]") == 2
    assert text not in out.getvalue()


@pytest.mark.parametrize("human", [False, True])
def test_configured_secrets_are_masked_in_values_traces_and_lines_of_libraries(human: bool) -> None:
    out = configured("hunter2-canary", "short", human=human)
    log = structlog.get_logger()
    log.info("hunter2-canary", value="a hunter2-canary b")
    try:
        raise ValueError("bad hunter2-canary")
    except ValueError:
        log.exception("failed")
        logging.getLogger("aiohttp").exception("failed with %s", "hunter2-canary")
    assert "hunter2-canary" not in out.getvalue()
    assert out.getvalue().count("ValueError: bad [secret]") == 2
    assert "failed with [secret]" in out.getvalue()


def test_usual_words_are_left_alone() -> None:
    out = configured("short")
    structlog.get_logger().info("short words", text="Bot restarted; https://example.org/webhooks/list?page=2")
    assert "[secret]" not in out.getvalue()


def test_requests_that_slack_bolt_repeats_are_not_logged() -> None:
    out = configured()
    logging.getLogger("slack_bolt.AsyncApp").setLevel(logging.WARNING)  # as the library does when it makes its app
    logging.getLogger("slack_bolt.AsyncApp").warning("Unhandled request ({'text': 'private words'})")
    assert out.getvalue() == ""


def test_setting_up_twice_says_everything_once() -> None:
    configured()
    out = configured()
    logging.getLogger("aiohttp").warning("once")
    assert out.getvalue().count("once") == 1


def test_what_json_cannot_say_is_logged_all_the_same() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream, human=False)
    structlog.get_logger().warning("a name", name="half \ud800", number=10**30)
    assert json.loads(stream.getvalue())["name"] == "half \ud800"
