"""The demo community: the same people and channels on a local Slack and a local Discord."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from bot.playground.discord_server import DiscordServer
from bot.playground.discord_server.world import ENGLISH
from bot.playground.forge import SOURCE as FORGE
from bot.playground.slack_server import SlackServer
from core.languages import DISCORD
from core.rules.book import RuleBook
from core.rules.loading import load

RULES = "rules.toml"
ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the cast. `key` is their handle on both platforms, `nick` what they call themselves on Discord: until
    they say so, nobody knows that it is the same person."""

    key: str
    name: str
    nick: str
    moderator: bool = False


CAST = (
    Person("amira", "Amira", "Amira K."),
    Person("jonas", "Jonas", "Jonas B."),
    Person("lena", "Lena", "Lena F."),
    Person("kofi", "Kofi", "Kofi A."),
    Person("mei", "Mei", "Mei L."),
    Person("tomas", "Tomás", "Tomás R."),
    Person("noor", "Noor", "Noor S.", moderator=True),
)
LOBBY = "general"
CHANNELS = (LOBBY, "help", "show-and-tell", "wins", "mods")
TRUSTED, MODERATORS = "Trusted helper", "Moderator"
_ABOVE_TRUSTED, _LOW = 3, 1


@dataclass(frozen=True, slots=True)
class Side:
    """The community as one platform knows it: ids of people by key, of channels by name."""

    source: str
    people: Mapping[str, str]
    channels: Mapping[str, str]

    def account(self, key: str) -> str:
        """The person's account, as facts name it."""
        return f"{self.source}/{self.people[key]}"


@dataclass(frozen=True, slots=True)
class Community:
    """Both sides and the servers they live on. `language`: what its people speak."""

    slack: SlackServer
    discord: DiscordServer
    slack_side: Side
    discord_side: Side
    language: str = "en"

    def picture(self, platform: str, file: str) -> bytes | None:
        """What the bot sent with a message, by the id of the file."""
        if platform == "discord":
            return self.discord.world.files.get(file)
        upload = self.slack.world.files.held.get(file)
        return upload.content if upload is not None else None


def rules_text() -> str:
    """The demo's rule book, as it is shipped."""
    return (files("bot.playground") / RULES).read_text("utf-8")


def sources_of(community: Community) -> tuple[str, ...]:
    """Both servers and the small GitHub: one community."""
    return community.slack_side.source, community.discord_side.source, FORGE


def rule_book(sources: Sequence[str], text: str | None = None, language: str = "en") -> RuleBook:
    """The demo's book, or `text` in its place, for the one community that these sources are, in its language."""
    book = load(rules_text() if text is None else text, RULES)
    ours = book.community.model_copy(update={"sources": tuple(sources), "language": language})
    return book.model_copy(update={"community": ours})


def furnish(slack: SlackServer, discord: DiscordServer, language: str = "en") -> Community:
    """Puts the cast, their channels, roles and user groups on both servers."""
    guild = discord.add_guild("Makers")
    community = Community(slack, discord, _furnish_slack(slack), _furnish_discord(discord, guild), language)
    for person in community.discord_side.people.values():
        discord.world.speak(person, DISCORD.get(language, ENGLISH))
    return community


def _furnish_slack(server: SlackServer) -> Side:
    people = {person.key: _add_to_slack(server, person) for person in CAST}
    channels = {name: f"C0{name.replace('-', '').upper()}" for name in CHANNELS}
    for name, where in channels.items():
        server.add_channel(where, name, _members(name, people), is_private=name == "mods")
    server.add_usergroup("trusted-helper", TRUSTED)
    moderators = server.add_usergroup("moderators", "Moderators")
    server.usergroups[moderators]["users"] = [people[p.key] for p in CAST if p.moderator]
    return Side(f"slack:{server.me.team_id}", people, channels)


def _add_to_slack(server: SlackServer, person: Person) -> str:
    who = server.add_user(f"U0{person.key.upper()}", person.key, real_name=person.name)
    names = ("real_name", "real_name_normalized", "display_name", "display_name_normalized")
    server.users[who]["profile"] |= dict.fromkeys(names, person.name)
    return who


def _members(channel: str, people: Mapping[str, str]) -> list[str]:
    """Everybody, but for the moderators' channel."""
    return [people[p.key] for p in CAST if channel != "mods" or p.moderator]


def _furnish_discord(server: DiscordServer, guild: str) -> Side:
    channels = {name: server.add_channel(guild, name) for name in CHANNELS}
    server.add_role(guild, TRUSTED, position=_LOW)
    moderator = server.add_role(guild, MODERATORS, position=_ABOVE_TRUSTED)
    people = {p.key: _add_to_discord(server, guild, p, moderator) for p in CAST}
    return Side(f"discord:{guild}", people, channels)


def _add_to_discord(server: DiscordServer, guild: str, person: Person, moderator: str) -> str:
    who = server.add_member(guild, person.key, [moderator] if person.moderator else [])
    server.world.users[who]["global_name"] = person.nick
    return who
