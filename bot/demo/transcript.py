"""The story as it happens, for a reader at a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from bot.demo.watch import Said, Watch
from bot.playground.community import CAST

_WIDTH = 100
_NAMES = {p.key: p.name for p in CAST}


class Transcript:
    """Prints who does what, and what the bot says to it; each message of the bot once."""

    def __init__(self, watches: list[Watch], write: Callable[[str], None] = print) -> None:
        self._watches = watches
        self._write = write
        self._printed: set[tuple[str, str, str]] = set()
        self._roles: dict[tuple[str, str], list[str]] = {(w.name, p.key): w.roles(p.key) for w in watches for p in CAST}

    def heading(self, text: str) -> None:
        self._write(f"\n{text}\n{'─' * len(text)}")

    def act(self, platform: str, channel: str, who: str, text: str) -> None:
        """A person does something."""
        self._show(platform, f"#{channel}" if channel else "", f"{_NAMES[who]} {text}")

    def happened(self, platform: str, text: str) -> None:
        self._show(platform, "", text)

    def good(self, text: str) -> None:
        self._write(f"  ✓ {text}")

    def bad(self, text: str) -> None:
        self._write(f"  ✗ {text}")

    def catch_up(self) -> None:
        """Print what the bot said, and which roles changed, since last time."""
        for watch in self._watches:
            for said in watch.said():
                if (watch.name, said.id, said.text) not in self._printed:
                    self._printed.add((watch.name, said.id, said.text))
                    self._say(watch.name, said)
            self._print_roles(watch)

    def skip(self, platform: str, said: Said) -> None:
        """This one is not worth a line."""
        self._printed.add((platform, said.id, said.text))

    def _say(self, platform: str, said: Said) -> None:
        place = f"#{said.channel}{', thread' if said.thread else ''}"
        who = f"Plaudit, only to {_NAMES[said.private]}: " if said.private else "Plaudit: "
        buttons = "".join(f" [{label}]" for label in said.buttons)
        self._show(platform, place, f"{who}{said.text}{chr(10) if buttons and chr(10) in said.text else ''}{buttons}")

    def _print_roles(self, watch: Watch) -> None:
        for person in CAST:
            now, before = watch.roles(person.key), self._roles[watch.name, person.key]
            self._roles[watch.name, person.key] = now
            for role in [r for r in now if r not in before]:
                self.happened(watch.name, f"{person.name} now has {role}")
            for role in [r for r in before if r not in now]:
                self.happened(watch.name, f"{person.name} no longer has {role}")

    def _show(self, platform: str, place: str, text: str) -> None:
        first, *rest = [line for line in text.split("\n") if line.strip()]
        head = f"  {platform:<8} {place:<16} "
        for i, line in enumerate([first, *rest]):
            lead = head if i == 0 else " " * len(head) + "  "
            indent = " " * len(head) + "  "
            self._write(textwrap.fill(line.strip(), _WIDTH, initial_indent=lead, subsequent_indent=indent))
