"""Signing in at GitHub: the web flow of an OAuth app, with PKCE (RFC 7636), for nothing but who somebody is."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode

from adapters.connectors.connector import Unreachable
from adapters.connectors.payload import as_object
from adapters.connectors.service import HttpService, exchange
from core.errors import MalformedStatement
from core.sign_ins import App

SLOWEST = 10.0  # seconds for each request and its answer
_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


@dataclass(frozen=True, slots=True)
class Coder:
    """Who signed in: a number that stays, and a name that may change."""

    id: int
    login: str


def address(app: App, redirect: str, state: str, verifier: str) -> str:
    """Where the browser is sent. No scope: what everybody may see is enough."""
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    query = {"client_id": app.id, "redirect_uri": redirect, "state": state, "code_challenge": challenge}
    query |= {"code_challenge_method": "S256", "allow_signup": "false", "prompt": "select_account"}
    return f"{app.url}/login/oauth/authorize?{urlencode(query)}"


async def who(app: App, code: str, redirect: str, verifier: str) -> Coder:
    """Whose the code is. The token that it is changed for is used for this one question and forgotten.

    Raises Unreachable, whose text holds neither.
    """
    form = {"client_id": app.id, "client_secret": app.secret.get_secret_value(), "code": code}
    form |= {"redirect_uri": redirect, "code_verifier": verifier}
    try:
        answer = as_object(await exchange(f"{app.url}/login/oauth/access_token", form, SLOWEST), "the answer")
        async with HttpService(app.api, answer.short_text("access_token"), _HEADERS, SLOWEST) as service:
            user = as_object(await service.get("user"), "the answer")
        if user.look("type") != "User":
            raise Unreachable("who signed in is no person")
        return Coder(user.whole("id"), user.short_text("login"))
    except MalformedStatement as error:
        raise Unreachable(f"{app.url}: the sign-in was not accepted ({error})") from None
