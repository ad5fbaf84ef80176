"""What the app may do: its tokens, its scopes, and what the workspace's plan allows."""

from dataclasses import dataclass, field

from .errors import ApiError

ALL_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:manage",
        "channels:read",
        "chat:write",
        "commands",
        "files:write",
        "groups:history",
        "groups:read",
        "groups:write",
        "im:history",
        "im:read",
        "im:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "usergroups:write",
        "users:read",
    }
)

_READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
_HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}

_MANAGE = {"channel": "channels:manage", "group": "groups:write", "im": "im:write"}

NEEDED: dict[str, str] = {
    "bots.info": "users:read",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.join": "channels:join",
    "conversations.list": "channels:read",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "reactions.add": "reactions:write",
    "reactions.get": "reactions:read",
    "reactions.remove": "reactions:write",
    "team.info": "team:read",
    "usergroups.create": "usergroups:write",
    "usergroups.disable": "usergroups:write",
    "usergroups.enable": "usergroups:write",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "usergroups.users.update": "usergroups:write",
    "users.info": "users:read",
    "users.list": "users:read",
}
"""The one scope a method needs; methods whose scope depends on the kind of channel are in `scope_for`."""


def scope_for(method: str, kind: str) -> str | None:
    """The scope `method` needs on a channel of `kind` ("channel", "group" or "im"); None where none is."""
    if method in ("conversations.info", "conversations.members"):
        return _READ[kind]
    if method in ("conversations.history", "conversations.replies"):
        return _HISTORY[kind]
    if method in ("conversations.invite", "conversations.kick"):
        return _MANAGE[kind]
    return NEEDED.get(method)


@dataclass(slots=True)
class Access:
    """Settable at any time: the next call sees the change."""

    bot_token: str = "xoxb-playground"  # noqa: S105 -- made up, opens nothing but this stand-in
    app_token: str = "xapp-playground"  # noqa: S105 -- the same
    scopes: set[str] = field(default_factory=lambda: set(ALL_SCOPES))
    app_scopes: set[str] = field(default_factory=lambda: {"connections:write"})
    usergroups_refused: str | None = None
    """None, or the error every change of a user group gets: `plan_upgrade_required` on a free plan,
    `permission_denied` where the workspace lets only admins manage groups."""
    one_post_a_second: bool = False
    """Answer 429 to a second post within a second in one channel."""

    @property
    def granted(self) -> str:
        return ",".join(sorted(self.scopes))

    def authenticate(self, method: str, token: str) -> None:
        """Raise unless `token` is the one `method` wants."""
        if not token:
            raise ApiError("not_authed")
        wanted, other = self.bot_token, self.app_token
        if method == "apps.connections.open":
            wanted, other = other, wanted
        if token != wanted:
            raise ApiError("not_allowed_token_type" if token == other else "invalid_auth")
        if method == "apps.connections.open":
            _require("connections:write", self.app_scopes)

    def require(self, method: str, kind: str = "channel") -> None:
        """Raise `missing_scope` unless the app has what `method` needs."""
        needed = scope_for(method, kind)
        if needed is not None:
            _require(needed, self.scopes)

    def allow_usergroups(self) -> None:
        if self.usergroups_refused:
            raise ApiError(self.usergroups_refused)


def _require(needed: str, granted: set[str]) -> None:
    if needed not in granted:
        raise ApiError("missing_scope", needed=needed, provided=",".join(sorted(granted)))
