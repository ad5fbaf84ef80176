"""The shape of the tree: layers, sizes, and what no file may hold. Each import contract is seen to fail once."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("core", "adapters", "bot")
MOST_LINES = 300
MOST_LINES_OF_TESTS = 400  # one story with its cases
# Longer files, each with its reason. Whoever makes one shorter deletes its line.
LONG = {
    "tests/oracle.py": "the exact meanings on one page, sharing no code with what it judges",
    "tests/scenarios/town.py": "the whole bot between both stand-ins, as one fixture",
}
NOT_OURS = {".venv", ".git", "build", "__pycache__"}
TEXTS = {".py", ".md", ".toml", ".html", ".css", ".js", ".svg", ".mako", ".example", ".lock", ".json", ".yml", ""}
# A registry's host, or a path of somebody's machine; in pieces, so that this file does not find itself.
FORBIDDEN = re.compile(
    "py" + r"pi\.org|python" + r"hosted|registry\.np" + r"mjs|/wo" + r"rk/|/ho" + r"me/\w|/Us" + r"ers/\w"
)


def files() -> Iterator[Path]:
    """Every file that is part of the project."""
    waiting = [ROOT]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            if path.name in NOT_OURS or path.name.endswith((".egg-info", "_cache")) or path.name == ".hypothesis":
                continue
            if path.is_dir():
                waiting.append(path)
            else:
                yield path


def contracts() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return found


def modules_named(settings: dict[str, Any]) -> set[str]:
    """Our modules that the contracts speak of: without them import-linter complains about the contract itself."""
    keys = ("source_modules", "modules", "layers", "forbidden_modules")
    named = {m for contract in settings["contracts"] for key in keys for m in contract.get(key, ())}
    return {m for m in named if m.partition(".")[0] in PACKAGES}


def plant(folder: Path, module: str, line: str) -> None:
    """A tree with nothing in it but our packages, the contracts, and one module with one line."""
    for name in {*PACKAGES, *modules_named(contracts())}:
        package = folder / name.replace(".", "/")
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").touch()
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    (folder / f"{module.replace('.', '/')}.py").write_text(line + "\n")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [
        ("bot over adapters over core", "adapters.planted", "import bot"),
        ("bot over adapters over core", "core.planted", "import adapters.slack"),
        ("core decides and does no I/O", "core.planted", "import sqlalchemy"),
        ("core decides and does no I/O", "core.planted", "import asyncio"),
        ("edges do not know each other", "adapters.slack.planted", "import adapters.discord"),
        ("only storage speaks SQL", "bot.planted", "import sqlite3"),
        ("only storage speaks SQL", "adapters.web.planted", "import sqlalchemy"),
    ],
)
def test_a_planted_violation_breaks_its_contract(tmp_path: Path, contract: str, module: str, line: str) -> None:
    plant(tmp_path, module, line)
    result = lint_imports(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{contract} BROKEN" in result.stdout
    assert module in result.stdout


def test_every_contract_has_a_planted_violation() -> None:
    (marks,) = test_a_planted_violation_breaks_its_contract.pytestmark  # type: ignore[attr-defined] # set by parametrize
    assert {case[0] for case in marks.args[1]} == {contract["name"] for contract in contracts()["contracts"]}


def test_an_empty_tree_keeps_the_contracts(tmp_path: Path) -> None:
    plant(tmp_path, "core.planted", "import json")
    result = lint_imports(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


def test_our_tree_keeps_the_contracts() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def most_lines(path: Path) -> int:
    return MOST_LINES_OF_TESTS if path.relative_to(ROOT).parts[0] == "tests" else MOST_LINES


def test_no_source_file_outgrows_one_story() -> None:
    sources = [p for p in files() if p.suffix in (".py", ".js") and p.parent.name != "versions"]
    long = {str(p.relative_to(ROOT)) for p in sources if len(p.read_text().splitlines()) > most_lines(p)}
    assert long <= LONG.keys(), f"split these into a package: {sorted(long - LONG.keys())}"


def test_every_module_says_what_it_is() -> None:
    modules = [p for p in files() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in PACKAGES]
    texts = {str(p.relative_to(ROOT)): p.read_text().strip() for p in modules}
    assert [name for name, text in texts.items() if text and not text.startswith('"""')] == []


def test_no_file_names_a_registry_or_a_path_of_somebodys_machine() -> None:
    found = []
    for path in (p for p in files() if p.suffix in TEXTS and p.name not in (".env", "uv.lock")):
        lines = path.read_text(errors="replace").splitlines()
        found += [f"{path.relative_to(ROOT)}:{n}" for n, line in enumerate(lines, 1) if FORBIDDEN.search(line)]
    assert found == []


def test_every_exception_from_a_check_carries_its_reason_on_the_line() -> None:
    bare = re.compile(r"#\s*(noqa(:\s*[A-Z0-9, ]+)?|type:\s*ignore(\[[a-z, -]+\])?)\s*$")
    modules = [path for path in files() if path.suffix == ".py"]
    lines = [(path, n, line) for path in modules for n, line in enumerate(path.read_text().splitlines(), 1)]
    assert [f"{path.relative_to(ROOT)}:{n}" for path, n, line in lines if bare.search(line)] == []
