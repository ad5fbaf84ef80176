"""Who may grant, revoke and validate: members of the moderators' user group, and workspace admins."""

from adapters.slack.roster import Roster


async def is_moderator(roster: Roster, user: str, group: str | None) -> bool:
    """Asked of Slack right now. Raises what a call can raise: without an answer nobody has the right."""
    person = await roster.refresh_person(user)
    if person is None or person.deleted:
        return False
    if person.is_admin or person.is_owner:
        return True
    found = roster.find_group(group) if group else None
    return found is not None and user in await roster.members(found)


def seems_moderator(roster: Roster, user: str, group: str | None) -> bool:
    """As far as is known without asking: good enough to show more, never to allow anything."""
    person = roster.people.get(user)
    if person is not None and not person.deleted and (person.is_admin or person.is_owner):
        return True
    found = roster.find_group(group) if group else None
    return found is not None and not found.disabled and user in found.users
