"""views: the Home tab and modals."""

import secrets
from typing import Any

from .. import shapes
from ..blocks import view_problems
from ..errors import ApiError, Json, refuse_blocks
from ..world import View
from .call import Call, Method

DEEPEST = 3


def _checked(call: Call, *kinds: str) -> Json:
    view: Any = call.get("view")
    if not isinstance(view, dict) or view.get("type") not in kinds:
        problem = f"[ERROR] must be of type {' or '.join(kinds)} [json-pointer:/view/type]"
        raise ApiError("invalid_arguments", response_metadata={"messages": [problem]})
    found = view_problems(view)
    if found:
        raise refuse_blocks("invalid_arguments", found)
    return view


def _body(call: Call, view: Json, view_id: str) -> Json:
    me = call.desk.me
    given = shapes.pick(view, f"{shapes.VIEW} blocks")
    frame = {"id": view_id, "team_id": me.team_id, "state": {"values": {}}, "hash": secrets.token_hex(8)}
    return {**given, **frame, "app_id": me.app_id, "bot_id": me.bot_id, "app_installed_team_id": me.team_id}


def _unchanged(call: Call, view: View | None) -> None:
    """Someone else updated the view since the caller last saw it: `hash_conflict`."""
    if call.get("hash") and (view is None or view.body["hash"] != call.get("hash")):
        raise ApiError("hash_conflict")


def _publish(call: Call) -> Json:
    user = call.need("user_id")
    if user not in call.world.users:
        raise ApiError("user_not_found")
    view = _checked(call, "home")
    before = call.world.homes.get(user)
    _unchanged(call, before)
    body = _body(call, view, before.body["id"] if before else call.world.ticker.id("V"))
    call.world.homes[user] = View(user, body)
    return {"view": shapes.pick(body, f"{shapes.VIEW} blocks")}


def _open(call: Call) -> Json:
    user = call.desk.triggers.use(call.need("trigger_id"))
    return _show_modal(call, user, [])


def _push(call: Call) -> Json:
    user = call.desk.triggers.use(call.need("trigger_id"))
    below = call.world.modals.get(user, [])
    if len(below) >= DEEPEST:
        raise ApiError("push_limit_reached")
    return _show_modal(call, user, below)


def _show_modal(call: Call, user: str, below: list[View]) -> Json:
    body = _body(call, _checked(call, "modal"), call.world.ticker.id("V"))
    body["root_view_id"] = below[0].body["id"] if below else body["id"]
    body["previous_view_id"] = below[-1].body["id"] if below else None
    call.world.modals[user] = [*below, View(user, body)]
    return {"view": shapes.pick(body, f"{shapes.VIEW} blocks")}


def _update(call: Call) -> Json:
    view = _find(call)
    _unchanged(call, view)
    kept = {k: v for k, v in view.body.items() if k in ("root_view_id", "previous_view_id")}
    view.body = _body(call, _checked(call, view.body["type"]), view.body["id"]) | kept
    return {"view": shapes.pick(view.body, f"{shapes.VIEW} blocks")}


def _find(call: Call) -> View:
    for view in [*call.world.homes.values(), *(v for stack in call.world.modals.values() for v in stack)]:
        if view.body["id"] == call.get("view_id") or view.body.get("external_id", "") == call.get("external_id"):
            return view
    raise ApiError("not_found")


METHODS: dict[str, Method] = {
    "views.open": _open,
    "views.publish": _publish,
    "views.push": _push,
    "views.update": _update,
}
