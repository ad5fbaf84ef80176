"""Slack's events as statements. Pure: the payload and what the roster knows in, statements out.

A payload that is not what Slack documents raises pydantic's ValidationError; an event that says nothing about the
community gives no statements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from adapters.slack import actions, commands, messages, reactions
from adapters.slack.known import Known
from adapters.slack.payloads import Changed, Chosen, Deleted, Mentioned, PersonEvent, Posted, Pressed, Reacted, Slash
from adapters.slack.times import SECOND, micros
from core.events import WITHDRAW, Statement, membership_id

_Read = Callable[[Mapping[str, Any], int, Known], list[Statement]]


def statements(body: Mapping[str, Any], known: Known, now: int = 0) -> list[Statement]:
    """What an event, a slash command or a pressed button says. `now` (UTC microseconds) dates a slash command, which
    has no time of its own. Raises pydantic.ValidationError."""
    if "command" in body:
        return [_typed(Slash.model_validate(body), now, known)]
    if body.get("type") == "block_actions":
        return _pressed(Pressed.model_validate(body), known)
    if body.get("type") == "message_action":
        return _chosen(Chosen.model_validate(body), now, known)
    event = body.get("event")
    if not isinstance(event, dict):
        return []
    read = _READERS.get(str(event.get("type")))
    return read(event, sent_at(body), known) if read else []


def sent_at(body: Mapping[str, Any]) -> int:
    """`event_time` (UTC microseconds), the same at every repetition, for the few events without a time of their own."""
    seconds = body.get("event_time")
    return seconds * SECOND if isinstance(seconds, int) else 0


def _message(event: Mapping[str, Any], _: int, known: Known) -> list[Statement]:
    match event.get("subtype"):
        case "message_changed":
            return messages.changed(Changed.model_validate(event), known)
        case "message_deleted":
            return messages.deleted(Deleted.model_validate(event), known)
        case None | str() as subtype if subtype in messages.COUNTED:
            return messages.posted(Posted.model_validate(event), known)
    return []


def _reaction_added(event: Mapping[str, Any], _: int, known: Known) -> list[Statement]:
    return reactions.added(Reacted.model_validate(event), known)


def _reaction_removed(event: Mapping[str, Any], _: int, known: Known) -> list[Statement]:
    return reactions.removed(Reacted.model_validate(event), known)


def _team_join(event: Mapping[str, Any], sent_at: int, known: Known) -> list[Statement]:
    return [_joined(PersonEvent.model_validate(event), sent_at, known)]


def _user_change(event: Mapping[str, Any], sent_at: int, known: Known) -> list[Statement]:
    """Deactivated people have left. One who is known as deactivated and is so no more has come back; every other
    change of a profile says nothing about membership."""
    told = PersonEvent.model_validate(event)
    if told.user.deleted:
        at = micros(told.event_ts) if told.event_ts else sent_at
        return [Statement(known.source, membership_id(told.user.id), at, op=WITHDRAW, reason="left")]
    return [_joined(told, sent_at, known)] if told.user.id in known.gone else []


def _joined(told: PersonEvent, sent_at: int, known: Known) -> Statement:
    user = told.user
    at = micros(told.event_ts) if told.event_ts else sent_at
    facts = known.who(user.id, bot=user.is_bot)
    account = known.account(user.id)
    return Statement(known.source, membership_id(user.id), at, "member.joined", actor=account, facts=facts)


def _mention(event: Mapping[str, Any], _: int, known: Known) -> list[Statement]:
    """A command in a thread is a message that begins with `@Plaudit`; the message itself is told apart from it."""
    told = Mentioned.model_validate(event)
    asked = commands.mentioned(told.text, known.me, known.source)
    if asked is None or known.is_me(told.user):
        return []
    return [_used(f"{told.channel}/{told.ts}", told.user, told.channel, asked.verb, micros(told.ts), known)]


def _typed(told: Slash, now: int, known: Known) -> Statement:
    verb = commands.asked(told.command, told.text, known.source).verb
    return _used(told.trigger_id, told.user_id, told.channel_id, verb, now, known)


def _pressed(told: Pressed, known: Known) -> list[Statement]:
    asked = actions.asked(told)
    if asked is None:
        return []
    return [_used(told.trigger_id, told.user, told.channel, asked.verb, micros(told.actions[0].action_ts), known)]


def _chosen(told: Chosen, now: int, known: Known) -> list[Statement]:
    asked = actions.chosen(told, known.source)
    return [] if asked is None else [_used(told.trigger_id, told.user, told.channel, asked.verb, now, known)]


def _used(trigger: str, user: str, channel: str | None, verb: str, at: int, known: Known) -> Statement:
    """A question to the bot: it counts for rules about commands, and is in the log before it is answered."""
    facts = {**(known.where(channel) if channel else {}), **known.who(user), "command": verb}
    return Statement(known.source, f"command:{trigger}", at, "command.used", actor=known.account(user), facts=facts)


_READERS: Mapping[str, _Read] = {
    "app_mention": _mention,
    "message": _message,
    "reaction_added": _reaction_added,
    "reaction_removed": _reaction_removed,
    "team_join": _team_join,
    "user_change": _user_change,
}
