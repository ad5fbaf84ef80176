"""The Web API methods, one module per family; `METHODS` is all the stand-in knows."""

from . import auth, chat, conversations, files, reactions, usergroups, users, views
from .call import Call, Desk, Method

METHODS: dict[str, Method] = {
    **auth.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **reactions.METHODS,
    **usergroups.METHODS,
    **users.METHODS,
    **views.METHODS,
}

__all__ = ["METHODS", "Call", "Desk", "Method"]
