"""users: the people of the workspace."""

from copy import deepcopy

from ..errors import ApiError, Json
from .call import Call, Method


def _show(call: Call, user: Json) -> Json:
    """Addresses are shown only with their own scope."""
    shown = deepcopy(user)
    if "users:read.email" not in call.desk.access.scopes:
        shown["profile"].pop("email", None)
    return shown


def _info(call: Call) -> Json:
    user = call.world.users.get(call.need("user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": _show(call, user)}


def _list(call: Call) -> Json:
    page, cursor = call.page(list(call.world.users.values()))
    members = [_show(call, user) for user in page]
    now = int(call.world.ticker.seconds())
    return {"members": members, "cache_ts": now, "response_metadata": {"next_cursor": cursor}}


METHODS: dict[str, Method] = {"users.info": _info, "users.list": _list}
