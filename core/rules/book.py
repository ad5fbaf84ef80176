"""The rule book of one community, as read from its file: what it says, with `[defaults]` filled in.

`core.rules.loading.load` reads one; `parse` reads one without the checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import Field, PrivateAttr, model_validator

from core.catalogue import WATCHED
from core.places import Places
from core.rights import Role
from core.rules.boards import ONLY, BoardRule, Season
from core.rules.community import (
    NOWHERE,
    Channels,
    Community,
    Defaults,
    Digest,
    Kudos,
    Moderators,
    OnPlatforms,
    Pictures,
    Platform,
    Types,
)
from core.rules.conditions import Achievement, Counting, Level, Part, ScoreRule, Signal, Source
from core.rules.connectors import Mapped
from core.rules.durations import Duration
from core.rules.examples import Example
from core.rules.fairness import Fairness
from core.rules.filters import Filter
from core.rules.givers import Giver
from core.rules.grammar import DATED, Language, Table, Text, Texts
from core.rules.noise import Noise
from core.rules.rewards import Reward, Rewards
from core.rules.teams import Team
from core.rules.webhooks import Webhook

OPEN_FOR = "90 days"
MADE_FROM_TEXT = frozenset({"length", "words", "has_link", "has_code", "has_question", "mentions"})
"""Facts of a chat message that an edge makes from its text and then drops the text."""

__all__ = ["Achievement", "Duration", "Filter", "Level", "Part", "RuleBook", "ScoreRule", "Signal", "Source"]


@dataclass(frozen=True, slots=True)
class Written:
    """What a book was read from: the text, and the name of its file for those who read a fault."""

    text: str = ""
    file: str = "rules.toml"


class RuleBook(Table):
    """Everything a community manager decides. Keys of the dicts are the ids, as in `[achievement.helper]`."""

    rules: Language
    community: Community = Community()
    defaults: Defaults = Defaults()
    words: dict[Text, Texts] = Field(default_factory=dict)
    signals: dict[Text, Signal] = Field(default_factory=dict, alias="signal")
    achievements: dict[Text, Achievement] = Field(default_factory=dict, alias="achievement")
    scores: dict[Text, ScoreRule] = Field(default_factory=dict, alias="score")
    levels: tuple[Level, ...] = Field((), alias="level")
    boards: dict[Text, BoardRule] = Field(default_factory=dict, alias="board")
    seasons: dict[Text, Season] = Field(default_factory=dict, alias="season")
    channels: Channels = Channels()
    digest: Digest = Digest()
    pictures: Pictures = Pictures()
    noise: Noise | None = None
    fairness: Fairness = Fairness()
    kudos: Kudos = Kudos()
    givers: tuple[Giver, ...] = ()
    creators: OnPlatforms = NOWHERE
    moderators: Moderators = Moderators()
    managers: OnPlatforms = NOWHERE
    admins: OnPlatforms = NOWHERE
    roles: dict[Text, OnPlatforms] = Field(default_factory=dict)
    teams: dict[Text, Team] = Field(default_factory=dict, alias="team")
    types: Types = Types()
    rewards: Rewards | None = None
    shelf: dict[Text, Reward] = Field(default_factory=dict, alias="reward")
    webhooks: tuple[Webhook, ...] = Field((), alias="webhook")
    connectors: dict[Text, Mapped] = Field(default_factory=dict)
    examples: tuple[Example, ...] = Field((), alias="example")
    _written: Written = PrivateAttr(default=Written())

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        return with_defaults(data) if isinstance(data, dict) else data

    @property
    def written(self) -> Written:
        """Where it was read; empty for a book that was not read from a text."""
        return self._written

    def read_from(self, text: str, file: str) -> RuleBook:
        """The same book, which now knows where it was read."""
        self._written = Written(text, file)
        return self

    def places(self, platform: Platform) -> Places:
        """What the book says about one platform."""
        channels = {name: getattr(self.channels, name).on(platform) for name in Channels.model_fields}
        roles = {name: there.on(platform) for name, there in self.roles.items()}
        return Places(
            channels={name: there for name, there in channels.items() if there is not None},
            roles={name: there for name, there in roles.items() if there is not None},
            rights=self._rights(platform),
            givers=tuple(dict.fromkeys(there for giver in self.givers if (there := giver.on(platform)) is not None)),
            teams=tuple(there for team in self.teams.values() if (there := team.on(platform)) is not None),
            staff=self.community.staff,
            given_roles=self.given_roles,
            ignore_channels=tuple(self.community.ignore_channels),
            only_channels=tuple(self.community.only_channels),
            reads_text=self.reads_text,
            watches=self.types_used() & WATCHED,
        )

    def _rights(self, platform: Platform) -> dict[Role, str]:
        """Which user group or role of a platform makes people what."""
        named: dict[Role, OnPlatforms] = {
            "creator": self.creators,
            "moderator": self.moderators,
            "manager": self.managers,
            "admin": self.admins,
        }
        found = {role: there.on(platform) for role, there in named.items()}
        return {role: there for role, there in found.items() if there is not None}

    @property
    def open_boards(self) -> dict[str, BoardRule]:
        """What people may look at, by id; without any of its own, a book with a score has one for it, without an id."""
        return self.boards or ({"": ONLY} if self.scores else {})

    @property
    def given_roles(self) -> tuple[str, ...]:
        """Every role that a rule gives, once each, as the rule says it."""
        given = [a.gives_role for a in self.achievements.values() if a.on]
        given += [level.gives_role for level in self.levels]
        return tuple(dict.fromkeys(role for role in given if role is not None))

    @property
    def reads_text(self) -> bool:
        """Whether a rule needs facts that are made from the text of messages."""
        return not MADE_FROM_TEXT.isdisjoint(name for source in self.sources() for name in facts_used(source))

    def sources(self) -> Iterator[Source]:
        """Every condition of every rule that is on, parts included (steps and `unless` are inside them)."""
        yield from self.signals.values()
        yield from self.scores.values()
        for achievement in self.achievements.values():
            if achievement.on:
                yield from conditions(achievement)

    def types_used(self) -> frozenset[str]:
        """Event types (and signal names) that a rule of the book names."""
        return frozenset(name for source in self.sources() for name in types_named(source))


def conditions(achievement: Achievement | Part) -> Iterator[Achievement | Part]:
    """An achievement's condition and, below it, the parts of `all` and `any`."""
    yield achievement
    for part in (*(achievement.all_ or ()), *(achievement.any_ or ())):
        yield from conditions(part)


