"""The catalogues say what the code says; languages have their own plurals, days and directions."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from adapters.slack import blocks
from adapters.terminal.cards import render
from bot import messages
from core.cards import Card, Mention, Section, Text
from core.language import ENGLISH, fill
from core.languages import LANGUAGES, is_promised, ours, speak, theirs
from core.rules.support import SPOKEN
from core.texts import clean, paired
from tests.village import AMIRA, BOOK, NOW, book

OTHERS = [locale for locale in LANGUAGES if locale != "en"]
FORMS = {"de": 2, "es": 2, "ja": 1, "ar": 6}
TEXTS = messages.texts()
PLACE = re.compile(r"\{\w*\}")


def test_a_book_may_name_every_language_that_is_spoken() -> None:
    assert tuple(LANGUAGES) == SPOKEN


@pytest.mark.parametrize("locale", OTHERS)
def test_a_catalogue_has_every_text_of_the_code_and_no_other(locale: str) -> None:
    there = {m.id for m in messages.catalogue(locale) if m.id}
    assert sorted(map(str, TEXTS.keys() ^ there)) == [], "make messages"


@pytest.mark.parametrize("locale", OTHERS)
def test_a_language_says_what_it_promises(locale: str) -> None:
    there = {m.id: m.string for m in messages.catalogue(locale) if m.id}
    strings = {i: (s,) if isinstance(s, str) else tuple(s) for i, s in there.items()}
    missing = [i for i, files in TEXTS.items() if is_promised(locale, files) and not all(strings.get(i, ("",)))]
    assert missing == []


@pytest.mark.parametrize("locale", OTHERS)
def test_translations_are_final_and_keep_their_places(locale: str) -> None:
    for message in messages.catalogue(locale):
        if not message.id or not any(message.string):
            continue
        assert not message.fuzzy, message.id
        ids = (message.id,) if isinstance(message.id, str) else message.id
        strings = (message.string,) if isinstance(message.string, str) else message.string
        wanted = set(PLACE.findall(ids[-1]))
        assert len(strings) == (FORMS[locale] if len(ids) > 1 else 1), message.id
        for text in strings:
            found = set(PLACE.findall(text))
            assert found == wanted or (len(ids) > 1 and found < wanted), (message.id, text)
            assert (text[:1].isspace(), text[-1:] == "\n") == (ids[0][:1].isspace(), ids[0][-1:] == "\n"), text


@pytest.mark.parametrize(
    ("locale", "number", "text"),
    [
        ("de", 1, "1 Tag"),
        ("de", 2000, "2.000 Tage"),
        ("es", 1, "1 día"),
        ("ja", 1, "1日"),
        ("ar", 1, "يوم واحد"),
        ("ar", 2, "يومان"),
        ("ar", 3, "\u20683\u2069 أيام"),
        ("ar", 11, "\u206811\u2069 يومًا"),
        ("ar", 100, "\u2068100\u2069 يوم"),
    ],
)
def test_numbers_have_the_plural_forms_of_their_language(locale: str, number: int, text: str) -> None:
    assert speak(locale).counted("{n} day", "{n} days", number) == text


@pytest.mark.parametrize("locale", OTHERS)
def test_what_has_no_translation_has_english_numbers(locale: str) -> None:
    t = speak(locale)
    empty = [m.id for m in messages.catalogue(locale) if isinstance(m.id, tuple) and not any(m.string)]
    assert [t.ngettext(*ids, n) for ids in empty for n in (1, 4)] == [text for ids in empty for text in ids]


@pytest.mark.parametrize(
    ("locale", "day"), [("en", "18 Mar"), ("de", "18. März"), ("es", "18 mar"), ("ja", "3月18日"), ("ar", "18 مارس")]
)
def test_days_are_written_as_readers_are_used_to(locale: str, day: str) -> None:
    assert speak(locale).date(NOW, NOW) == day


def test_a_person_is_spoken_to_as_they_chose_and_everybody_as_the_community() -> None:
    spoken = book(BOOK.replace("[community]", '[community]\nlanguage = "de"'))
    assert (ours(spoken).locale, theirs(spoken, {AMIRA: "ja"}, AMIRA).locale) == ("de", "ja")
    assert theirs(spoken, {}, AMIRA).locale == "de"


def test_names_inside_a_text_from_right_to_left_keep_their_own_direction() -> None:
    t, amira = speak("ar"), Mention(AMIRA, "Amira (she)", bold=True)
    line = fill(t.gettext("{person} earned it on {date}."), person=amira, date=t.day(NOW))
    shown = render(Card((Section((line,)),)))
    assert "\u2068Amira (she)\u2069" in shown
    assert "*\u2068Amira (she)\u2069*" in blocks.render(Card((Section((line,)),)), "discord:1")[1][0]["text"]["text"]
    assert "\u2068/plaudit settings language=de\u2069" in t.gettext("to change it: /plaudit settings language=de")
    assert "\u2068/achievements\u2069" in t.gettext("not announced; you find them with /achievements")
    assert "\u2068" not in "".join(
        s.text for s in fill(ENGLISH.gettext("Next: {step}."), step="x") if isinstance(s, Text)
    )


@pytest.mark.parametrize("text", ["a\u2068b", "a\u2069b", "\u2069a\u2068", "\u202e\u2068ab"])
def test_an_isolate_without_its_end_is_taken_out(text: str) -> None:
    assert not {"\u2068", "\u2069", "\u202e"} & set(clean(text))
    assert paired("\u2068a\u2069\u2069") == "\u2068a\u2069"


# ---- nothing escapes


SHOWING = {"note": 0, "line": 0, "Text": 0, "Button": 1, "Link": 1, "Option": 1, "fill": 0, "Suggestion": 1}
PLATFORM = ("bot/cli", "bot/options", "bot/demo", "bot/playground")  # what operators read, and the stage
MAKES_CARDS = re.compile(r"core\.(cards|forms|language|requests) import")
WORDS = re.compile(r"[A-Za-z]{3,}")


def _shown_literals() -> list[str]:
    found = []
    for package in messages.PACKAGES:
        for path in sorted((messages.ROOT / package).rglob("*.py")):
            name = path.relative_to(messages.ROOT).as_posix()
            code = path.read_text("utf-8")
            if not name.startswith(PLATFORM) and MAKES_CARDS.search(code):
                found += [f"{name}: {text}" for text in _of(code)]
    return found


def _of(code: str) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    found = []
    for call in calls:
        called = call.func.id if isinstance(call.func, ast.Name) else ""
        at = SHOWING.get(called)
        values = [call.args[at]] if at is not None and at < len(call.args) else []
        values += [k.value for k in call.keywords if called in SHOWING and k.arg in ("heading", "label", "title")]
        found += [text for value in values for text in _words(value)]
    return found


def _words(value: ast.expr) -> list[str]:
    parts = value.values if isinstance(value, ast.JoinedStr) else [value]
    texts = [p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]
    return [text for text in texts if WORDS.search(PLACE.sub("", text))]


def test_no_card_is_made_of_a_text_that_nobody_can_translate() -> None:
    assert _shown_literals() == []


def test_the_search_for_such_texts_finds_one() -> None:
    planted = 'x = note("Hello you")\ny = line(f"{n} were here")\nz = Text(t.gettext("fine"))\n'
    assert _of(planted) == ["Hello you", " were here"]


def _of_windows() -> set[str]:
    """Titles and buttons of forms, which Slack takes up to 24 characters of."""
    found = set()
    for path in sorted((messages.ROOT / "core").rglob("*.py")):
        code = path.read_text("utf-8")
        if "Form(" not in code:
            continue
        calls = [
            n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "Form"
        ]
        shown = [a for call in calls for a in call.args[1:3] if isinstance(a, ast.Call)]
        found |= {a.args[0].value for a in shown if isinstance(a.args[0], ast.Constant)}
    return {str(text) for text in found}


@pytest.mark.parametrize("locale", OTHERS)
def test_titles_and_buttons_of_windows_are_short_enough(locale: str) -> None:
    texts = _of_windows()
    assert len(texts) > 10
    assert [text for i in texts if len(text := speak(locale).gettext(i)) > 24] == []


# ---- whoever speaks says in which language

# The command line, the pages on the web and the playground are English.
ENGLISH_ONLY = (
    *("core/replay.py", "bot/claims.py", "bot/fairness.py", "bot/explanations.py"),
    *("adapters/web/", "bot/playground/", "bot/demo/"),
)


def _takes_a_language() -> dict[str, int]:
    """Functions whose language has a default, as "core.kudos.thanks", with the place of that parameter."""
    found = {}
    for path in sorted((messages.ROOT / "core").rglob("*.py")):
        code = path.read_text("utf-8")
        functions = [n for n in ast.parse(code).body if isinstance(n, ast.FunctionDef)] if "= ENGLISH" in code else []
        for function in functions:
            names = [a.arg for a in function.args.args]
            if "t" in names and len(names) - names.index("t") <= len(function.args.defaults):
                found[f"{_module(path)}.{function.name}"] = names.index("t")
    return found


def _module(path: Path) -> str:
    return ".".join(path.relative_to(messages.ROOT).with_suffix("").parts).removesuffix(".__init__")


def _silent(code: str, functions: dict[str, int]) -> list[str]:
    """Calls of these without a language."""
    tree = ast.parse(code)
    froms = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module]
    known = {a.asname or a.name: f"{n.module}.{a.name}" for n in froms for a in n.names}
    found = []
    for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        f = call.func
        base = f.value.id if isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) else ""
        name = f"{known.get(base, '')}.{f.attr}" if base else known.get(getattr(f, "id", ""), "")
        places = len(call.args) + sum(9 for a in call.args if isinstance(a, ast.Starred))
        if name in functions and places <= functions[name] and "t" not in {k.arg for k in call.keywords}:
            found.append(f"{call.lineno}: {name}")
    return found


def test_nobody_is_spoken_to_in_english_by_oversight() -> None:
    functions, silent = _takes_a_language(), []
    assert len(functions) > 40
    for package in messages.PACKAGES:
        for path in sorted((messages.ROOT / package).rglob("*.py")):
            name, code = path.relative_to(messages.ROOT).as_posix(), path.read_text("utf-8")
            if not name.startswith(ENGLISH_ONLY) and "import" in code:
                silent += [f"{name}:{call}" for call in _silent(code, functions)]
    assert silent == []


def test_a_call_without_a_language_is_found() -> None:
    code = "from core import kudos\nfrom core.trouble import sorry\nkudos.thanks(a, b, c)\nkudos.thanks(a, b, c, t)\n"
    assert _silent(code, {"core.kudos.thanks": 3}) == ["3: core.kudos.thanks"]
