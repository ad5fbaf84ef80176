"""The languages that Plaudit speaks: their catalogues, and which of them a community or a person reads.

English is the text in the code. The others are `core/locale/<language>.po`: German says everything, the others what
members see; what only moderators and operators read stays English there.
"""

from __future__ import annotations

import datetime as dt
import gettext
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.calendar import zone
from core.language import Language
from core.members import Member
from core.rules.book import RuleBook
from core.texts import ISOLATES

LANGUAGES = {"en": "English", "de": "Deutsch", "es": "español", "ja": "日本語", "ar": "العربية"}
"""By code, each in its own words."""

WHOLE = ("de",)
"""Languages that say everything; the others of LANGUAGES say what members see."""

NOT_FOR_MEMBERS = frozenset(
    {
        *("core/alarms.py", "core/audit.py", "core/ban_cards.py", "core/budgets.py", "core/closing.py"),
        *("core/fairness_cards.py", "core/moderation_digest.py", "core/reviews.py", "core/setup_cards.py"),
        *("core/commands/audit.py", "core/commands/ban.py", "core/commands/confirm.py", "core/commands/decline.py"),
        *("core/commands/claim_decisions.py", "core/commands/claim_lists.py", "core/commands/claim_undoing.py"),
        *("core/commands/fairness.py", "core/commands/freeze.py", "core/commands/pauses.py"),
        *("core/commands/payouts.py", "core/commands/people.py", "core/commands/second.py", "core/commands/setup.py"),
        *("core/commands/validate.py", "core/commands/revoke.py", "core/commands/pause.py"),
        "core/commands/duties.py",
    }
)
"""Modules whose texts only moderators, managers and operators read."""

DISCORD = {"de": "de", "es": "es-ES", "ja": "ja"}
"""What Discord calls these languages. It has no Arabic: descriptions of commands are not asked for in it."""

_RIGHT_TO_LEFT = re.compile(
    r"\{\w*\}|(?<![\w/:])/[a-z][a-z-]*(?: [A-Za-z@][A-Za-z0-9_=/-]*)*"
)  # places of a text, and commands


def speak(locale: str, zone: dt.tzinfo = dt.UTC) -> Language:
    """A language by its code, in a time zone. One that is not in LANGUAGES is a KeyError."""
    return Language(locale, zone, _translator(locale))


def translated(locale: str, text: str) -> str:
    """A text that stands as a literal elsewhere, as Discord asks for it."""
    return _translator(locale).gettext(text)


def is_promised(locale: str, files: Iterable[str]) -> bool:
    """Whether a text that these files say has to be there in this language."""
    read = set(files) - (NOT_FOR_MEMBERS if locale not in WHOLE else set())
    return any(locale in DISCORD or not name.startswith("adapters/discord/") for name in read)


def ours(book: RuleBook) -> Language:
    """How a community is spoken to: what stands in a channel, or goes to nobody in particular."""
    c = book.community
    return speak(c.language, zone(c.timezone))


def theirs(book: RuleBook, chosen: Mapping[Member, str], member: Member) -> Language:
    """How one person is spoken to, where nobody else reads it: as they chose, else as the community."""
    c = book.community
    return speak(chosen.get(member, c.language), zone(c.timezone))


def preload(locale: str) -> None:
    """Read its catalogue (some 0.2 s), so that whoever is spoken to in it does not wait."""
    _translator(locale)


@cache
def _translator(locale: str) -> gettext.NullTranslations:
    if locale not in LANGUAGES:
        raise KeyError(locale)
    if locale == "en":
        return gettext.NullTranslations()
    with files("core").joinpath("locale", f"{locale}.po").open("rb") as file:
        catalogue = read_po(file, locale=locale)
    for message in [m for m in catalogue if m.id and not _is_said(m.string)]:
        catalogue.delete(message.id, message.context)  # else English is said in the numbers of the other language
    if Language(locale).right_to_left:
        for message in catalogue:
            message.string = _each(message.string) if message.id and message.string else message.string
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _is_said(written: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(written) if isinstance(written, tuple | list) else bool(written)


def _each(written: str | tuple[str, ...] | list[str]) -> str | tuple[str, ...]:
    return isolated(written) if isinstance(written, str) else tuple(isolated(one) for one in written)


def isolated(text: str) -> str:
    """A text from right to left whose places and commands keep their own direction and do not turn their neighbours."""
    begins, ends = ISOLATES
    return _RIGHT_TO_LEFT.sub(lambda found: f"{begins}{found[0]}{ends}", text)
