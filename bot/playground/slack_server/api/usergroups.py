"""usergroups: Slack's nearest thing to a role."""

from .. import shapes
from ..errors import ApiError, Json
from .call import Call, Method


def _group(call: Call) -> Json:
    group = call.world.usergroups.get(call.need("usergroup"))
    if group is None:
        raise ApiError("no_such_subteam")
    return group


def _show(call: Call, group: Json, *, counted: bool = False) -> Json:
    shown = shapes.pick(group, shapes.GROUP)
    if counted:
        shown["user_count"] = len(group["users"])
    if counted and not call.flag("include_users"):
        del shown["users"]
    return shown


def _create(call: Call) -> Json:
    call.desk.access.allow_usergroups()
    name = call.need("name")
    handle = str(call.get("handle") or name.lower().replace(" ", "-"))
    return {"usergroup": _show(call, call.desk.story.create_group(handle, name))}


def _list(call: Call) -> Json:
    """Disabled groups only on request."""
    groups = [g for g in call.world.usergroups.values() if call.flag("include_disabled") or not g["date_delete"]]
    return {"usergroups": [_show(call, g, counted=True) for g in groups]}


def _switch(call: Call, *, on: bool) -> Json:
    call.desk.access.allow_usergroups()
    group = _group(call)
    if bool(group["date_delete"]) != on:
        raise ApiError("already_enabled" if on else "already_disabled")
    call.desk.story.switch_group(group, on=on)
    return {"usergroup": _show(call, group)}


def _enable(call: Call) -> Json:
    return _switch(call, on=True)


def _disable(call: Call) -> Json:
    return _switch(call, on=False)


def _users_list(call: Call) -> Json:
    return {"users": list(_group(call)["users"])}


def _users_update(call: Call) -> Json:
    """Replaces the whole list; a group cannot be emptied."""
    call.desk.access.allow_usergroups()
    group = _group(call)
    users = call.words("users")
    if not users:
        raise ApiError("no_users_provided")
    if any(u not in call.world.users for u in users):
        raise ApiError("invalid_users")
    call.desk.story.set_group_members(group, users)
    return {"usergroup": _show(call, group)}


METHODS: dict[str, Method] = {
    "usergroups.create": _create,
    "usergroups.disable": _disable,
    "usergroups.enable": _enable,
    "usergroups.list": _list,
    "usergroups.users.list": _users_list,
    "usergroups.users.update": _users_update,
}
