"""Whether messages are welcome: how many were shown, which buttons are pressed, who asks for less. Only numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from adapters.web.metrics import Measure
from core.announcements import QUIETER
from core.commands import VERBS

_LESS = frozenset(
    {QUIETER, "announce=private", "announce=digest", "announce=none", "boards=hidden", "tracking=off", "digest=off"}
)


class Attention:
    """Counts since the start. No platform tells who has read a message, or put away one that only they see."""

    def __init__(self) -> None:
        self._shown: Counter[str] = Counter()
        self._pressed: Counter[str] = Counter()
        self._less: Counter[str] = Counter()

    def shown(self, kind: str) -> None:
        """A platform took a message of this kind: channel, thread, private, direct, reaction or edit."""
        self._shown[kind] += 1

    def asked(self, verb: str, arguments: Mapping[str, str]) -> None:
        """Somebody pressed a button, where it was one: only that comes with a raw argument."""
        argument = arguments.get("argument")
        if argument is None:
            return
        self._pressed[verb if verb in VERBS else "other"] += 1
        if verb == "settings" and argument in _LESS:
            self._less[argument] += 1

    def measures(self) -> Iterator[Measure]:
        """In the order in which `exposition` writes them."""
        for kind, number in sorted(self._shown.items()):
            says = "Messages that a platform took, by kind."
            yield Measure("plaudit_messages_shown_total", "counter", says, number, {"kind": kind})
        for verb, number in sorted(self._pressed.items()):
            yield Measure("plaudit_buttons_pressed_total", "counter", "Buttons pressed.", number, {"button": verb})
        for what, number in sorted(self._less.items()):
            says = "How often somebody asked for less by a button; quieter: under a private note."
            yield Measure("plaudit_asked_for_less_total", "counter", says, number, {"what": what})
