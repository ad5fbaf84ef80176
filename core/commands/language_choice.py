"""The language in `/plaudit settings`: what is said to one person alone is said in it."""

from __future__ import annotations

from dataclasses import replace

from core.cards import Line, Text
from core.commands.asked import Asked
from core.languages import LANGUAGES, theirs
from core.records import ChoiceRow


def in_it(asked: Asked, choice: ChoiceRow) -> Asked:
    """The question, to be answered in the language that was chosen just now."""
    if choice.language == asked.people.languages.get(asked.member):
        return asked
    chosen = {asked.member: choice.language} if choice.language else {}
    return replace(asked, t=theirs(asked.book, chosen, asked.member))


def language_line(asked: Asked, choice: ChoiceRow) -> Line:
    t = asked.t
    ours = t.gettext("the community's, {language}").format(language=LANGUAGES[asked.book.community.language])
    text = LANGUAGES[choice.language] if choice.language else ours
    how = t.gettext("to change it: /plaudit settings language=de")
    return (Text(t.gettext("Language"), bold=True), Text(f" · {text} · {how}"))
