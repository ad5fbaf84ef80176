"""The last act of the story: somebody who writes in Slack and in Discord, and merges code under a third name, becomes
one person; and three again."""

from __future__ import annotations

import re

from bot.demo.show import Show
from bot.playground.forge import Coder, Forge

TITLE = "One person, three names"
BADGE = "At home everywhere"
KOFI = Coder(4711, "kofi-builds")
_CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{2}\b")


async def one_person(slack: Show, discord: Show, forge: Forge) -> None:
    slack.trouble("(on GitHub, kofi-builds merges a pull request; nobody knows yet who that is)")
    await forge.merge(KOFI, 12)
    code = _code(await slack.ask("kofi", "general", "/plaudit link", "Your code"))
    await discord.ask("kofi", "general", f"/plaudit link {code}", "Link it with")
    await discord.press("kofi", "Link us", "You are one person here now")
    code = _code(await slack.ask("kofi", "general", "/plaudit link github", "Plaudit-Link"))
    slack.trouble("(on GitHub, kofi-builds writes the code into a comment)")
    await forge.comment(KOFI, f"Plaudit-Link: {code}")
    await slack.expect("Kofi is asked whether that was him", lambda: slack.noted("kofi", "Is that you?"))
    await slack.press("kofi", "Link us", "1 is new")
    await slack.expect("the badge that needed all three is his", lambda: _told(slack, discord))
    await discord.ask("kofi", "general", "/achievements", BADGE)


async def three_again(slack: Show, discord: Show) -> None:
    await slack.ask("kofi", "general", "/plaudit unlink", "person of its own")
    await slack.press("kofi", KOFI.login, "leaves, with what it did")
    await slack.press("kofi", "Part them", "Done. kofi-builds on GitHub is a person of its own")
    await discord.ask("kofi", "general", "/achievements", "Said hello", "2 of 3 sources")
    await slack.ask_for_note("kofi", "general", "/achievements", BADGE, "parted")
    await slack.expect("what needed GitHub is gone, and Kofi is told why", lambda: slack.noted("kofi", BADGE, "parted"))


def _code(text: str) -> str:
    found = _CODE.search(text)
    return found.group() if found is not None else ""


def _told(*shows: Show) -> bool:
    return any(show.told("Kofi", BADGE) for show in shows)
