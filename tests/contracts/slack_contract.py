"""Checks everything a SlackServer said against Slack's skeletons, for any test that has one at hand.

`SlackContract(server).check()` after the story; it raises AssertionError with every difference."""

import json
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

from bot.playground.slack_server import ApiCall, Attempt, SlackServer
from tests.contracts.block_kit import block_kit_faults
from tests.shared import SHARED, shared

Json = dict[str, Any]

FREE = frozenset({"attachments", "blocks", "event_payload", "state", "room", "huddle_state_call_id"})
"""Made by the app, too various for a skeleton, or younger than it (huddles): not looked into, wherever they stand."""

_ENVELOPE = "token team_id api_app_id type event event_id event_time authorizations"
_SHARED = {
    "ok": "ok",
    "message": "type user text ts channel channel_type event_ts",
    "hidden": "type subtype channel hidden ts event_ts channel_type",
    "reaction": "type user item reaction item_user event_ts",
    "member": "type user channel channel_type team event_ts",
    "view": "id team_id type hash app_id bot_id",
}
REQUIRED_EVENT: dict[str, str] = {
    "MessagePayload": _SHARED["message"],
    "MessageThreadBroadcastPayload": f"{_SHARED['message']} subtype thread_ts root",
    "MessageChannelJoinPayload": f"{_SHARED['message']} subtype",
    "MessageChangedPayload": f"{_SHARED['hidden']} message previous_message",
    "MessageDeletedPayload": f"{_SHARED['hidden']} deleted_ts previous_message",
    "ReactionAddedPayload": _SHARED["reaction"],
    "ReactionRemovedPayload": _SHARED["reaction"],
    "MemberJoinedChannelPayload": _SHARED["member"],
    "MemberLeftChannelPayload": _SHARED["member"],
    "TeamJoinPayload": "type user",
    "UserChangePayload": "type user",
    "UserHuddleChangedPayload": "type user event_ts",
    "MessageFileSharePayload": f"{_SHARED['message']} subtype",
    "AppMentionPayload": "type user text ts channel event_ts",
    "AppHomeOpenedPayload": "type user channel tab event_ts",
    "SubteamCreatedPayload": "type subteam event_ts",
    "SubteamUpdatedPayload": "type subteam event_ts",
    "SubteamMembersChangedPayload": "type subteam_id team_id added_users removed_users event_ts",
}
REQUIRED_INTERACTION: dict[str, str] = {
    "SlashCommandPayload": "token api_app_id team_id channel_id channel_name user_id user_name command text "
    "response_url trigger_id",
    "BlockActionPayload": "type team user api_app_id token container trigger_id actions",
    "MessageShortcutPayload": "type callback_id trigger_id response_url message_ts team user channel message token",
    "ViewSubmissionPayload": "type team user api_app_id token trigger_id view",
    "ViewClosedPayload": "type team user api_app_id token view is_cleared",
}
REQUIRED_ANSWER: dict[str, str] = {
    "auth.test": "url team user team_id user_id bot_id",
    "apps.connections.open": "url",
    "chat.delete": "channel ts",
    "chat.getPermalink": "channel permalink",
    "chat.postEphemeral": "message_ts",
    "chat.postMessage": "channel ts message",
    "chat.update": "channel ts text message",
    "conversations.history": "messages has_more",
    "conversations.info": "channel",
    "conversations.invite": "channel",
    "conversations.join": "channel",
    "conversations.list": "channels response_metadata",
    "conversations.members": "members response_metadata",
    "conversations.open": "channel",
    "conversations.replies": "messages has_more",
    "files.completeUploadExternal": "files",
    "files.getUploadURLExternal": "upload_url file_id",
    "reactions.add": "",
    "reactions.get": "type channel message",
    "reactions.remove": "",
    "team.info": "team",
    "usergroups.create": "usergroup",
    "usergroups.disable": "usergroup",
    "usergroups.enable": "usergroup",
    "usergroups.list": "usergroups",
    "usergroups.users.list": "users",
    "usergroups.users.update": "usergroup",
    "users.info": "user",
    "users.list": "members response_metadata",
    "views.open": "view",
    "views.publish": "view",
    "views.push": "view",
    "views.update": "view",
}
NO_SKELETON = frozenset({"bots.info", "conversations.kick"})
"""Methods the stand-in answers and the contract does not describe."""

_MESSAGE_EVENTS = {
    "thread_broadcast": "MessageThreadBroadcastPayload",
    "message_changed": "MessageChangedPayload",
    "message_deleted": "MessageDeletedPayload",
    "channel_join": "MessageChannelJoinPayload",
    "huddle_thread": "MessageFileSharePayload",  # huddles have no skeleton of their own
}
_INTERACTIONS = {
    "block_actions": "BlockActionPayload",
    "message_action": "MessageShortcutPayload",
    "view_submission": "ViewSubmissionPayload",
    "view_closed": "ViewClosedPayload",
}


