"""The Slack app as a manifest: a workspace creates its own app from it, with exactly what the code uses."""

from typing import Any

from adapters.slack.blocks import ACTION
from adapters.slack.commands import COMMANDS, Command

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:write",
    "reactions:read",
    "reactions:write",
    "usergroups:read",
    "usergroups:write",
    "users:read",
)
"""What the bot token needs; all of it is used."""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_created",
    "channel_rename",
    "channel_unarchive",
    "group_rename",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "reaction_added",
    "reaction_removed",
    "subteam_created",
    "subteam_members_changed",
    "subteam_updated",
    "team_join",
    "tokens_revoked",
    "user_change",
    "user_huddle_changed",
)


SHORTCUTS = (
    ("helpful", "Mark as helpful", "Say so without a word; the same again takes it back"),
    ("nominate", "Nominate", "Tell the moderators who deserves a badge"),
)
"""What the menu of a message offers: verb, name (24 characters at most), description."""


def manifest(name: str = "Plaudit") -> dict[str, Any]:
    """What `Create an app → From a manifest` takes, as JSON. `name` is shown to people."""
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": name[:35],
            "description": "Notices what people do for each other, and says so.",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,  # for what people ask for: their data, their badges by direct message
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": name[:80], "always_online": True},
            "shortcuts": [_shortcut(*s) for s in SHORTCUTS],
            "slash_commands": [_command(c) for c in COMMANDS],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def _command(command: Command) -> dict[str, Any]:
    """`should_escape`: Slack sends people as ids, not as whatever they call themselves today."""
    return {
        "command": command.name,
        "description": command.description,
        "usage_hint": command.hint,
        "should_escape": True,
    }


def _shortcut(verb: str, name: str, description: str) -> dict[str, Any]:
    return {"name": name, "type": "message", "callback_id": f"{ACTION}{verb}", "description": description}
