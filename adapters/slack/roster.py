"""Who and what is in the workspace: people, channels, user groups, kept up to date by events."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from slack_sdk.web.async_client import AsyncWebClient
from structlog.typing import FilteringBoundLogger

from adapters.slack.known import Known
from adapters.slack.payloads import Group, Place, User
from adapters.slack.web import TROUBLE, pages
from core.events import Account
from core.ports import Inbox, Person

LOOK_UP_SECONDS = 2.0  # an unknown channel must not cost the acknowledgement
PAGE = 900
SLACKBOT = "USLACKBOT"


class Roster:
    """A cache; `known` is what the pure functions see of it."""

    def __init__(self, client: AsyncWebClient, inbox: Inbox, log: FilteringBoundLogger) -> None:
        self._client = client
        self._inbox = inbox
        self._log = log
        self.source = ""
        self.address = ""  # of the workspace, as https://acme.slack.com/
        self.me = ""
        self._my_bot = ""
        self.places: dict[str, Place] = {}
        self.people: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self._roles: dict[str, tuple[str, ...]] = {}
        self._grouped = False
        self._bots: set[str] = {SLACKBOT}
        self._gone: set[str] = set()

    def identify(self, auth: Mapping[str, Any]) -> None:
        """Take over who the bot is from the answer of auth.test."""
        self.source = f"slack:{auth['team_id']}"
        self.address = str(auth.get("url") or "")
        self.me = str(auth["user_id"])
        self._my_bot = str(auth.get("bot_id") or "")
        self._bots.add(self.me)

    @property
    def known(self) -> Known:
        return Known(self.source, self.me, self._my_bot, self.places, self._roles, self._bots, self._gone)

    # -- channels

    async def load_places(self) -> None:
        """Read all channels that the bot can see. Raises what a call can raise."""
        kinds = "public_channel,private_channel"
        async for item in pages(self._client.conversations_list, "channels", types=kinds, limit=PAGE):
            self._keep_place(item)

    async def place(self, channel: str) -> Place | None:
        """The channel, looked up once where it is new; None where Slack does not say in time."""
        if channel in self.places:
            return self.places[channel]
        await self.refresh_place(channel)
        return self.places.get(channel)

    async def refresh_place(self, channel: str) -> None:
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                answer = await self._client.conversations_info(channel=channel)
        except TROUBLE as error:
            self._log.info("slack.channel_unknown", channel=channel, error=type(error).__name__)
            return
        self._keep_place(answer.get("channel"))

    def find_place(self, ref: str) -> Place | None:
        """The channel behind an id, `#name` or name; archived ones last."""
        if ref in self.places:
            return self.places[ref]
        name = ref.removeprefix("#").casefold()
        found = [p for p in self.places.values() if p.name.casefold() == name]
        return min(found, key=lambda p: p.is_archived, default=None)

    def _keep_place(self, item: Any) -> None:
        try:
            place = Place.model_validate(item)
        except ValidationError:
            return
        self.places[place.id] = place

    # -- people

    async def load_people(self) -> None:
        """Read everybody, and make them known to the core."""
        seen = []
        async for item in pages(self._client.users_list, "members", limit=PAGE):
            user = self._keep_person(item)
            seen += [user] if user else []
        await self._meet(seen)

    async def ensure_person(self, user: str) -> User | None:
        """The person, looked up once where new."""
        if user in self.people or not user.startswith(("U", "W")):
            return self.people.get(user)
        return await self.refresh_person(user)

    async def refresh_person(self, user: str) -> User | None:
        """The person as Slack shows them now, None where it does not. Raises what a call can raise."""
        answer = await self._client.users_info(user=user)
        found = self._keep_person(answer.get("user"))
        await self._meet([found] if found else [])
        return found

    def find_account(self, name: str) -> Account | None:
        """The one account that is called `@name` or shown so; None where there is none or more than one."""
        wanted = name.removeprefix("@").casefold()
        named = [u for u in self.people.values() if u.name.casefold() == wanted]
        shown = [u for u in self.people.values() if u.shown.casefold() == wanted]
        found = named or shown
        return f"{self.source}/{found[0].id}" if len(found) == 1 else None

    def _keep_person(self, item: Any) -> User | None:
        try:
            user = User.model_validate(item)
        except ValidationError:
            return None
        self.people[user.id] = user
        (self._bots.add if user.is_bot or user.id == SLACKBOT else self._bots.discard)(user.id)
        (self._gone.add if user.deleted else self._gone.discard)(user.id)
        return user

    def person(self, user: User) -> Person:
        return Person(
            account=f"{self.source}/{user.id}",
            name=user.shown,
            bot=user.id in self._bots,
            present=not user.deleted,
            timezone=user.tz,
            roles=self._roles.get(user.id, ()) if self._grouped else None,
        )

    async def _meet(self, users: Iterable[User]) -> None:
        people = [self.person(u) for u in users]
        if people:
            await self._inbox.meet(people)

    # -- user groups

    async def load_groups(self) -> None:
        """Read all user groups with their members. Raises what a call can raise."""
        answer = await self._client.usergroups_list(include_users=True, include_disabled=True)
        groups = [Group.model_validate(g) for g in answer.get("usergroups") or []]
        self.groups = {g.id: g for g in groups}
        self._grouped = True
        self._count_roles()

    def find_group(self, ref: str) -> Group | None:
        """The user group behind an id, `@handle`, handle or name; a disabled one only where no other fits."""
        if ref in self.groups:
            return self.groups[ref]
        wanted = ref.removeprefix("@").casefold()
        found = [g for g in self.groups.values() if wanted in (g.handle.casefold(), g.name.casefold())]
        return min(found, key=lambda g: (g.disabled, g.handle.casefold() != wanted), default=None)

    async def members(self, group: Group) -> list[str]:
        """Who is in the group right now; nobody in a disabled one. Raises what a call can raise."""
        if group.disabled:
            return []
        answer = await self._client.usergroups_users_list(usergroup=group.id)
        return [str(u) for u in answer.get("users") or []]

    async def keep_group(self, group: Group) -> None:
        """Take over a group that was read or written, and tell the core about whom it concerns."""
        before = self.groups.get(group.id)
        self.groups[group.id] = group
        self._count_roles()
        concerned = {*group.users, *(before.users if before else ())}
        await self._meet(self.people[u] for u in sorted(concerned) if u in self.people)

    def _count_roles(self) -> None:
        """A group is known by its name and by its handle: a book may use either."""
        roles: dict[str, list[str]] = defaultdict(list)
        for group in self.groups.values():
            for user in () if group.disabled else group.users:
                roles[user] += dict.fromkeys(filter(None, (group.name, group.handle and f"@{group.handle}")))
        self._roles.clear()
        self._roles.update({user: tuple(names) for user, names in roles.items()})

    # -- events

    async def noticed(self, event: Mapping[str, Any]) -> None:
        """Refresh what an event is about, and get to know people who are new."""
        try:
            await self._notice(event)
        except ValidationError:  # its text would repeat what people wrote
            self._log.warning("slack.ignored", type=event.get("type"))
        except TROUBLE as error:
            self._log.warning("slack.roster_behind", type=event.get("type"), error=type(error).__name__)

    async def _notice(self, event: Mapping[str, Any]) -> None:
        match event.get("type"):
            case "team_join" | "user_change":
                user = self._keep_person(event.get("user"))
                await self._meet([user] if user else [])
            case "subteam_created" | "subteam_updated":
                await self.keep_group(self._whole(Group.model_validate(event.get("subteam"))))
            case "subteam_members_changed":
                await self._regroup(str(event.get("subteam_id")))
            case "channel_created" | "channel_rename" | "group_rename":
                await self._replace(event.get("channel"))
            case "channel_archive" | "channel_unarchive" | "member_joined_channel":
                await self._replace(event.get("channel"))
                await self._greet(event.get("user"))
            case _:
                await self._greet(event.get("user"))

    def _whole(self, group: Group) -> Group:
        """An event may leave the members out: then they are those that were known."""
        before = self.groups.get(group.id)
        if before is None or "users" in group.model_fields_set:
            return group
        return group.model_copy(update={"users": before.users})

    async def _replace(self, channel: Any) -> None:
        which = channel.get("id") if isinstance(channel, dict) else channel
        if isinstance(which, str):
            await self.refresh_place(which)

    async def _greet(self, user: Any) -> None:
        if isinstance(user, str):
            await self.ensure_person(user)

    async def _regroup(self, which: str) -> None:
        group = self.groups.get(which)
        if group is None:
            await self.load_groups()
            group = self.groups.get(which)
        else:
            group = group.model_copy(update={"users": tuple(await self.members(group))})
        if group is not None:
            await self.keep_group(group)
