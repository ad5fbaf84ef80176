"""What is wrong with tokens, scopes, groups and channels is said in one line each, with the remedy."""

import dataclasses

import pytest

from adapters.slack import SlackSettings
from adapters.slack.manifest import SCOPES
from bot.playground.slack_server import SlackServer
from core.errors import ConfigurationError, RetryLater
from core.places import Places
from tests.adapters.slack.conftest import AMIRA, build, settings_for

ALL_SET = {"announcements": "#general", "digest": "#general", "moderators": "#secret"}


async def test_a_good_workspace_has_nothing_to_say(server: SlackServer) -> None:
    rig = build(server, places=Places(ALL_SET))
    assert await rig.edge.check() == []
    assert rig.edge.source == f"slack:{server.me.team_id}"


async def test_the_scopes_of_the_manifest_are_enough(server: SlackServer) -> None:
    server.access.scopes = set(SCOPES)
    assert await build(server, places=Places(ALL_SET)).edge.check() == []


def test_tokens_are_never_shown() -> None:
    assert "xo" not in repr(SlackSettings("xoxb-1", "xapp-1")).replace("adapters", "")


async def test_a_wrong_bot_token_and_a_wrong_app_token_are_both_named(server: SlackServer) -> None:
    wrong = dataclasses.replace(settings_for(server), bot_token="xoxb-no", app_token="xapp-no")
    with pytest.raises(ConfigurationError) as fault:
        await build(server, settings=wrong).edge.check()
    bot, app = fault.value.faults
    assert "SLACK_BOT_TOKEN" in bot
    assert "xoxb-…" in bot
    assert "SLACK_APP_TOKEN" in app
    assert "xapp-…" in app
    assert "xoxb-no" not in str(fault.value)


async def test_swapped_tokens_are_named(server: SlackServer) -> None:
    right = settings_for(server)
    swapped = dataclasses.replace(right, bot_token=right.app_token, app_token=right.bot_token)
    with pytest.raises(ConfigurationError, match="SLACK_BOT_TOKEN"):
        await build(server, settings=swapped).edge.check()


async def test_an_app_token_without_its_scope_is_named(server: SlackServer) -> None:
    server.access.app_scopes = set()
    with pytest.raises(ConfigurationError, match="connections:write"):
        await build(server).edge.check()


async def test_missing_scopes_that_the_bot_lives_on_are_one_line(server: SlackServer) -> None:
    server.access.scopes -= {"channels:history", "chat:write"}
    with pytest.raises(ConfigurationError) as fault:
        await build(server).edge.check()
    (said,) = fault.value.faults
    assert "channels:history, chat:write" in said
    assert "plaudit slack manifest" in said


async def test_a_scope_it_can_do_without_is_a_warning(server: SlackServer) -> None:
    server.access.scopes -= {"groups:read", "groups:history"}
    warnings = await build(server, places=Places({**ALL_SET, "moderators": "#general"})).edge.check()
    assert [w for w in warnings if "groups:read" in w]
    assert all("\n" not in w for w in warnings)


async def test_missing_and_unset_channels_are_named_with_the_remedy(server: SlackServer) -> None:
    server.channels["C0QUIET"]["is_archived"] = True
    places = Places({"announcements": "#wins", "digest": "#quiet"}, ignore_channels=("#bots",))
    warnings = await build(server, places=places).edge.check()
    said = "\n".join(warnings)
    assert '[channels] announcements: there is no channel "#wins"' in said
    assert '"#quiet" is archived' in said
    assert "No Slack channel is set for moderators" in said
    assert '"#bots"' in said


async def test_missing_user_groups_are_named_with_the_remedy(server: SlackServer) -> None:
    server.add_usergroup("regulars", "Regulars")
    places = Places(
        ALL_SET,
        roles={"regular": "@regulars"},
        rights={"moderator": "@mods"},
        given_roles=("regular", "Trusted helper"),
    )
    warnings = await build(server, places=places).edge.check()
    assert [w.split('"')[1] for w in warnings] == ["@mods", "Trusted helper"]
    assert all("People → User groups" in w for w in warnings)


@pytest.mark.parametrize(
    ("refused", "said"), [("plan_upgrade_required", "paid Slack plan"), ("permission_denied", "administrator")]
)
async def test_a_plan_or_workspace_that_forbids_groups_is_found_before_the_first_badge(
    server: SlackServer, refused: str, said: str
) -> None:
    group = server.add_usergroup("regulars", "Regulars")
    server.usergroups[group]["users"] = [AMIRA]
    server.access.usergroups_refused = refused
    places = Places(ALL_SET, given_roles=("Regulars",))
    (warning,) = await build(server, places=places).edge.check()
    assert said in warning
    assert server.usergroups[group]["users"] == [AMIRA]


async def test_an_unreachable_slack_is_no_fault_of_the_settings(server: SlackServer) -> None:
    rig = build(server)
    await server.stop()
    with pytest.raises(RetryLater):
        await rig.edge.check()


async def test_a_bot_in_no_channel_is_told_to_be_invited(server: SlackServer) -> None:
    for members in server.members.values():
        if server.me.bot_user in members:
            members.remove(server.me.bot_user)
    warnings = await build(server).edge.check()
    assert [w for w in warnings if "hears nothing" in w]
