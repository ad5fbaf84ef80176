"""Signing in at GitHub to prove an account: what the page shows, and what is made of the browser's cookie."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from typing import Literal

from pydantic import SecretStr

LINK_LENGTH = 32  # characters of what the link holds, out of core.claim_codes.ALPHABET
Purpose = Literal["state", "verifier", "word"]
Agreed = Literal["right", "taken", "wrong"]
"""`taken`: the code was proved by another account before. `wrong`: there is nothing to agree to any more."""


GITHUB = "https://github.com"


@dataclass(frozen=True, slots=True)
class App:
    """An OAuth app of GitHub. `url`: where GitHub is, without a slash at the end."""

    id: str
    secret: SecretStr
    url: str = GITHUB

    @property
    def api(self) -> str:
        return "https://api.github.com" if self.url == GITHUB else f"{self.url}/api/v3"


@dataclass(frozen=True, slots=True)
class Door:
    """Where people come in. `public_url`: how their browsers reach us, without a slash at the end."""

    app: App
    public_url: str


@dataclass(frozen=True, slots=True)
class Joining:
    """`asker`: as "Lena on Slack"; `community`: "" where it has no name. `login`: who signed in, once that is known."""

    asker: str
    community: str = ""
    login: str = ""


def derived(browser: str, purpose: Purpose) -> str:
    """43 characters that only the browser with this cookie can have led to: what GitHub has to say again (`state`),
    what proves to GitHub that the same side asks (`verifier`), and what the page's form has to send (`word`)."""
    made = hmac.digest(browser.encode(), purpose.encode(), "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def is_derived(given: str, browser: str, purpose: Purpose) -> bool:
    return hmac.compare_digest(given.encode(), derived(browser, purpose).encode())
