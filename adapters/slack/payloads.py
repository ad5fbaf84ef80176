"""What Slack sends, as far as it is read: everything else in a payload is ignored."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def _id_of(value: Any) -> Any:
    """Slack names people and channels by id in one place and by object in another."""
    return value.get("id") if isinstance(value, dict) else value


def _text(value: Any) -> Any:
    return value if isinstance(value, str) and value else None


def _whole(value: Any) -> Any:
    return value if type(value) is int else None


MaybeText = Annotated[str | None, BeforeValidator(_text)]
MaybeWhole = Annotated[int | None, BeforeValidator(_whole)]
"""What nobody should stumble over: a person stays a person, whatever Slack writes there."""
Ts = Annotated[str, StringConstraints(pattern=r"^\d{1,12}\.\d{1,6}$")]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Za-z0-9]{0,63}$"), BeforeValidator(_id_of)]
Emoji = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\s/]+$")]


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Edited(_Payload):
    ts: Ts


class Root(_Payload):
    user: Id | None = None


class Reaction(_Payload):
    name: Emoji
    users: tuple[Id, ...] = ()


class Message(_Payload):
    """A message as an event, nested in an event, or read from history."""

    ts: Ts
    text: str = Field(default="", repr=False)
    subtype: str | None = None
    user: Id | None = None
    bot_id: Id | None = None
    thread_ts: Ts | None = None
    parent_user_id: Id | None = None
    latest_reply: Ts | None = None
    edited: Edited | None = None
    root: Root | None = None
    reactions: tuple[Reaction, ...] = ()

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def opened_by(self) -> str | None:
        """Who wrote the root of the thread, where the payload says it."""
        return self.parent_user_id or (self.root.user if self.root else None)


class Posted(Message):
    channel: Id
    channel_type: str = "channel"


class Changed(_Payload):
    channel: Id
    channel_type: str = "channel"
    event_ts: Ts
    message: Message
    previous_message: Message | None = None


class Deleted(_Payload):
    channel: Id
    channel_type: str = "channel"
    event_ts: Ts
    deleted_ts: Ts
    previous_message: Message | None = None


class Item(_Payload):
    type: str
    channel: Id | None = None
    ts: Ts | None = None


class Reacted(_Payload):
    user: Id
    reaction: Emoji
    item: Item
    item_user: Id | None = None
    event_ts: Ts


class Profile(_Payload):
    """`huddle_state`: "default_unset", or that somebody is in a huddle. `huddle_state_expiration_ts`: Unix seconds
    after which the state is void; 0 for none. None is what Slack does not say."""

    display_name: str = ""
    real_name: str = ""
    huddle_state: MaybeText = None
    huddle_state_expiration_ts: MaybeWhole = None
    huddle_state_call_id: MaybeText = None


class User(_Payload):
    """A person as users.list, users.info and the events about people show them."""

    id: Id
    name: str = ""
    real_name: str | None = None
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    is_owner: bool = False
    tz: str | None = None
    profile: Profile = Profile()

    def in_huddle(self, now: int) -> bool:
        """At that moment (UTC microseconds)."""
        expires = (self.profile.huddle_state_expiration_ts or 0) * 1_000_000
        is_void = self.deleted or 0 < expires < now
        return (self.profile.huddle_state or "").startswith("in_a_huddle") and not is_void

    @property
    def shown(self) -> str:
        return self.profile.display_name or self.profile.real_name or self.real_name or self.name or self.id


class PersonEvent(_Payload):
    user: User
    event_ts: Ts | None = None


class Call(_Payload):
    id: Id


class HuddleStarted(_Payload):
    """The message that Slack itself posts where a huddle begins."""

    channel: Id
    room: Call


class Place(_Payload):
    """A channel."""

    id: Id
    name: str = ""
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_archived: bool = False
    is_member: bool = False


class Group(_Payload):
    """A user group."""

    id: Id
    name: str = ""
    handle: str = ""
    date_delete: int = 0
    users: tuple[str, ...] = ()

    @property
    def disabled(self) -> bool:
        return self.date_delete != 0


class Mentioned(_Payload):
    user: Id
    text: str = Field(default="", repr=False)
    ts: Ts
    channel: Id
    thread_ts: Ts | None = None


class Slash(_Payload):
    user_id: Id
    channel_id: Id
    command: str
    text: str = Field(default="", repr=False)
    trigger_id: str
    response_url: str = Field(repr=False)


class Action(_Payload):
    action_id: str
    value: str = ""
    action_ts: Ts


class Container(_Payload):
    type: str = ""
    is_ephemeral: bool = False
    thread_ts: Ts | None = None


class Pressed(_Payload):
    user: Id
    trigger_id: str
    actions: tuple[Action, ...] = Field(min_length=1)
    channel: Id | None = None
    container: Container = Container()
    response_url: str | None = Field(default=None, repr=False)


class Chosen(_Payload):
    """A message shortcut: what was chosen from the menu of a message."""

    callback_id: str
    user: Id
    channel: Id
    trigger_id: str
    message: Message
    response_url: str = Field(repr=False)


class State(_Payload):
    values: dict[str, dict[str, dict[str, Any]]] = Field(default_factory=dict, repr=False)


class Window(_Payload):
    callback_id: str
    private_metadata: str = Field(default="", repr=False)
    state: State = State()


class Submitted(_Payload):
    """A form that comes back; what was written in it is no business of any log."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    user: Id
    trigger_id: str = ""
    view: Window
