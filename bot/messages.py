"""`make messages`: the texts of the code into `core/locale/plaudit.pot`, and what is new or gone into the catalogues.

A text is the literal argument of `gettext`, `ngettext` or `counted`, wherever the call stands; and what Discord shows
of our commands. A new text has no translation yet: tests/core/test_languages.py names it until it has one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from core.languages import LANGUAGES

Id = str | tuple[str, str]
ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "core/locale"
PACKAGES = ("core", "adapters", "bot")
NOBODY_READS = ("bot/playground/",)  # a stage for trying things out, in English
DISCORD = "adapters/discord/"
_PASSED_ON = ("core/language.py", "core/languages.py")  # texts of others
_SPEAKS = re.compile(r"\.(gettext|ngettext|counted)\(")
_PLURAL = frozenset({"ngettext", "counted"})
WIDTH = 120


def texts() -> dict[Id, list[str]]:
    """Every text with the files that say it. Raises ValueError for a text that is no literal."""
    found: dict[Id, set[str]] = {}
    for file in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        name = file.relative_to(ROOT).as_posix()
        code = file.read_text("utf-8")
        if not name.startswith(NOBODY_READS) and (name.startswith(DISCORD) or _SPEAKS.search(code)):
            for id_ in _said(ast.parse(code), name):
                found.setdefault(id_, set()).add(name)
    return {id_: sorted(found[id_]) for id_ in sorted(found, key=lambda i: (sorted(found[i])[0], str(i)))}


def _said(tree: ast.Module, name: str) -> Iterator[Id]:
    constants = _constants(tree.body)
    for part in tree.body:
        named = constants | _constants([node for node in ast.walk(part) if isinstance(node, ast.Assign)])
        yield from _in_calls([node for node in ast.walk(part) if isinstance(node, ast.Call)], name, named)


def _in_calls(calls: Sequence[ast.Call], name: str, constants: Mapping[str, str]) -> Iterator[Id]:
    for call in calls:
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        called = method or getattr(call.func, "id", "")
        if method in _PLURAL and len(call.args) == 3 and name not in _PASSED_ON:
            yield _literal(call.args[0], name, constants), _literal(call.args[1], name, constants)
        elif method == "gettext" and name not in _PASSED_ON:
            yield _literal(call.args[0], name, constants)
        if name.startswith(DISCORD):
            yield from _shown(call, called, constants)


def _literal(node: ast.expr, name: str, constants: Mapping[str, str]) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name) and node.id in constants:
        return constants[node.id]
    raise ValueError(f"{name}:{node.lineno}: only a literal text can be translated")


def _constants(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """Texts that have a name: `_PROOF = "A link, if any"`, alone or several in a line."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    for node in nodes:
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            both = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            pairs += zip(target.elts, node.value.elts, strict=True) if both else [(target, node.value)]  # type: ignore[attr-defined] # both are tuples
    return {
        target.id: value.value
        for target, value in pairs
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def _shown(call: ast.Call, called: str, constants: Mapping[str, str]) -> Iterator[str]:
    """What Discord shows of a command: its description, those of its options, and names of choices."""
    for keyword in call.keywords:
        if keyword.arg == "description" or called == "describe" or (called == "Choice" and keyword.arg == "name"):
            value = keyword.value
            text = constants.get(value.id) if isinstance(value, ast.Name) else getattr(value, "value", None)
            if isinstance(text, str):
                yield text


def catalogue(locale: str) -> Catalog:
    with (LOCALE / f"{locale}.po").open("rb") as file:
        return read_po(file, locale=locale)


def template() -> Catalog:
    made = Catalog(project="Plaudit", version="1", fuzzy=False)
    for id_, files in texts().items():
        made.add(id_, locations=[(name, 0) for name in files])
    return made


def write(path: Path, made: Catalog) -> None:
    """Without dates and line numbers, so that only texts make a difference."""
    made.header_comment = f"# Plaudit: {LANGUAGES.get(path.stem, 'the texts of the code')}"
    out = BytesIO()
    write_po(out, made, width=WIDTH, include_lineno=False, omit_header=False)
    kept = [line for line in out.getvalue().decode().splitlines() if not line.startswith(_UNSTABLE)]
    path.write_text("\n".join(kept) + "\n", "utf-8")


_FIELDS = ("POT-Creation", "PO-Revision", "Generated-By", "Last-Translator", "Language-Team", "Report-")
_UNSTABLE = tuple(f'"{field}' for field in _FIELDS)


def main() -> None:
    made = template()
    write(LOCALE / "plaudit.pot", made)
    for locale in LANGUAGES:
        if locale != "en":
            there = catalogue(locale)
            there.update(made, no_fuzzy_matching=True)
            there.obsolete.clear()
            write(LOCALE / f"{locale}.po", there)


if __name__ == "__main__":
    main()
