"""What somebody may do: by the user groups that the book names, and as a workspace admin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adapters.slack.roster import Roster
from core.rights import NAMED, Role, mightiest


async def role_of(roster: Roster, user: str, groups: Mapping[Role, str]) -> Role:
    """Asked of Slack right now. Raises what a call can raise: without an answer nobody has a right."""
    person = await roster.refresh_person(user)
    if person is None or person.deleted:
        return "member"
    if person.is_admin or person.is_owner:
        return "admin"
    for role in NAMED:
        found = roster.find_group(groups[role]) if role in groups else None
        if found is not None and user in await roster.members(found):
            return role
    return "member"


async def groups_of(roster: Roster, user: str, named: Iterable[str]) -> frozenset[str]:
    """Which of these user groups the person is in. Asked of Slack right now, and raises as role_of."""
    person = await roster.refresh_person(user)
    if person is None or person.deleted:
        return frozenset()
    found = {ref: group for ref in named if (group := roster.find_group(ref)) is not None}
    return frozenset([ref for ref, group in found.items() if user in await roster.members(group)])


def seeming_groups(roster: Roster, user: str, named: Iterable[str]) -> frozenset[str]:
    """The same as far as is known without asking: good enough to show more, never to allow anything."""
    found = {ref: group for ref in named if (group := roster.find_group(ref)) is not None}
    return frozenset(ref for ref, group in found.items() if not group.disabled and user in group.users)


def seeming_role(roster: Roster, user: str, groups: Mapping[Role, str]) -> Role:
    """As far as is known without asking: good enough to show more, never to allow anything."""
    person = roster.people.get(user)
    if person is not None and not person.deleted and (person.is_admin or person.is_owner):
        return "admin"

    def holds(role: Role) -> bool:
        found = roster.find_group(groups[role]) if role in groups else None
        return found is not None and not found.disabled and user in found.users

    return mightiest(holds)
