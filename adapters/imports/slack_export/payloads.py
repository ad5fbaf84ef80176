"""What an export says, as far as it is read: everything else in it is ignored."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Ts = Annotated[str, StringConstraints(pattern=r"^\d{1,10}\.\d{1,6}$")]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Za-z0-9]{0,63}$")]
Emoji = Annotated[str, StringConstraints(pattern=r"^[^\s/\x00]{1,200}$")]


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Edited(_Payload):
    ts: Ts


class Reaction(_Payload):
    name: Emoji
    users: tuple[Id, ...] = ()


class Message(_Payload):
    ts: Ts
    text: str | None = Field(default=None, repr=False)
    subtype: str | None = None
    user: Id | None = None
    bot_id: Id | None = None
    thread_ts: Ts | None = None
    parent_user_id: Id | None = None
    edited: Edited | None = None
    reactions: tuple[Reaction, ...] = ()

    @property
    def writer(self) -> str | None:
        return self.user or self.bot_id

    @property
    def is_bots(self) -> bool:
        return self.bot_id is not None or self.subtype == "bot_message"

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


class Profile(_Payload):
    display_name: str | None = None
    real_name: str | None = None
    team: Id | None = None


class User(_Payload):
    id: Id
    team_id: Id | None = None
    name: str = ""
    real_name: str | None = None
    deleted: bool = False
    is_bot: bool = False
    tz: str | None = None
    profile: Profile = Profile()

    @property
    def shown(self) -> str:
        return self.profile.display_name or self.profile.real_name or self.real_name or self.name or self.id


class Place(_Payload):
    """A channel. `private` is not in the file: it follows from which list the channel is in."""

    id: Id
    name: str = Field(min_length=1)
    private: bool = False
