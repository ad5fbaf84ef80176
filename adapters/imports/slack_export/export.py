"""One pass through an export: people first, then day by day, never more than one day in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from adapters.imports.slack_export.archive import Archive, DayFile, UnreadableFile
from adapters.imports.slack_export.normalise import COUNTED, Normaliser
from adapters.imports.slack_export.payloads import Message, Place, User
from core.events import Statement
from core.ports import Person

NO_PLACE = "in folders that are no listed channel (direct messages among them)"
NOBODY = "without an author"
UNREADABLE = "not understood"


@dataclass(slots=True)
class Report:
    """What was read. `messages`: those that became facts. `skipped`: how many others, by reason.
    `broken`: files that could not be read, and why."""

    files: int = 0
    messages: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


class SlackExport:
    """`source`: `slack:T…`. `people`: everybody in users.json. `files`: how many days `days` will go through."""

    def __init__(self, archive: Archive, source: str | None = None) -> None:
        self._archive = archive
        users = _users(archive)
        self._places = _places(archive)
        self._days = list(archive.days())
        self.files = len(self._days)
        self.source = source or f"slack:{_team(users) or _team_of_messages(archive, self._days)}"
        self.people = [_person(self.source, user) for user in users]
        self.report = Report()
        self._normaliser = Normaliser(self.source, [user.id for user in users if user.is_bot])

    def days(self) -> Iterator[list[Statement]]:
        """The statements of one file after the other, an empty list where there are none."""
        folder, openers = "", dict[str, str]()
        for day in self._days:
            if day.folder != folder:  # threads do not leave their channel
                folder, openers = day.folder, {}
            self.report.files += 1
            yield list(self._day(day, openers))

    def _day(self, day: DayFile, openers: dict[str, str]) -> Iterator[Statement]:
        place = self._places.get(day.folder)
        if place is None:
            self.report.skipped[NO_PLACE] += 1
            return
        try:
            found = self._archive.read_day(day)
        except UnreadableFile as error:
            self.report.broken.append(f"{day.folder}/{day.date}.json {error}")
            return
        messages = [message for raw in found if (message := self._message(raw)) is not None]
        openers.update((m.ts, m.writer) for m in messages if m.thread_ts == m.ts and m.writer)
        for message in messages:
            opener = message.parent_user_id or openers.get(message.thread_ts or "")
            yield from self._normaliser.statements(message, place, opener)

    def _message(self, raw: Any) -> Message | None:
        """The message if it counts; else the report says why it does not."""
        try:
            message = Message.model_validate(raw)
        except ValidationError:
            self.report.skipped[UNREADABLE] += 1
            return None
        if message.subtype not in COUNTED:
            self.report.skipped[f"{message.subtype:.40}"] += 1
            return None
        if message.writer is None:
            self.report.skipped[NOBODY] += 1
            return None
        self.report.messages += 1
        return message


@contextmanager
def open_export(path: Path, source: str | None = None) -> Iterator[SlackExport]:
    """The export in a zip file. `source` where the file does not say which workspace it is. Raises UnreadableFile."""
    archive = Archive(path)
    try:
        yield SlackExport(archive, source)
    finally:
        archive.close()


def _users(archive: Archive) -> list[User]:
    if not archive.has("users.json"):
        raise UnreadableFile("the zip file has no users.json; give an export as Slack made it")
    return [user for raw in _list(archive, "users.json") if (user := _user(raw)) is not None]


def _user(raw: Any) -> User | None:
    try:
        return User.model_validate(raw)
    except ValidationError:
        return None


def _list(archive: Archive, name: str) -> list[Any]:
    try:
        return archive.read_list(name) if archive.has(name) else []
    except UnreadableFile as error:
        raise UnreadableFile(f"{name} {error}") from None


def _places(archive: Archive) -> dict[str, Place]:
    """Channels by folder. Direct messages (dms.json, mpims.json) are no part of the community and stay unread."""
    places: dict[str, Place] = {}
    for name, private in (("groups.json", True), ("channels.json", False)):
        for raw in _list(archive, name):
            try:
                place = Place.model_validate(raw)
            except ValidationError:
                continue
            places[place.name] = place.model_copy(update={"private": private})
    return places


def _team(users: list[User]) -> str | None:
    """Guests from connected workspaces are listed, too: the workspace is the one most people are of."""
    teams = Counter(team for user in users if (team := user.team_id or user.profile.team))
    return min(teams, key=lambda team: (-teams[team], team)) if teams else None


def _team_of_messages(archive: Archive, days: list[DayFile]) -> str:
    for day in days[:50]:
        try:
            found = archive.read_day(day)
        except UnreadableFile:
            continue
        for raw in found:
            team = raw.get("team") if isinstance(raw, dict) else None
            if isinstance(team, str) and team.isalnum():
                return team
    raise UnreadableFile("the file does not say which workspace it is of; say it with --source slack:T…")


def _person(source: str, user: User) -> Person:
    return Person(
        f"{source}/{user.id}", user.shown, bot=user.is_bot, present=not user.deleted, timezone=user.tz or None
    )
