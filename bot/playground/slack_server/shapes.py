"""Which keys go out where. Slack shows one message differently in every place; these are the keys that are
documented for each, so that nobody builds on a key that only the stand-in has."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from .errors import Json
from .identity import Identity

_BASE = "type text blocks attachments ts user team bot_id bot_profile thread_ts"
_THREAD = "parent_user_id reply_count reply_users_count latest_reply reply_users subscribed is_locked"

HISTORY = f"{_BASE} {_THREAD} subtype root client_msg_id app_id edited reactions inviter metadata"
REPLIES = f"{_BASE} {_THREAD} app_id edited reactions metadata"
REACTIONS = "type text blocks user ts team bot_id bot_profile reactions permalink app_id"
POSTED = f"{_BASE} parent_user_id subtype root app_id metadata"
UPDATED = "type text blocks user team bot_id bot_profile edited app_id metadata"
EVENT = f"{_BASE} parent_user_id client_msg_id channel channel_type event_ts edited"
BROADCAST = "type subtype text blocks attachments ts user thread_ts root client_msg_id channel channel_type event_ts"
HUDDLE = "type subtype text user ts channel channel_type event_ts room"
JOINED = "type subtype team user inviter text ts channel channel_type event_ts"
NESTED = (
    f"{_BASE} subtype client_msg_id edited parent_user_id hidden is_locked subscribed reply_count "
    "reply_users_count latest_reply"
)
MENTION = "text blocks ts user team channel thread_ts event_ts client_msg_id"
CLICKED = (
    f"{_BASE} subtype client_msg_id app_id edited metadata parent_user_id reply_count reply_users "
    "reply_users_count latest_reply"
)
VIEW = (
    "id team_id type title submit close private_metadata callback_id external_id state hash clear_on_close "
    "notify_on_close submit_disabled root_view_id previous_view_id app_id app_installed_team_id bot_id"
)
CHANNEL = (
    "id name name_normalized is_channel is_group is_im is_mpim is_private is_archived is_general is_shared "
    "is_ext_shared is_org_shared is_member created creator unlinked topic purpose previous_names num_members "
    "context_team_id updated user"
)
GROUP = (
    "id team_id is_usergroup is_subteam name description handle is_external date_create date_update "
    "date_delete auto_provision created_by updated_by prefs channel_count users is_section"
)

_PERSON_FLAGS = "deleted is_admin is_owner is_primary_owner is_restricted is_ultra_restricted is_app_user"
_CHANNEL_FLAGS = "is_mpim is_archived is_general is_shared is_ext_shared is_org_shared"


def pick(thing: Mapping[str, Any], keys: str) -> Json:
    """A deep copy of `thing` with only `keys` (separated by blanks), leaving out what it has not."""
    wanted = keys.split()
    return {key: deepcopy(thing[key]) for key in wanted if key in thing}


def person(who: str, name: str, team: str, *, is_bot: bool = False) -> Json:
    """A user as users.info, users.list and team_join show it."""
    real = name.replace(".", " ").replace("_", " ").title()
    profile = {
        "real_name": real,
        "real_name_normalized": real,
        "display_name": name,
        "display_name_normalized": name,
        "title": "",
        "phone": "",
        "skype": "",
        "status_text": "",
        "status_emoji": "",
        "team": team,
    }
    flags = dict.fromkeys(_PERSON_FLAGS.split(), False)
    zone = {"tz": "Europe/Berlin", "tz_label": "Central European Time", "tz_offset": 3600}
    user = {"id": who, "team_id": team, "name": name, "real_name": real, "color": "4bbe2e", "updated": 1}
    return {**user, **zone, **flags, "is_bot": is_bot, "profile": profile}


def channel(where: str, name: str, team: str, creator: str, created: int, *, kind: str) -> Json:
    """A conversation; `kind` is "channel", "group" (private) or "im"."""
    about = {"value": "", "creator": "", "last_set": 0}
    flags = dict.fromkeys(_CHANNEL_FLAGS.split(), False)
    return {
        "id": where,
        "name": name,
        "name_normalized": name,
        "is_channel": kind == "channel",
        "is_group": kind == "group",
        "is_im": kind == "im",
        "is_private": kind != "channel",
        **flags,
        "created": created,
        "creator": creator,
        "unlinked": 0,
        "topic": dict(about),
        "purpose": dict(about),
        "previous_names": [],
        "context_team_id": team,
        "updated": created * 1000,
    }


def group(which: str, handle: str, name: str, team: str, by: str, at: int) -> Json:
    """A user group, empty and enabled."""
    return {
        "id": which,
        "team_id": team,
        "is_usergroup": True,
        "is_subteam": True,
        "name": name,
        "description": "",
        "handle": handle,
        "is_external": False,
        "date_create": at,
        "date_update": at,
        "date_delete": 0,
        "auto_provision": False,
        "created_by": by,
        "updated_by": by,
        "prefs": {"channels": [], "groups": []},
        "channel_count": 0,
        "users": [],
        "is_section": False,
    }


def bot_profile(me: Identity) -> Json:
    """The app as its own messages carry it."""
    return {
        "id": me.bot_id,
        "deleted": False,
        "name": me.bot_name,
        "updated": 1,
        "app_id": me.app_id,
        "team_id": me.team_id,
    }
