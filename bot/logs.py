"""Logs on standard error: short lines for a person at a terminal, JSON for everything else, secrets in neither."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SHORTEST_SECRET = 6  # shorter values are words that the log needs
_SHAPES = re.compile(
    r"(?P<kept>xox[a-z](?:\.xox[a-z])?-|xapp-|whsec_|Bearer |ticket=|/webhooks/\d{1,25}/|hooks\.slack\.com/)"
    r"[A-Za-z0-9._~+/=%-]{6,}"
    r"|(?P<discord>[A-Za-z0-9_-]{23,30}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,})"
)
_HIDDEN = "[secret]"


class Mask:
    """Replaces what is, or looks like, a secret."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({s for s in secrets if len(s) >= SHORTEST_SECRET}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        without = self._known.sub(_HIDDEN, text) if self._known else text
        return _SHAPES.sub(lambda found: (found["kept"] or "") + _HIDDEN, without)


def configure(secrets: Iterable[str] = (), stream: TextIO | None = None, human: bool | None = None) -> None:
    """Set up the logs of this process, also those of the libraries. `human`: None asks whether it is a terminal."""
    out = stream or sys.stderr
    for_people = out.isatty() if human is None else human
    render = _for_people(out) if for_people else _as_json
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if for_people else "iso", utc=not for_people),
            structlog.processors.format_exc_info,
            _Masked(render, Mask(secrets)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    _relay_libraries()


class _Masked:
    """The last step: whatever a line was made of, what leaves is masked."""

    def __init__(self, render: Processor, mask: Mask) -> None:
        self._render = render
        self._mask = mask

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> str:
        return self._mask(str(self._render(logger, method, event)))


def _for_people(out: TextIO) -> Processor:
    return structlog.dev.ConsoleRenderer(colors=out.isatty(), pad_event_to=0, pad_level=False)


def _as_json(_: WrappedLogger, __: str, event: MutableMapping[str, Any]) -> str:
    try:
        return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # half a surrogate pair, a huge number: a line must never cost the work that it tells of
        return json.dumps(event, default=str)


class _Relay(logging.Handler):
    """Lines of libraries, in our form."""

    def emit(self, record: logging.LogRecord) -> None:
        # Its warnings repeat whole requests, texts included, and its loggers set their level themselves.
        if record.name.startswith("slack_bolt") and record.levelno < logging.ERROR:
            return
        log = structlog.get_logger()
        log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)


def _relay_libraries() -> None:
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, _Relay)]:
        root.removeHandler(handler)
    root.addHandler(_Relay())
    root.setLevel(logging.WARNING)
    logging.getLogger("discord.client").setLevel(logging.ERROR)  # it warns that it cannot speak: it need not
    logging.getLogger("discord.state").setLevel(logging.ERROR)  # nor does the look at the token need servers
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that is late is no trouble: the next one follows
