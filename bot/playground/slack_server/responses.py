"""`response_url`: five uses within thirty minutes, and what a response does to the workspace."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from . import shapes
from .blocks import problems
from .errors import ApiError, Json
from .story import Story
from .world import Ephemeral, World

USES = 5
LIFETIME = 1800.0


@dataclass(slots=True)
class Reach:
    """What one response_url may touch: the place, the person, and the message it was made for, if any."""

    channel: str
    user: str
    born: float
    original: str | None = None
    ephemeral: bool = False
    thread_ts: str | None = None
    used: int = 0


class Responses:
    """All response_urls handed out so far."""

    def __init__(self, world: World, story: Story, base: Callable[[], str]) -> None:
        self._world = world
        self._story = story
        self._base = base
        self._reaches: dict[str, Reach] = {}

    def url(
        self,
        channel: str,
        user: str,
        *,
        original: str | None = None,
        ephemeral: bool = False,
        thread_ts: str | None = None,
    ) -> str:
        """A new response_url; `original` is the `ts` of the message whose button was pressed."""
        key = secrets.token_hex(12)
        born = self._world.ticker.seconds()
        self._reaches[key] = Reach(channel, user, born, original, ephemeral, thread_ts)
        return f"{self._base()}/respond/{key}"

    def use(self, key: str, body: Json) -> None:
        """Do what a response asks. Raises with status 404 when the URL is used up, too old or unknown."""
        reach = self._reaches.get(key)
        if reach is None or self._world.ticker.seconds() - reach.born > LIFETIME:
            raise ApiError("expired_url", status=404)
        if reach.used >= USES:
            raise ApiError("used_url", status=404)
        reach.used += 1
        self.respond(reach, body)

    def respond(self, reach: Reach, body: Json) -> None:
        """Post, replace or delete as `body` says; also for the text a command is acknowledged with."""
        if body.get("delete_original"):
            self._delete(reach)
            return
        if not body.get("text") and not body.get("blocks"):
            raise ApiError("no_text")
        shown = body.get("blocks") or []
        if problems(shown) or self._world.files.problems(shown):
            raise ApiError("invalid_blocks")
        if body.get("replace_original") and reach.original:
            self._replace(reach, body)
        elif body.get("response_type") == "in_channel":
            self._post(reach, body)
        else:
            self._whisper(reach, body)

    def _delete(self, reach: Reach) -> None:
        if reach.ephemeral:
            self._world.ephemerals.remove(self._whispered(reach))
        elif reach.original:
            self._story.remove(reach.channel, reach.original)

    def _replace(self, reach: Reach, body: Json) -> None:
        change = {"text": body.get("text", ""), "blocks": body.get("blocks") or []}
        if reach.ephemeral:
            shown = self._whispered(reach)
            shown.text, shown.blocks = change["text"], change["blocks"]
        elif reach.original:
            self._story.edit(reach.channel, reach.original, self._world.me.bot_user, change)

    def _whispered(self, reach: Reach) -> Ephemeral:
        for shown in self._world.ephemerals:
            if shown.ts == reach.original and shown.user == reach.user:
                return shown
        raise ApiError("message_not_found")

    def _post(self, reach: Reach, body: Json) -> None:
        more = shapes.pick(body, "blocks metadata")
        self._story.post_as_bot(reach.channel, body.get("text", ""), body.get("thread_ts"), **more)

    def _whisper(self, reach: Reach, body: Json) -> None:
        thread_ts = body.get("thread_ts") or reach.thread_ts
        blocks = shapes.pick(body, "blocks").get("blocks") or []
        ts = self._world.ticker.ts()
        shown = Ephemeral(reach.user, reach.channel, ts, body.get("text", ""), blocks, thread_ts)
        self._world.ephemerals.append(shown)
