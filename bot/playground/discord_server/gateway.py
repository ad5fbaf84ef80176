"""The gateway: sockets, sessions, and which event a session gets to see in which form."""

import secrets
import zlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from bot.playground.discord_server import events, shapes
from bot.playground.discord_server.connection import Connection
from bot.playground.discord_server.faults import Faults
from bot.playground.discord_server.wire import Intent, Json
from bot.playground.discord_server.world import World

_KEPT_EVENTS = 5000  # a session that missed more cannot be resumed
_DISPATCH, _HEARTBEAT, _IDENTIFY, _PRESENCE, _VOICE, _RESUME = 0, 1, 2, 3, 4, 6
_RECONNECT, _REQUEST_MEMBERS, _INVALID_SESSION, _HELLO, _HEARTBEAT_ACK = 7, 8, 9, 10, 11
_NORMAL_CLOSES = (1000, 1001)  # the client ends its session; any other code keeps it for RESUME
_PRIVILEGED = Intent.GUILD_MEMBERS | Intent.PRESENCES | Intent.MESSAGE_CONTENT
_CHUNK = 1000  # members in one GUILD_MEMBERS_CHUNK

_Op = Callable[[Connection, Any], Awaitable[None]]


@dataclass(slots=True)
class Session:
    """What the gateway remembers of one IDENTIFY, connected or not."""

    id: str
    intents: int
    connection: Connection | None
    seq: int = 0
    kept: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=_KEPT_EVENTS))

    def push(self, event: str, payload: Json) -> None:
        """Sends an event and keeps it for a RESUME."""
        self.seq += 1
        raw = orjson.dumps({"op": _DISPATCH, "d": payload, "s": self.seq, "t": event})
        self.kept.append((self.seq, raw))
        if self.connection is not None:
            self.connection.send_raw(raw)

    def can_replay(self, seq: int) -> bool:
        """Whether everything after `seq` is still there."""
        return seq == self.seq or bool(self.kept and self.kept[0][0] <= seq + 1)


