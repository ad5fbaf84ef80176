"""The REST routes of the bot itself, of guilds, members and roles."""

from bot.playground.discord_server import shapes
from bot.playground.discord_server.call import Call, Route
from bot.playground.discord_server.gateway import Gateway
from bot.playground.discord_server.wire import (
    Answer,
    Json,
    Permission,
    missing_access,
    missing_permissions,
    unknown,
)
from bot.playground.discord_server.world import World

_CONTENT_FLAG, _MEMBERS_FLAG = 1 << 19, 1 << 15  # "limited": granted to a bot in under 100 guilds

# The many fields of an application that this world leaves empty.
_ABSENT = ("icon", "type", "team", "interactions_endpoint_url", "role_connections_verification_url")
_NO = (
    *("bot_require_code_grant", "is_monetized", "is_verified", "is_discoverable", "storefront_available"),
    "integration_require_code_grant",
)
_ONES = (
    *("creator_monetization_state", "discoverability_state", "internal_guild_restriction"),
    *("monetization_eligibility_flags", "store_application_state", "verification_state"),
)
_ZEROS = (
    *("discovery_eligibility_flags", "explicit_content_filter", "monetization_state"),
    *("rpc_application_state", "approximate_user_install_count", "approximate_user_authorization_count"),
)


class GuildRoutes:
    """Who and what is there, and the one thing the bot changes: members' roles."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway

    def routes(self) -> list[Route]:
        """All of them."""
        guild = "/guilds/{guild_id}"
        member = f"{guild}/members/{{user_id}}"
        return [
            Route("GET", "/users/@me", lambda _: shapes.private_user(self.world.bot)),
            Route("GET", "/users/{user_id}", self.user),
            Route("GET", "/applications/@me", lambda _: self.application()),
            Route("GET", "/oauth2/applications/@me", lambda _: self.application()),
            Route("GET", "/gateway", lambda _: {"url": self.gateway.url}),
            Route("GET", "/gateway/bot", self.gateway_bot),
            Route("GET", guild, self.guild),
            Route("GET", f"{guild}/channels", lambda call: self._guild(call)["channels"]),
            Route("GET", f"{guild}/roles", lambda call: self._guild(call)["roles"]),
            Route("GET", f"{guild}/emojis", lambda call: self._guild(call)["emojis"]),
            Route("GET", f"{guild}/members", self.members),
            Route("GET", f"{guild}/members/search", self.search),
            Route("GET", member, self.member),
            Route("PATCH", member, self.change_member),
            Route("PUT", f"{member}/roles/{{role_id}}", self.give_role),
            Route("DELETE", f"{member}/roles/{{role_id}}", self.take_role),
        ]

    # -- the bot ------------------------------------------------------------------------------------------

    def application(self) -> Json:
        """The bot's application; its flags show which privileged intents are granted."""
        flags = _CONTENT_FLAG * self.world.message_content_allowed + _MEMBERS_FLAG * self.world.members_allowed
        return application(self.world, flags)

    def gateway_bot(self, call: Call) -> Answer:
        """Where to connect and how often one may still identify today."""
        starts = {"total": 1000, "remaining": max(0, 1000 - self.gateway.identified)}
        starts |= {"reset_after": 86_400_000, "max_concurrency": 1}
        return {"url": self.gateway.url, "shards": 1, "session_start_limit": starts}

    def user(self, call: Call) -> Answer:
        """One user."""
        user = self.world.users.get(call.params["user_id"])
        if user is None:
            raise unknown("User")
        return user

    # -- guilds and members -------------------------------------------------------------------------------

    def guild(self, call: Call) -> Answer:
        """One guild the bot is in."""
        return shapes.guild_over_rest(self._guild(call), with_counts=call.flag("with_counts"))

    def members(self, call: Call) -> Answer:
        """Members by ascending id; needs the members intent."""
        if not self.world.members_allowed:
            raise missing_access()
        after = int(call.query.get("after", 0))
        members = sorted(self._guild(call)["members"], key=_user_number)
        page = [member for member in members if _user_number(member) > after]
        return page[: call.number("limit", 1, most=1000)]

    def search(self, call: Call) -> Answer:
        """Members whose name starts with the query."""
        query = call.query.get("query", "").lower()
        found = [m for m in self._guild(call)["members"] if m["user"]["username"].lower().startswith(query)]
        return found[: call.number("limit", 1, most=1000)]

    def member(self, call: Call) -> Answer:
        """One member."""
        return self._member(call)

    def change_member(self, call: Call) -> Answer:
        """Sets a member's roles (and nickname) in one go; every role that changes is checked."""
        member, body = self._member(call), call.body
        if body.get("roles") is not None:
            wanted = list(dict.fromkeys(str(role) for role in body["roles"]))
            self._set_roles(call.params["guild_id"], member, wanted)
        if "nick" in body:
            self._rename(call.params["guild_id"], member, body["nick"] or None)
        return member

    def give_role(self, call: Call) -> Answer:
        """Adds one role."""
        member, role = self._member(call), call.params["role_id"]
        self._check_role(call.params["guild_id"], role)
        self._set_roles(call.params["guild_id"], member, [*dict.fromkeys([*member["roles"], role])])
        return None

    def take_role(self, call: Call) -> Answer:
        """Takes one role away."""
        member, role = self._member(call), call.params["role_id"]
        self._check_role(call.params["guild_id"], role)
        self._set_roles(call.params["guild_id"], member, [r for r in member["roles"] if r != role])
        return None

    def _set_roles(self, guild: str, member: Json, wanted: list[str]) -> None:
        changed = set(wanted) ^ set(member["roles"])
        for role in changed:
            self._check_role(guild, role)
        member["roles"] = wanted
        if changed:
            self.world.emit("GUILD_MEMBER_UPDATE", {**member, "guild_id": guild})

    def _rename(self, guild: str, member: Json, nick: str | None) -> None:
        member["nick"] = nick
        self.world.emit("GUILD_MEMBER_UPDATE", {**member, "guild_id": guild})

    def _check_role(self, guild: str, role: str) -> None:
        """Manage Roles, and a role below the bot's own highest that belongs to no integration; else 403."""
        shape, bot = self.world.role(guild, role), self.world.bot["id"]
        may = self.world.permissions(guild, bot) & Permission.MANAGE_ROLES
        is_below = shape["position"] < self.world.top_position(guild, bot)
        if not may or not is_below or shape["managed"] or role == guild:
            raise missing_permissions()

    def _guild(self, call: Call) -> Json:
        return self.world.guild(call.params["guild_id"])

    def _member(self, call: Call) -> Json:
        user = call.params["user_id"]
        return self.world.member(call.params["guild_id"], self.world.bot["id"] if user == "@me" else user)


def _user_number(member: Json) -> int:
    return int(member["user"]["id"])


def application(world: World, flags: int) -> Json:
    """The application behind the bot, in the shape of GET /applications/@me."""
    owners = [world.users[guild["owner_id"]] for guild in world.guilds.values()]
    return {
        **dict.fromkeys(_ABSENT),
        **dict.fromkeys(_NO, False),
        **dict.fromkeys(_ONES, 1),
        **dict.fromkeys(_ZEROS, 0),
        "id": world.bot["id"],
        "name": world.bot["username"],
        "description": "",
        "summary": "",
        "bot_public": True,
        "integration_public": True,
        "hook": True,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "owner": owners[0] if owners else world.bot,
        "bot": world.bot,
        "redirect_uris": [],
        "eligible_oauth2_scopes": [],
        "integration_types_config": {},
        "approximate_guild_count": len(world.guilds),
        "event_webhooks_status": 1,
        "max_participants": -1,
    }
