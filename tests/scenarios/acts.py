"""What people do in a story, the same on both platforms: each act is done by one person, at the moment it is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.runner import Bot
from tests.scenarios.street import Street
from tests.scenarios.streets import DiscordStreet, SlackStreet
from tests.scenarios.test_faults import post

DESK = "desk:acme"


@dataclass
class Scene:
    """A street, and the bot that listens there now. `messages`: (channel, id) by the name that a story gave them."""

    street: SlackStreet | DiscordStreet
    bot: Bot = field(init=False)
    messages: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: int = 0

    @property
    def now(self) -> str:
        return dt.datetime.fromtimestamp(self.street.town.clock.seconds(), dt.UTC).isoformat().replace("+00:00", "Z")

    async def forward(self, what: dict[str, object]) -> None:
        """What another system says, through its signed webhook."""
        self.told += 1
        status, said = await post(self.street.town, self.bot, what, delivery=f"msg_{self.told}")
        assert status == 200, said

    async def settled(self) -> None:
        """Everything was heard, and what is due by now was done."""
        await self.street.heard()
        assert self.bot.schedule is not None
        await self.bot.schedule.tick()

    async def tomorrow(self) -> None:
        """The same time of day."""
        self.street.town.clock.forward(24 * 3600)
        await self.settled()


Act = Callable[[Scene], Awaitable[None]]


def says(who: str, words: int, *rooms: str, name: str = "") -> Act:
    """A message of so many words, in each of these channels. `name`: what later acts call it."""

    async def act(scene: Scene) -> None:
        for room in rooms or ("general",):
            message = await scene.street.say(who, "word " * words, room)
            scene.messages[name] = (room, message)

    return act


def answers(who: str, words: int, name: str, as_: str = "") -> Act:
    async def act(scene: Scene) -> None:
        room, message = scene.messages[name]
        scene.messages[as_] = (room, await scene.street.reply(who, message, "word " * words, room))

    return act


def marks(who: str, emoji: str, name: str) -> Act:
    async def act(scene: Scene) -> None:
        room, message = scene.messages[name]
        await scene.street.react(who, message, emoji, room)

    return act


def unmarks(who: str, emoji: str, name: str) -> Act:
    async def act(scene: Scene) -> None:
        await scene.street.heard()
        room, message = scene.messages[name]
        await scene.street.unreact(who, message, emoji, room)

    return act


def deletes(who: str, name: str) -> Act:
    async def act(scene: Scene) -> None:
        await scene.street.heard()
        room, message = scene.messages[name]
        await scene.street.delete(who, message, room)

    return act


def asks(who: str, line: str) -> Act:
    async def act(scene: Scene) -> None:
        await scene.street.ask(who, line)

    return act


def sends(type_: str, who: str, id_: str = "", **facts: object) -> Act:
    """The desk forwards what somebody did."""

    async def act(scene: Scene) -> None:
        name = id_ or f"{type_}:{scene.told}"
        said = {"source": DESK, "id": name, "type": type_, "at": scene.now, "actor": scene.street.account(who)}
        await scene.forward({**said, "facts": facts} if facts else said)

    return act


def takes_back(id_: str) -> Act:
    """The desk withdraws what it said."""

    async def act(scene: Scene) -> None:
        await scene.forward({"source": DESK, "id": id_, "op": "withdraw", "at": scene.now})

    return act


def joins(key: str) -> Act:
    """Somebody new, who can be told about from now on."""

    async def act(scene: Scene) -> None:
        town, people = scene.street.town, scene.street.side.people
        assert isinstance(people, dict)
        if isinstance(scene.street, SlackStreet):
            people[key] = f"U0{key.upper()}"
            await town.slack.team_join(people[key], key)
            for room in ("general", "help"):
                await town.slack.join(people[key], scene.street.side.channels[room])
        else:
            people[key] = await town.discord.join(town.guild, key)

    return act


def holders(street: Street, rule: str) -> list[str]:
    """Who holds it, as "amira Gold 2026-W11", in order."""
    keys = {street.account(key): key for key in street.side.people}
    query = "SELECT member, tier, period FROM award WHERE achievement = ? AND state = 'awarded'"
    rows = street.town.rows(query, rule)
    return sorted(" ".join(filter(None, (keys.get(member, member), tier, period))) for member, tier, period in rows)