@cache
def _skeleton(path: str) -> Json:
    found: Json = json.loads(shared(f"contracts/slack/{path}.json").read_text())
    return found


def differences(given: Any, skeleton: Any, at: str = "") -> Iterator[str]:
    """Keys of `given` that the skeleton has not, and values of another shape, recursively. A list is
    compared, item by item, with the skeleton's first one."""
    if isinstance(given, dict):
        if not isinstance(skeleton, dict):
            yield f"{at}: an object where the skeleton has {skeleton!r}"
            return
        for key, value in given.items():
            yield from _member(key, value, skeleton, f"{at}.{key}")
    elif isinstance(given, list):
        if not isinstance(skeleton, list):
            yield f"{at}: a list where the skeleton has {skeleton!r}"
            return
        for index, item in enumerate(given):
            yield from differences(item, skeleton[0], f"{at}[{index}]") if skeleton else ()
    elif given is not None and type(given) is not type(skeleton):
        yield f"{at}: {given!r} where the skeleton has {skeleton!r}"


def _member(key: str, value: Any, skeleton: Json, at: str) -> Iterator[str]:
    if key in FREE:
        return
    if key in skeleton:
        yield from differences(value, skeleton[key], at)
    else:
        yield f"{at}: not in the skeleton"


def missing(given: Json, required: str, at: str) -> Iterator[str]:
    for key in required.split():
        if key not in given:
            yield f"{at}.{key}: required and missing"


def event_skeleton(event: Json) -> str:
    """The name of the skeleton an event is measured by."""
    if event["type"] == "message":
        return _MESSAGE_EVENTS.get(event.get("subtype", ""), "MessagePayload")
    return "".join(word.title() for word in event["type"].split("_")) + "Payload"


def answer_faults(call: ApiCall) -> Iterator[str]:
    """Differences of one answer; faults put in on purpose and methods without a skeleton pass."""
    if call.answer is None or call.method in NO_SKELETON or call.answer.get("error") == "unknown_method":
        return
    yield from differences(call.answer, _skeleton(f"api/{call.method}"), call.method)
    required = f"ok {REQUIRED_ANSWER[call.method]}" if call.answer["ok"] else "ok error"
    yield from missing(call.answer, required, call.method)


def delivery_faults(attempt: Attempt) -> Iterator[str]:
    """Differences of one event, command or interaction."""
    payload = attempt.payload
    if attempt.kind == "events_api":
        name = event_skeleton(payload["event"])
        yield from differences(payload, _skeleton(f"events/{name}"), name)
        yield from missing(payload, _ENVELOPE, name)
        yield from missing(payload["event"], REQUIRED_EVENT[name], f"{name}.event")
        return
    name = _INTERACTIONS.get(payload.get("type", ""), "SlashCommandPayload")
    yield from differences({**payload, **_as_json(payload)}, _skeleton(f"interactions/{name}"), name)
    yield from missing(payload, REQUIRED_INTERACTION[name], name)


def _as_json(payload: Json) -> Json:
    """Commands are forms, where a flag is a word; the skeleton was written down from parsed ones."""
    words = {"true": True, "false": False}
    flags = {k: words.get(v) for k, v in payload.items() if k == "is_enterprise_install" and isinstance(v, str)}
    return {k: v for k, v in flags.items() if v is not None}


def _block_faults(call: ApiCall) -> list[str]:
    """What the stand-in let through although Block Kit does not allow it."""
    if call.answer is None or not call.answer["ok"]:
        return []
    view = call.arguments.get("view")
    blocks = view["blocks"] if view else call.arguments.get("blocks") or []
    return [f"{call.method}: {fault}" for fault in block_kit_faults(blocks, 100 if view else 50)]


class SlackContract:
    """Everything one server answered and delivered, up to the moment of asking."""

    def __init__(self, server: SlackServer) -> None:
        self._server = server

    def faults(self) -> list[str]:
        """Every difference once, sorted."""
        found = {fault for call in self._server.calls for fault in answer_faults(call)}
        found |= {fault for attempt in self._server.deliveries for fault in delivery_faults(attempt)}
        found |= {fault for call in self._server.calls for fault in _block_faults(call)}
        return sorted(found)

    def check(self) -> None:
        """Raise AssertionError with every difference. Without ../shared it says that it could not look."""
        if SHARED is None:
            warnings.warn("Slack's shapes were not checked: ../shared is absent", stacklevel=2)
            return
        faults = self.faults()
        assert not faults, "the stand-in left Slack's shapes:\n" + "\n".join(faults)

    def seen(self) -> set[str]:
        """Methods answered with success and skeletons of what was delivered."""
        methods = {c.method for c in self._server.calls if c.answer and c.answer["ok"]}
        events = [a for a in self._server.deliveries if a.kind == "events_api"]
        others = [a for a in self._server.deliveries if a.kind != "events_api"]
        methods |= {event_skeleton(a.payload["event"]) for a in events}
        return methods | {_INTERACTIONS.get(a.payload.get("type", ""), "SlashCommandPayload") for a in others}
