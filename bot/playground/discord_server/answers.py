"""The REST side of interactions: callbacks, follow-ups and @original."""

import time

from bot.playground.discord_server import limits
from bot.playground.discord_server.call import Call, Route
from bot.playground.discord_server.chat import Chat, number_components
from bot.playground.discord_server.files import attached
from bot.playground.discord_server.interactions import (
    Callback,
    Interaction,
    Interactions,
    Kind,
    is_ephemeral,
)
from bot.playground.discord_server.wire import EPHEMERAL, LOADING, Answer, ApiError, Json, unknown

_COMMAND_ANSWER = 20  # message type
_FIELDS = ("content", "embeds", "components", "flags")


class Answers:
    """Takes what the bot answers. Public answers become messages of the channel, private ones stay here."""

    def __init__(self, chat: Chat, interactions: Interactions) -> None:
        self.chat = chat
        self.world = chat.world
        self.interactions = interactions

    def routes(self) -> list[Route]:
        """The routes, none of which needs the bot's token: the path carries one."""
        hook = "/webhooks/{webhook_id}/{token}"
        one = hook + "/messages/{message_id}"
        return [
            Route("POST", "/interactions/{interaction_id}/{token}/callback", self.callback),
            Route("POST", hook, self.follow_up),
            Route("GET", one, self.read),
            Route("PATCH", one, self.change),
            Route("DELETE", one, self.remove),
        ]

    # -- the first answer ---------------------------------------------------------------------------------

    def callback(self, call: Call) -> Answer:
        """The first answer, due within three seconds."""
        interaction = self.interactions.by_token.get(call.params["token"])
        if interaction is None or self._age(interaction) > self.interactions.ack_seconds:
            raise unknown("interaction")
        if interaction.callback is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        self._take(interaction, call.body)
        interaction.accept(call.body)
        return self._callback_answer(interaction) if call.flag("with_response") else None

    def _take(self, interaction: Interaction, body: Json) -> None:
        kind, data = Callback(body["type"]), body.get("data") or {}
        if (kind is Callback.CHOICES) != (interaction.kind is Kind.AUTOCOMPLETE):
            raise ApiError(400, 50035, "Invalid interaction application command callback")
        if kind is Callback.CHOICES:
            limits.check_choices(data.get("choices", []), "data.choices")
        elif kind is Callback.MODAL:
            limits.check_modal(data)
        elif kind is Callback.MESSAGE:
            limits.check_message(data)
            interaction.original = self._write(interaction, data, data.get("flags", 0), first=True)
        elif kind is Callback.DEFERRED_MESSAGE:
            interaction.original = self._write(interaction, {}, data.get("flags", 0) | LOADING, first=True)
        else:
            self._take_update(interaction, data)

    def _take_update(self, interaction: Interaction, data: Json) -> None:
        interaction.original = interaction.payload.get("message")
        if data and interaction.original:
            interaction.original = self._rewrite(interaction.original, data)

    def _callback_answer(self, interaction: Interaction) -> Json:
        body: Json = {"id": interaction.id, "type": int(interaction.kind), "activity_instance_id": None}
        kind, message = Callback((interaction.callback or {})["type"]), interaction.original
        if message is None:
            return {"interaction": body}
        body["response_message_id"] = message["id"]
        if interaction.made_message:
            body["response_message_loading"] = bool(message["flags"] & LOADING)
            body["response_message_ephemeral"] = is_ephemeral(message)
        shown = kind in (Callback.MESSAGE, Callback.UPDATE)
        resource = {"resource": {"type": int(kind), "message": message}} if shown else {}
        return {"interaction": body, **resource}

    # -- later answers ------------------------------------------------------------------------------------

    def follow_up(self, call: Call) -> Answer:
        """A later message. The first one after a deferred answer fills that answer, as on Discord."""
        interaction = self._open(call)
        limits.check_message(call.body, has_files=bool(call.files))
        waiting = interaction.original is not None and interaction.original["flags"] & LOADING
        if waiting and interaction.made_message and interaction.original is not None:
            message = interaction.original = self._rewrite(interaction.original, call.body)
        else:
            message = self._write(interaction, call.body, call.body.get("flags") or 0, first=False)
            interaction.followups.append(message)
        if call.files:
            message["attachments"] = attached(self.world, call)
        return message if call.flag("wait", default=True) else None

    def read(self, call: Call) -> Answer:
        """One answer as it stands."""
        return self._message(self._open(call), call.params["message_id"])

    def change(self, call: Call) -> Answer:
        """Rewrites an answer; the way a deferred one is filled."""
        interaction, wanted = self._open(call), call.params["message_id"]
        limits.check_message(call.body, is_edit=True)
        old = self._message(interaction, wanted)
        new = self._rewrite(old, call.body)
        if "attachments" in call.body:
            new["attachments"] = attached(self.world, call, old)
        if wanted == "@original":
            interaction.original = new
        else:
            interaction.followups[interaction.followups.index(old)] = new
        return new

    def remove(self, call: Call) -> Answer:
        """Takes an answer back."""
        interaction, wanted = self._open(call), call.params["message_id"]
        message = self._message(interaction, wanted)
        if wanted == "@original":
            interaction.original = None
        else:
            interaction.followups.remove(message)
        if not is_ephemeral(message):
            self.chat.remove(message["channel_id"], message["id"])
        return None

    def _open(self, call: Call) -> Interaction:
        interaction = self.interactions.by_token.get(call.params["token"])
        if interaction is None or call.params["webhook_id"] != self.world.bot["id"]:
            raise unknown("Webhook")
        if self._age(interaction) > self.interactions.token_seconds:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if interaction.callback is None:
            raise unknown("Webhook")
        return interaction

    def _message(self, interaction: Interaction, wanted: str) -> Json:
        original = interaction.original
        known = [*interaction.followups, *([original] if original else [])]
        for message in known:
            if message["id"] == wanted or (wanted == "@original" and message is original):
                return message
        raise unknown("Message")

    def _age(self, interaction: Interaction) -> float:
        return time.monotonic() - interaction.started

    # -- messages -----------------------------------------------------------------------------------------

    def _write(self, interaction: Interaction, data: Json, flags: int, *, first: bool) -> Json:
        bot, fields = self.world.bot["id"], self._fields(interaction, data, first=first) | {"flags": flags}
        if flags & EPHEMERAL:
            return self.chat.compose(interaction.channel, bot, data.get("content") or "", **fields)
        return self.chat.post(interaction.channel, bot, data.get("content") or "", **fields).body

    def _fields(self, interaction: Interaction, data: Json, *, first: bool) -> Json:
        app = self.world.bot["id"]
        answers_command = first and interaction.kind is Kind.COMMAND
        fields: Json = {"type": _COMMAND_ANSWER if answers_command else 0}
        fields |= {"webhook_id": app, "application_id": app, "embeds": limits.embeds_of(data)}
        return fields | {"components": number_components(data.get("components") or [])}

    def _rewrite(self, message: Json, data: Json) -> Json:
        fields: Json = {key: data[key] for key in _FIELDS if key in data and key != "flags"}
        fields["flags"] = message["flags"] & ~LOADING | (data.get("flags") or 0) & ~EPHEMERAL
        if "content" in fields:
            fields["content"] = fields["content"] or ""
        if "embeds" in fields:
            fields["embeds"] = limits.embeds_of(data)
        if "components" in fields:
            fields["components"] = number_components(fields["components"] or [])
        if is_ephemeral(message):
            self.chat.amend(message, **fields)
            return message
        return self.chat.edit(message["channel_id"], message["id"], **fields).body
