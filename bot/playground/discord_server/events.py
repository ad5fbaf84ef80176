"""Who sees which gateway event, and how much of it. Pure decisions over the world."""

from bot.playground.discord_server.wire import Intent, Json, Permission
from bot.playground.discord_server.world import World

_BY_PREFIX = (
    ("GUILD_MEMBERS_CHUNK", Intent(0)),
    ("GUILD_MEMBER_", Intent.GUILD_MEMBERS),
    ("GUILD_BAN_", Intent(1 << 2)),
    ("GUILD_EMOJIS_", Intent(1 << 3)),
    ("GUILD_SCHEDULED_EVENT_", Intent.GUILD_SCHEDULED_EVENTS),
    ("VOICE_STATE_", Intent.GUILD_VOICE_STATES),
    ("GUILD_", Intent.GUILDS),
    ("CHANNEL_", Intent.GUILDS),
    ("THREAD_", Intent.GUILDS),
    ("MESSAGE_REACTION_", Intent.GUILD_MESSAGE_REACTIONS),
    ("MESSAGE_POLL_VOTE_", Intent.GUILD_MESSAGE_POLLS),
    ("MESSAGE_", Intent.GUILD_MESSAGES),
)
_IN_PRIVATE = {
    Intent.GUILD_MESSAGES: Intent.DIRECT_MESSAGES,
    Intent.GUILD_MESSAGE_REACTIONS: Intent.DIRECT_MESSAGE_REACTIONS,
}
_LISTS = {"voice_states": Intent.GUILD_VOICE_STATES, "guild_scheduled_events": Intent.GUILD_SCHEDULED_EVENTS}
_MESSAGES = ("MESSAGE_CREATE", "MESSAGE_UPDATE")


def seen(world: World, event: str, payload: Json, intents: int) -> Json | None:
    """The event as a session with `intents` gets it; None when it does not get it at all."""
    needed = needed_intent(event, payload)
    if needed & ~intents and not _is_own_membership(world, event, payload):
        return None
    if not _in_sight(world, event, payload):
        return None
    if event in _MESSAGES and not intents & Intent.MESSAGE_CONTENT:
        return without_content(world, payload)
    if event == "GUILD_CREATE":
        return guild_for(world, payload, intents)
    return payload


def needed_intent(event: str, payload: Json) -> int:
    """The intent an event is sent for; 0 for those that always come."""
    intent = next((bits for prefix, bits in _BY_PREFIX if event.startswith(prefix)), Intent(0))
    in_guild = "guild_id" in payload or event == "GUILD_CREATE"
    return intent if in_guild else _IN_PRIVATE.get(intent, intent)


def without_content(world: World, message: Json) -> Json:
    """A message as a bot without the message-content intent sees it.

    Its own messages, private ones and those that mention it stay whole.
    """
    bot = world.bot["id"]
    mentions_bot = any(user["id"] == bot for user in message.get("mentions", []))
    if message["author"]["id"] == bot or mentions_bot or world.guild_of(message["channel_id"]) is None:
        return message
    blank = {**message, "content": "", "embeds": [], "attachments": [], "components": []}
    blank.pop("poll", None)
    quoted = message.get("referenced_message")
    return {**blank, "referenced_message": without_content(world, quoted)} if quoted else blank


def guild_for(world: World, guild: Json, intents: int) -> Json:
    """GUILD_CREATE for a session: without the members intent it shows only the bot itself; who is in a voice channel
    and which events there are only with theirs."""
    members = guild["members"]
    if not intents & Intent.GUILD_MEMBERS:
        members = [member for member in members if member["user"]["id"] == world.bot["id"]]
    threads = [t for t in world.threads(guild["id"]) if not t["thread_metadata"]["archived"]]
    shown = {**guild, "members": members, "threads": threads}
    for key, intent in _LISTS.items():
        shown[key] = guild[key] if intents & intent else []
    return shown


def wanted_members(world: World, request: Json, intents: int) -> list[Json]:
    """The members an op 8 asks for: by ids, by the start of a name, or all with the members intent."""
    members: list[Json] = world.guild(str(request["guild_id"]))["members"]
    if "user_ids" in request:
        asked = request["user_ids"]
        ids = {str(user) for user in (asked if isinstance(asked, list) else [asked])}
        return [member for member in members if member["user"]["id"] in ids]
    query, limit = request.get("query") or "", request.get("limit") or len(members)
    if not query and not intents & Intent.GUILD_MEMBERS:
        return []
    return [m for m in members if m["user"]["username"].lower().startswith(query.lower())][:limit]


def _is_own_membership(world: World, event: str, payload: Json) -> bool:
    return event == "GUILD_MEMBER_UPDATE" and bool(payload["user"]["id"] == world.bot["id"])


def _in_sight(world: World, event: str, payload: Json) -> bool:
    if not event.startswith(("MESSAGE_", "THREAD_")):
        return True
    channel = payload["id"] if event.startswith("THREAD_") else payload["channel_id"]
    return channel not in world.channels or world.bot_may(channel, Permission.VIEW_CHANNEL)
