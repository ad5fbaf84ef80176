"""User groups as roles, over real sockets."""

import asyncio

import pytest

from bot.playground.slack_server import SlackServer
from core.errors import RetryLater, Undeliverable
from tests.adapters.slack.conftest import AMIRA, BEN, CHEN, Rig, build


@pytest.fixture
async def rig(server: SlackServer) -> Rig:
    server.add_usergroup("regulars", "Regulars")
    server.add_usergroup("helpers", "Trusted helper")
    rig = build(server)
    await rig.edge.check()
    return rig


def members(rig: Rig, handle: str) -> list[str]:
    """Who is in the group; nobody in a disabled one."""
    group = next(g for g in rig.server.usergroups.values() if g["handle"] == handle)
    return [] if group["date_delete"] else group["users"]


async def give(rig: Rig, user: str, *wanted: str) -> None:
    managed = frozenset({"@regulars", "Trusted helper"})
    await rig.edge.messenger.set_roles(rig.account(user), frozenset(wanted), managed)


async def test_groups_are_found_by_handle_and_by_name(rig: Rig) -> None:
    await give(rig, AMIRA, "@regulars", "Trusted helper")
    assert members(rig, "regulars") == members(rig, "helpers") == [AMIRA]


async def test_others_stay_in_and_what_is_unwanted_is_taken_away(rig: Rig) -> None:
    await give(rig, AMIRA, "@regulars")
    await give(rig, BEN, "@regulars")
    await give(rig, AMIRA)
    assert members(rig, "regulars") == [BEN]


async def test_the_last_member_leaves_by_disabling_the_group_and_the_next_one_gets_it_alone(rig: Rig) -> None:
    await give(rig, AMIRA, "@regulars")
    await give(rig, AMIRA)
    assert members(rig, "regulars") == []
    await give(rig, BEN, "@regulars")
    assert members(rig, "regulars") == [BEN]


async def test_many_at_once_do_not_overwrite_each_other(rig: Rig) -> None:
    await asyncio.gather(*(give(rig, user, "@regulars", "Trusted helper") for user in (AMIRA, BEN, CHEN)))
    assert sorted(members(rig, "regulars")) == sorted(members(rig, "helpers")) == sorted([AMIRA, BEN, CHEN])


async def test_nothing_is_written_where_nothing_changes(rig: Rig) -> None:
    await give(rig, AMIRA, "@regulars")
    await give(rig, AMIRA, "@regulars")
    assert len(rig.server.called("usergroups.users.update")) == 1


async def test_a_group_made_meanwhile_is_found(rig: Rig) -> None:
    rig.server.add_usergroup("later", "Later")
    await rig.edge.messenger.set_roles(rig.account(AMIRA), frozenset({"Later"}), frozenset({"Later"}))
    assert members(rig, "later") == [AMIRA]


async def test_a_missing_group_is_named_with_its_remedy_and_the_others_are_given(rig: Rig) -> None:
    with pytest.raises(Undeliverable, match=r'no user group "@nobody".*Create it'):
        await give(rig, AMIRA, "@nobody", "@regulars")
    assert members(rig, "regulars") == [AMIRA]


@pytest.mark.parametrize(
    ("refused", "said"), [("plan_upgrade_required", "paid Slack plan"), ("permission_denied", "administrator")]
)
async def test_a_plan_or_a_workspace_that_forbids_it_says_what_to_do(rig: Rig, refused: str, said: str) -> None:
    rig.server.access.usergroups_refused = refused
    with pytest.raises(Undeliverable, match=said):
        await give(rig, AMIRA, "@regulars")


async def test_slack_asking_to_wait_is_obeyed(rig: Rig) -> None:
    rig.server.faults.answer("usergroups.users.update", status=429, retry_after=11)
    with pytest.raises(RetryLater) as wait:
        await give(rig, AMIRA, "@regulars")
    assert wait.value.after == 11


def inside(rig: Rig) -> list[str]:
    return [user for user in rig.server.members["C0MENTORS"] if user != rig.server.me.bot_user]


@pytest.fixture
async def mentors(server: SlackServer) -> Rig:
    """A private channel that a badge opens; Chen is there anyway and runs the workspace."""
    server.add_channel("C0MENTORS", "mentors", [CHEN], is_private=True)
    server.members["C0MENTORS"].append(server.me.bot_user)
    server.users[CHEN]["is_admin"] = True
    rig = build(server)
    await rig.edge.check()
    await rig.edge.roster.load_people()
    return rig


async def open_to(rig: Rig, user: str, *wanted: str) -> None:
    await rig.edge.messenger.set_roles(rig.account(user), frozenset(wanted), frozenset({"#mentors"}))


async def test_a_channel_opens_with_a_badge_and_closes_with_its_end(mentors: Rig) -> None:
    await open_to(mentors, AMIRA, "#mentors")
    await open_to(mentors, AMIRA, "#mentors")
    assert inside(mentors) == [CHEN, AMIRA]
    await open_to(mentors, AMIRA)
    await open_to(mentors, AMIRA)
    assert inside(mentors) == [CHEN]


async def test_whoever_runs_the_workspace_stays_in(mentors: Rig) -> None:
    await open_to(mentors, CHEN)
    assert inside(mentors) == [CHEN]


async def test_a_channel_without_the_bot_is_named_with_its_remedy_and_groups_are_given(rig: Rig) -> None:
    with pytest.raises(Undeliverable, match=r'no channel "#mentors".*invite the bot'):
        await give(rig, AMIRA, "#mentors", "@regulars")
    assert members(rig, "regulars") == [AMIRA]


async def test_a_scope_that_is_missing_is_named(mentors: Rig) -> None:
    mentors.server.access.scopes.discard("groups:write")
    with pytest.raises(Undeliverable, match="groups:write"):
        await open_to(mentors, AMIRA, "#mentors")
