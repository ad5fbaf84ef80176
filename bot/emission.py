"""`plaudit emit`: one signed statement to a running bot, tried again until it is taken or the time is over."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bot.facts import Value, line, own_id
from bot.sender import Answer, Target, Unreached, pause, post
from bot.settings import hook_name
from core.errors import MalformedStatement
from core.lines import parse_statement_line
from core.times import write_time

_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,17})", re.ASCII)
_EXACT = re.compile(r"-?(?:0|[1-9]\d{0,17})\.\d{1,18}", re.ASCII)
_ATTEMPT = 10.0  # seconds that one attempt may take


class NotTaken(Exception):
    """The bot did not take it. `again`: whether it may do so later; the text says why."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


@dataclass(frozen=True, slots=True)
class Said:
    """A statement as it is sent. `named`: whether its id was given, and not made of its content."""

    id: str
    body: bytes
    named: bool


def compose(said: Mapping[str, object], at: int | None, now: int) -> Said:
    """`said`: the statement without its time. `at` None: it happened now; times are UTC microseconds.

    Without an id it gets one of its content, and of its time only where that was given: the same command twice is one
    fact. Raises MalformedStatement.
    """
    dated = said if at is None else {**said, "at": write_time(at)}
    named = said.get("id") is not None
    name = str(said["id"]) if named else own_id(dated)
    body = line({**said, "id": name, "at": write_time(at if at is not None else now)}).encode()
    parse_statement_line(body)
    return Said(name, body, named)


def read_facts(written: Iterable[str]) -> dict[str, Value]:
    """Facts from `name=value`: numbers, true and false as such, in quotes as text; a name again makes a list.

    Raises MalformedStatement.
    """
    found: dict[str, list[str]] = {}
    for one in written:
        name, sign, value = one.partition("=")
        if not sign or not name:
            raise MalformedStatement(f'"{one[:40]}" is no fact; write name=value, as minutes=25')
        found.setdefault(name, []).append(value)
    return {name: _value(values[0]) if len(values) == 1 else tuple(values) for name, values in found.items()}


def find_secret(source: str, environment: Mapping[str, str], name: str | None, file: Path | None) -> str:
    """The first secret that the file, or the variable (PLAUDIT_HOOK_<SOURCE>_SECRET), holds. Raises ValueError."""
    variable = name or f"PLAUDIT_HOOK_{hook_name(source)}_SECRET"
    text = file.read_text() if file is not None else environment.get(variable, "")
    if not text.split():
        raise ValueError(f"{file or variable}: holds no secret; write whsec_ and base64, as on the side of the bot")
    return text.split()[0]


def deliver(target: Target, body: bytes, within: float) -> Answer:
    """Sends it until the bot has it on disk, `within` seconds at most. Raises NotTaken."""
    end, attempt = time.monotonic() + within, 0
    while True:
        attempt += 1
        answer, reason = _attempt(target, body, max(0.1, min(_ATTEMPT, end - time.monotonic())))
        if answer is not None and answer.taken:
            return answer
        if answer is not None and answer.refused:
            raise NotTaken(reason, again=False)
        wait = pause(attempt, answer, random.random())  # noqa: S311 - spreads attempts, keeps no secret
        if time.monotonic() + wait >= end:
            raise NotTaken(f"{reason}; {attempt} attempts in {within:g} seconds", again=True)
        time.sleep(wait)


def _attempt(target: Target, body: bytes, timeout: float) -> tuple[Answer | None, str]:
    try:
        answer = post(target, body, time.time(), timeout)
    except Unreached as error:
        return None, str(error)
    return answer, answer.reason


def _value(text: str) -> Value:
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.fullmatch(text):
        return int(text)
    if _EXACT.fullmatch(text):
        return Decimal(text)
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1] if quoted else text