def types_named(source: Source) -> Iterator[str]:
    """Event types and signals that one condition names, without those of its parts."""
    yield from source.when
    if isinstance(source, Counting) and source.unless:
        yield from source.unless.when
    for step in getattr(source, "steps", None) or ():
        yield from step.when


def facts_used(source: Source) -> Iterator[str]:
    """Names of facts that one condition looks at, without those of its parts."""
    filters = list(source.where)
    if isinstance(source, Counting):
        yield from (name for name in (source.distinct, source.sum, source.best, source.each) if name)
        filters += source.unless.where if source.unless else ()
    for step in getattr(source, "steps", None) or ():
        filters += step.where
    yield from (f.fact for f in filters)


def with_defaults(data: dict[str, Any]) -> dict[str, Any]:
    """The file's tables with `[defaults]` written into every rule that does not say otherwise."""
    defaults = data.get("defaults")
    defaults = defaults if isinstance(defaults, dict) else {}
    award = {k: defaults[k] for k in ("announce", "settle", "if_undone", "timezone") if k in defaults}
    filled = dict(data)
    for section, values in (("achievement", award), ("signal", {}), ("score", {})):
        rules = data.get(section)
        if isinstance(rules, dict):
            filled[section] = {k: _filled(section, r, values, defaults) for k, r in rules.items()}
    return filled


def _filled(section: str, rule: Any, values: dict[str, Any], defaults: dict[str, Any]) -> Any:
    if not isinstance(rule, dict):
        return rule
    more = dict(values)
    if "limit" in defaults and "when" in rule:
        more["limit"] = defaults["limit"]
    if section == "signal" and isinstance(each := rule.get("each"), str) and each in DATED:
        more["open_for"] = defaults.get("open_for", OPEN_FOR)
    return {**more, **rule}