class Gateway:
    """All sessions. Attach `route` to the world: it hands each event to every session that may see it."""

    def __init__(self, world: World, token: str, faults: Faults) -> None:
        self.world = world
        self.token = token
        self.faults = faults
        self.url = ""
        self.heartbeat_ms = 41_250
        self.sessions: dict[str, Session] = {}
        self.connections: list[Connection] = []
        self.received: list[Json] = []  # every frame the bot sent, for tests
        self.identified = 0
        self.resumed = 0
        self._ops: dict[int, _Op] = {
            _HEARTBEAT: self._beat,
            _IDENTIFY: self._identify,
            _PRESENCE: self._ignore,
            _VOICE: self._ignore,
            _RESUME: self._resume,
            _REQUEST_MEMBERS: self._send_members,
        }

    # -- events -------------------------------------------------------------------------------------------

    def route(self, event: str, payload: Json) -> None:
        """Takes an event of the world, past the faults."""
        if self.sessions:
            self.faults.route(event, payload, self._dispatch)

    def _dispatch(self, event: str, payload: Json) -> None:
        for session in tuple(self.sessions.values()):
            seen = events.seen(self.world, event, payload, session.intents)
            if seen is not None:
                session.push(event, seen)

    @property
    def connected(self) -> bool:
        """Whether a bot is there to hear what happens."""
        return any(session.connection is not None for session in self.sessions.values())

    # -- sockets ------------------------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One socket from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        deflate = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        connection = Connection(socket, request.transport, deflate)
        self.connections.append(connection)
        connection.send(_HELLO, {"heartbeat_interval": self.heartbeat_ms, "_trace": ["plaudit"]})
        try:
            await self._listen(connection)
        finally:
            self._detach(connection)
            await connection.finish()
        return socket

    async def _listen(self, connection: Connection) -> None:
        async for frame in connection.socket:
            if connection.silent or frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                continue
            try:
                payload = orjson.loads(frame.data)
            except orjson.JSONDecodeError:
                connection.close(4002, "Decode error.")
                continue
            self.received.append(payload)
            await self._handle(connection, payload)

    async def _handle(self, connection: Connection, payload: Json) -> None:
        handler = self._ops.get(payload.get("op", -1))
        if handler is None:
            connection.close(4001, "Unknown opcode.")
            return
        try:
            await handler(connection, payload.get("d"))
        except (KeyError, TypeError):  # a frame without what its op needs
            connection.close(4002, "Decode error.")

    def _detach(self, connection: Connection) -> None:
        self.connections.remove(connection)
        for session in tuple(self.sessions.values()):
            if session.connection is connection:
                session.connection = None
                if connection.socket.close_code in _NORMAL_CLOSES and not connection.closed_here:
                    del self.sessions[session.id]

    # -- what the bot sends -------------------------------------------------------------------------------

    async def _ignore(self, connection: Connection, data: Any) -> None:
        """Presence and voice updates: accepted, nobody looks."""

    async def _beat(self, connection: Connection, data: Any) -> None:
        connection.send(_HEARTBEAT_ACK)

    async def _identify(self, connection: Connection, data: Json) -> None:
        if data["token"] != self.token:
            connection.close(4004, "Authentication failed.")
        elif self._session_on(connection):
            connection.close(4005, "Already authenticated.")
        elif data["intents"] & _PRIVILEGED & ~self._allowed_intents():
            connection.close(4014, "Disallowed intent(s).")
        else:
            self._welcome(Session(secrets.token_hex(16), data["intents"], connection), data)

    def _session_on(self, connection: Connection) -> Session | None:
        return next((s for s in self.sessions.values() if s.connection is connection), None)

    def _allowed_intents(self) -> int:
        world, allowed = self.world, Intent.PRESENCES
        allowed |= Intent.GUILD_MEMBERS if world.members_allowed else Intent(0)
        return allowed | (Intent.MESSAGE_CONTENT if world.message_content_allowed else Intent(0))

    def _welcome(self, session: Session, data: Json) -> None:
        self.identified += 1
        self.sessions[session.id] = session
        session.push("READY", self._ready(session, data))
        for guild in self.world.guilds.values():
            session.push("GUILD_CREATE", events.guild_for(self.world, guild, session.intents))

    def _ready(self, session: Session, data: Json) -> Json:
        return {
            "v": 10,
            "user": shapes.private_user(self.world.bot),
            "guilds": [{"id": guild, "unavailable": True} for guild in self.world.guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": data.get("shard", [0, 1]),
            "application": {"id": self.world.bot["id"], "flags": 0},
            **{key: [] for key in ("private_channels", "relationships", "presences", "_trace")},
        }

    async def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(data["session_id"])
        if data["token"] != self.token:
            connection.close(4004, "Authentication failed.")
        elif session is None or not self.faults.resumable or not session.can_replay(data["seq"]):
            self.sessions.pop(data["session_id"], None)
            connection.send(_INVALID_SESSION, False)
        elif data["seq"] > session.seq:
            connection.close(4007, "Invalid seq.")
        else:
            self._replay(session, connection, data["seq"])

    def _replay(self, session: Session, connection: Connection, seq: int) -> None:
        self.resumed += 1
        session.connection = connection
        for number, raw in tuple(session.kept):
            if number > seq:
                connection.send_raw(raw)
        session.push("RESUMED", {"_trace": []})

    async def _send_members(self, connection: Connection, data: Json) -> None:
        session = self._session_on(connection)
        if session is None:
            connection.close(4003, "Not authenticated.")
            return
        members = events.wanted_members(self.world, data, session.intents)
        chunks = [members[at : at + _CHUNK] for at in range(0, len(members), _CHUNK)] or [[]]
        for index, chunk in enumerate(chunks):
            place = {"guild_id": str(data["guild_id"]), "chunk_index": index, "chunk_count": len(chunks)}
            session.push("GUILD_MEMBERS_CHUNK", {**place, "members": chunk, "nonce": data.get("nonce")})

    # -- what a test does to sockets ----------------------------------------------------------------------

    def drop(self, code: int = 4000, *, abort: bool = False) -> None:
        """Closes every socket with `code`, or cuts the line without a word."""
        for connection in tuple(self.connections):
            session = self._session_on(connection)
            if session is not None:
                session.connection = None  # what happens from now on waits for the RESUME
            if abort:
                connection.abort()
            else:
                connection.close(code, "")

    def freeze(self) -> None:
        """Leaves every socket open and dead: nothing is sent, nothing is heard, no heartbeat is answered."""
        for connection in self.connections:
            connection.silent = True
            session = self._session_on(connection)
            if session is not None:
                session.connection = None

    def ask_to_reconnect(self) -> None:
        """Op 7: the bot shall come back and resume."""
        for connection in self.connections:
            connection.send(_RECONNECT)

    def end_sessions(self) -> None:
        """Op 9: the sessions are over; what happens until the next IDENTIFY is never sent."""
        self.sessions.clear()
        for connection in self.connections:
            connection.send(_INVALID_SESSION, False)
