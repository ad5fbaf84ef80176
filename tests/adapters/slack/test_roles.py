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
