"""Holds traffic with the Discord stand-in against Discord's own OpenAPI file: requests, answers, events."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs

from bot.playground.discord_server import DiscordServer, Json, Recorded

# Gateway payloads whose object the OpenAPI file knows from an answer of the REST interface.
_EVENTS = {
    "MESSAGE_CREATE": "MessageResponse",
    "MESSAGE_UPDATE": "MessageResponse",
    "THREAD_CREATE": "ThreadResponse",
    "THREAD_UPDATE": "ThreadResponse",
    "CHANNEL_CREATE": "GuildChannelResponse",
    "CHANNEL_UPDATE": "GuildChannelResponse",
    "GUILD_MEMBER_ADD": "GuildMemberResponse",
    "GUILD_MEMBER_UPDATE": "GuildMemberResponse",
    "VOICE_STATE_UPDATE": "VoiceStateResponse",
}
_EVENT_KINDS = {1: "StageScheduledEventResponse", 2: "VoiceScheduledEventResponse", 3: "ExternalScheduledEventResponse"}
_EVENT_PARTS = {
    "GUILD_MEMBER_REMOVE": ("user", "UserResponse"),
    "GUILD_ROLE_CREATE": ("role", "GuildRoleResponse"),
    "GUILD_ROLE_UPDATE": ("role", "GuildRoleResponse"),
    "MESSAGE_REACTION_ADD": ("member", "GuildMemberResponse"),
}


@dataclass(frozen=True)
class Operation:
    """One method of one path of the file."""

    path: str
    pattern: re.Pattern[str]
    method: str
    spec: Json
    parameters: dict[str, Json]


class DiscordContract:
    """Collects what breaks the contract in `violations`, one line each; `checked` counts what was looked at.

    A violation whose line matches a pattern in `allowed` is counted there and not reported.
    """

    def __init__(self, openapi: Path, allowed: Iterable[str] = ()) -> None:
        self._file: Json = json.loads(openapi.read_bytes())
        self._operations = _operations(self._file)
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self.violations: list[str] = []
        self.allowed = dict.fromkeys(allowed, 0)
        self.checked: dict[str, int] = {}

    def attach(self, server: DiscordServer) -> None:
        """Watches everything from now on. Attach before the world is built to see its events too."""
        server.on_request.append(self.check)
        server.world.listeners.append(self.check_event)

    def check(self, record: Recorded) -> None:
        """One request with its answer. An answer that was made to fail is no stand-in's fault."""
        operation = self._find(record.method, record.path)
        if operation is None:
            self._report([f"request {record.method} {record.path}: not in the OpenAPI file"])
            return
        refused = record.status == 400  # a request the stand-in refused may be as wrong as it likes
        if not refused:
            self._report(self._request(operation, record))
        if not record.fault:
            self._report(self._response(operation, record))

    def check_event(self, event: str, payload: Json) -> None:
        """One gateway event, as far as the file has its shape."""
        if event in _EVENTS:
            self._report(self._errors(f"event {event}", _named(_EVENTS[event]), payload))
        elif event.startswith("GUILD_SCHEDULED_EVENT_"):
            self._report(self._errors(f"event {event}", _named(_EVENT_KINDS[payload["entity_type"]]), payload))
        elif event in _EVENT_PARTS:
            part, schema = _EVENT_PARTS[event]
            self._report(self._errors(f"event {event}", _named(schema), payload[part]))

    # -- requests -----------------------------------------------------------------------------------------

    def _request(self, operation: Operation, record: Recorded) -> list[str]:
        where = f"request {operation.method} {operation.path}"
        return [
            *self._query(where, operation.parameters, record.query),
            *self._body(where, operation.spec.get("requestBody", {}), record.body),
        ]

    def _query(self, where: str, known: dict[str, Json], query: dict[str, str]) -> list[str]:
        wrong = [f"{where}: unknown query parameter {name}" for name in query if name not in known]
        for name, value in query.items():
            if name in known and not self._fits(known[name]["schema"], value):
                wrong.append(f"{where}: query {name}={value!r} does not fit")
        missing = [name for name, p in known.items() if p.get("required") and name not in query]
        return wrong + [f"{where}: required query {name} missing" for name in missing]

    def _fits(self, schema: Json, text: str) -> bool:
        """Whether a query value fits, read as text, number or truth value: the URL does not say which."""
        readings: list[Any] = [text]
        if re.fullmatch(r"-?\d+", text):
            readings.append(int(text))
        if text.lower() in ("true", "false", "0", "1"):
            readings.append(text.lower() in ("true", "1"))
        return any(self._validator(schema).is_valid(reading) for reading in readings)

    def _body(self, where: str, spec: Json, body: Any) -> list[str]:
        content = spec.get("content") or {}
        if body is None:
            return [f"{where}: body required"] if spec.get("required") else []
        if not content:
            return [f"{where}: a body, but none is defined"]
        media = content.get("application/json") or next(iter(content.values()))
        return self._errors(where, media["schema"], body)

    # -- answers ------------------------------------------------------------------------------------------

    def _response(self, operation: Operation, record: Recorded) -> list[str]:
        where = f"answer {operation.method} {operation.path} {record.status}"
        defined = operation.spec["responses"]
        spec = defined.get(str(record.status)) or defined.get(f"{record.status // 100}XX")
        if spec is None:
            return [f"{where}: status not in the OpenAPI file"]
        if "$ref" in spec:
            spec = self._file["components"]["responses"][spec["$ref"].split("/")[-1]]
        media = spec.get("content", {}).get("application/json")
        if media is None or record.response is None:
            return []
        return self._errors(where, media["schema"], record.response)

    # -- helpers ------------------------------------------------------------------------------------------

    def _find(self, method: str, path: str) -> Operation | None:
        fitting = (o for o in self._operations if o.method == method and o.pattern.fullmatch(path))
        return next(fitting, None)

    def _errors(self, where: str, schema: Json, value: Any) -> list[str]:
        self.checked[where] = self.checked.get(where, 0) + 1
        return [
            f"{where}: /{'/'.join(map(str, error.instance_path))}: {_innermost(error)}"
            for error in self._validator(schema).iter_errors(value)
        ]

    def _validator(self, schema: Json) -> jsonschema_rs.Draft202012Validator:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            whole = {**schema, "components": self._file["components"]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]

    def _report(self, lines: list[str]) -> None:
        for line in lines:
            pattern = next((p for p in self.allowed if re.search(p, line)), None)
            if pattern is None:
                self.violations.append(line)
            else:
                self.allowed[pattern] += 1


def _operations(file: Json) -> list[Operation]:
    """Every operation, those with fewer placeholders first: /users/@me before /users/{user_id}."""
    found = []
    for path, item in sorted(file["paths"].items(), key=lambda entry: str(entry[0]).count("{")):
        pattern = re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path)))
        for method in ("get", "put", "post", "patch", "delete"):
            if method in item:
                spec = item[method]
                listed = [*item.get("parameters", []), *spec.get("parameters", [])]
                query = {p["name"]: p for p in listed if p["in"] == "query"}
                found.append(Operation(path, pattern, method.upper(), spec, query))
    return found


def _named(schema: str) -> Json:
    return {"$ref": f"#/components/schemas/{schema}"}


def _innermost(error: Any) -> str:
    """The reason of the closest alternative: "not valid under any of the given schemas" helps nobody."""
    alternatives = getattr(error.kind, "context", None)
    if not alternatives:
        return str(error.message)[:200]
    closest = min(alternatives, key=len)
    reasons = (f"/{'/'.join(map(str, e.instance_path))} {_innermost(e)}" for e in closest[:3])
    return f"none of the alternatives: {'; '.join(reasons)}"


__all__ = ["DiscordContract"]
