"""User groups as the core hears of them: who is in which, and nothing while that is not known."""

from __future__ import annotations

from bot.playground.slack_server import SlackServer
from core.places import Places
from tests.adapters.slack.conftest import AMIRA, BEN, Rig, Start, build, until


def roles(rig: Rig, user: str) -> tuple[str, ...] | None:
    return rig.inbox.people[rig.account(user)].roles


async def test_nothing_is_said_of_groups_before_they_were_read(server: SlackServer) -> None:
    group = server.add_usergroup("blue", "Blue")
    server.usergroups[group]["users"] = [AMIRA]
    rig = build(server)
    try:
        await rig.edge.check()
        await rig.edge.roster.ensure_person(AMIRA)
        assert roles(rig, AMIRA) is None
        await rig.edge.roster.load_groups()
        await rig.edge.roster.load_people()
        assert (roles(rig, AMIRA), roles(rig, BEN)) == (("Blue", "@blue"), ())
    finally:
        await rig.edge.close()


async def test_a_change_in_a_group_that_was_not_known_yet_is_heard(server: SlackServer, start: Start) -> None:
    rig = await start()
    await until(lambda: rig.account(BEN) in rig.inbox.people)
    group = server.usergroups[server.add_usergroup("blue", "Blue")]  # nobody tells the edge
    server.story.set_group_members(group, [BEN])
    await until(lambda: roles(rig, BEN) == ("Blue", "@blue"))
    server.story.set_group_members(group, [AMIRA])
    await until(lambda: (roles(rig, AMIRA), roles(rig, BEN)) == (("Blue", "@blue"), ()))


async def test_an_event_that_leaves_the_members_out_takes_nobody_out(server: SlackServer, start: Start) -> None:
    which = server.add_usergroup("blue", "Blue")
    server.usergroups[which]["users"] = [AMIRA]
    rig = await start()
    await until(lambda: rig.account(AMIRA) in rig.inbox.people and roles(rig, AMIRA) == ("Blue", "@blue"))
    update = {"id": which, "name": "Azure", "handle": "azure", "date_delete": 0}
    await rig.edge.roster.noticed({"type": "subteam_updated", "subteam": update})
    assert roles(rig, AMIRA) == ("Azure", "@azure")


async def test_the_group_of_a_team_that_is_not_there_is_told_at_the_start(server: SlackServer) -> None:
    server.add_usergroup("blue", "Blue")
    rig = build(server, places=Places(teams=("@blue", "@red")))
    try:
        told = [warning for warning in await rig.edge.check() if "user group" in warning]
        assert [('"@blue"' in warning, '"@red"' in warning) for warning in told] == [(False, True)]
    finally:
        await rig.edge.close()
