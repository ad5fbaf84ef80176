"""auth, apps, bots, team: who the app is and where it connects."""

from ..errors import ApiError, Json
from .call import Call, Method


def _test(call: Call) -> Json:
    me = call.desk.me
    return {
        "url": f"https://{me.domain}.slack.com/",
        "team": me.team_name,
        "user": me.bot_name,
        "team_id": me.team_id,
        "user_id": me.bot_user,
        "bot_id": me.bot_id,
        "is_enterprise_install": False,
    }


def _connections_open(call: Call) -> Json:
    ticket = call.desk.sockets.ticket()
    return {"url": f"{call.desk.socket_url()}?ticket={ticket}&app_id={call.desk.me.app_id}"}


def _bots_info(call: Call) -> Json:
    me = call.desk.me
    if call.need("bot") != me.bot_id:
        raise ApiError("bot_not_found")
    bot = {"id": me.bot_id, "app_id": me.app_id, "user_id": me.bot_user, "name": me.bot_name}
    return {"bot": {**bot, "deleted": False, "updated": 1}}


def _team_info(call: Call) -> Json:
    me = call.desk.me
    team = {"id": me.team_id, "name": me.team_name, "domain": me.domain, "email_domain": ""}
    return {"team": {**team, "url": f"https://{me.domain}.slack.com/"}}


METHODS: dict[str, Method] = {
    "apps.connections.open": _connections_open,
    "auth.test": _test,
    "bots.info": _bots_info,
    "team.info": _team_info,
}
