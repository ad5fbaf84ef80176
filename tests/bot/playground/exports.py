"""A small Slack export: five people, an answer with marks, somebody who answers everybody, and a year before."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

TEAM = "T1"
NOON = 1_740_830_400  # 2025-03-01 12:00 UTC
DAY = 86_400
SECRET = "the-words-that-nobody-may-keep"
PEOPLE = ("amira", "jonas", "lena", "mei", "kofi")


def user(name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"U{name.upper()}", "team_id": TEAM, "name": name, "real_name": name.capitalize(), **more}


def said(who: str, at: int, to: int | None = None, marks: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """`at`, `to`: seconds after NOON, of the message and of the thread's root; `marks`: who gave a ✅."""
    found = {"type": "message", "user": f"U{who.upper()}", "ts": f"{NOON + at}.000100", "text": SECRET, **more}
    if to is not None:
        found["thread_ts"] = f"{NOON + to}.000100"
    if marks:
        users = [f"U{m.upper()}" for m in marks]
        found["reactions"] = [{"name": "white_check_mark", "users": users, "count": len(users)}]
    return found


def messages() -> list[dict[str, Any]]:
    """Amira's answer has three marks. Kofi answers four people and names a fifth, and nobody marks it."""
    long_ago = said("lena", -500 * DAY)
    questions = [said(who, n * 60, to=n * 60) for n, who in enumerate(("jonas", "lena", "mei", "amira"))]
    kofi = [said("kofi", 600 + n, to=n * 60) for n in range(4)]
    named = said("kofi", 700, text=f"{SECRET} <@UNOOR>")
    return [long_ago, *questions, said("amira", 500, to=0, marks=("jonas", "lena", "mei")), *kofi, named]


def write_export(file: Path, found: list[dict[str, Any]] | None = None, **lists: Any) -> Path:
    """`lists` replaces files of the zip (`users=…`)."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        people = [*map(user, PEOPLE), user("robot", is_bot=True), user("noor")]
        made.writestr("users.json", json.dumps(lists.get("users", people)))
        made.writestr("channels.json", json.dumps([{"id": "C1", "name": "help"}]))
        made.writestr("help/2025-03-01.json", json.dumps(messages() if found is None else found))
    return file
