"""A very small GitHub: one repository, whose deliveries are signed and sent as the real one sends them."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

SOURCE = "github:makers"
SECRET_OF = "PLAUDIT_HOOK_GITHUB_MAKERS_SECRET"  # noqa: S105 - the name of a setting, no secret
REPOSITORY = {"id": 501, "name": "hinges", "full_name": "makers/hinges", "private": False, "default_branch": "main"}
_LIMIT = aiohttp.ClientTimeout(total=10)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Coder:
    """Somebody on GitHub: a number that stays, and a name that may change."""

    id: int
    login: str

    def json(self) -> Json:
        return {"id": self.id, "login": self.login, "type": "User"}


class Forge:
    """`port`: where the bot listens; `now`: UTC seconds."""

    def __init__(self, port: int, secret: str, now: Callable[[], float]) -> None:
        self._address = f"http://127.0.0.1:{port}/hooks/{SOURCE}"
        self._secret = secret
        self._now = now
        self._sent = 0

    async def merge(self, coder: Coder, number: int) -> None:
        """A pull request of this coder is merged."""
        at = self._time()
        change = {"number": number, "user": coder.json(), "merged": True, "merged_by": coder.json(), "merged_at": at}
        change |= {"id": 8_000 + number, "state": "closed", "created_at": at, "updated_at": at, "closed_at": at}
        change |= {
            "title": "",
            "body": "",
            "labels": [],
            "html_url": f"https://example.org/makers/hinges/pull/{number}",
        }
        change |= {"base": {"ref": "main"}, "head": {"ref": "change"}, "draft": False, "additions": 9, "deletions": 1}
        await self._send("pull_request", {"action": "closed", "number": number, "pull_request": change}, coder)

    async def comment(self, coder: Coder, text: str) -> None:
        """The coder comments on an issue."""
        at = self._time()
        said = {"id": 1, "user": coder.json(), "body": text, "created_at": at, "updated_at": at}
        issue = {"number": 1, "user": coder.json(), "created_at": at, "updated_at": at, "labels": [], "state": "open"}
        issue |= {"html_url": "https://example.org/makers/hinges/issues/1"}
        await self._send("issue_comment", {"action": "created", "issue": issue, "comment": said}, coder)

    async def _send(self, event: str, payload: Json, sender: Coder) -> None:
        """Raises aiohttp.ClientError where the bot does not take it."""
        self._sent += 1
        body = json.dumps({**payload, "repository": REPOSITORY, "sender": sender.json()}).encode()
        headers = {
            "Content-Type": "application/json",
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": f"demo-{self._sent}",
            "X-Hub-Signature-256": "sha256=" + hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest(),
        }
        async with (
            aiohttp.ClientSession(timeout=_LIMIT, raise_for_status=True) as web,
            web.post(self._address, data=body, headers=headers),
        ):
            pass  # raise_for_status has looked at all that matters

    def _time(self) -> str:
        return dt.datetime.fromtimestamp(self._now(), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
