"""Accounts of people who are known by their e-mail address: one address is one account, wherever it comes from."""

from __future__ import annotations

import re

from core.events import Account

LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"[^@\s/]+@[^@\s/]+\.[^@\s/]+")


def email_account(address: object) -> Account | None:
    """`email/amira@example.org` for ` Amira@Example.org`, None for what is no address."""
    text = address.strip().lower() if isinstance(address, str) else ""
    if len(text) > LONGEST_ADDRESS or not text.isprintable() or not _ADDRESS.fullmatch(text):
        return None
    return f"email/{text}"
