"""`plaudit diff` and `plaudit apply` as an operator meets them: what is asked, refused, and left alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from adapters.storage.store import open_store
from adapters.storage.upgrade import upgrade
from bot.applying import Refused, carry_out, prepare
from bot.bookfiles import replace_text
from bot.settings import read
from core.errors import ConfigurationError
from core.lines import to_line
from tests.adapters.storage.said import DAY, NOON, THREE, book, post
from tests.commands import Result, plaudit
from tests.databases import fresh

HARDER = THREE.replace("goal = 3", "goal = 4\nversion = 2")
OTHER = THREE.replace("[community]", '[community]\nid = "other"')


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A database in which Amira has three posts and the badge, and the book that gave it."""
    (tmp_path / "rules.toml").write_text(THREE)
    url = fresh(tmp_path)
    store = await open_store(url, [book(THREE)], lambda: NOON)
    await store.take([post(n, at=NOON - DAY + n) for n in range(3)])
    await store.close()
    return tmp_path


def applied(folder: Path, text: str, *more: str, answer: str = "", name: str = "new.toml") -> Result:
    (folder / name).write_text(text)
    return plaudit(folder, "apply", name, *more, stdin=answer)


def rules(folder: Path) -> str:
    return (folder / "rules.toml").read_text()


def test_it_shows_what_would_change_and_asks(folder: Path) -> None:
    told = applied(folder, HARDER, answer="n\n")
    assert told.code == 1
    assert "Three (three): version 1 → 2" in told.out
    assert "1 person no longer meets it and keeps it: slack:T1/A" in told.out
    assert "Bring this book into force?" in told.out
    assert "Nothing was changed." in told.out
    assert rules(folder) == THREE
    assert applied(folder, HARDER, answer="y\n").code == 0
    assert rules(folder) == HARDER


def test_without_an_answer_nothing_happens(folder: Path) -> None:
    assert applied(folder, HARDER).code == 1
    assert rules(folder) == THREE


def test_a_changed_rule_under_its_old_version_is_refused_with_the_lines_to_paste(folder: Path) -> None:
    told = applied(folder, THREE.replace("goal = 3", "goal = 4"), "--yes")
    assert told.code == 78
    assert told.err.splitlines()[0].startswith("new.toml:6 achievement.three: ")
    assert told.err.splitlines()[1] == "    version = 2"
    assert told.err.splitlines()[2].startswith('    existing = "keep"  # or "recheck"')
    assert rules(folder) == THREE


def test_who_confirms_when_another_book_came_into_force_meanwhile_is_told(folder: Path) -> None:
    url = f"sqlite:///{folder}/plaudit.db"
    settings = read({"PLAUDIT_DATABASE_URL": url, "PLAUDIT_RULES": f"{folder}/rules.toml"}, None)
    for name, text in (("one", HARDER), ("other", HARDER.replace("goal = 4", "goal = 5"))):
        (folder / f"{name}.toml").write_text(text)
    one, other = prepare(settings, folder / "one.toml"), prepare(settings, folder / "other.toml")
    assert carry_out(settings, one, patience=0) == 2
    with pytest.raises(Refused, match="another book came into force meanwhile"):
        carry_out(settings, other, patience=0)
    assert rules(folder) == HARDER
    assert plaudit(folder, "verify").code == 0


def test_the_file_itself_may_be_edited_and_applied(folder: Path) -> None:
    told = applied(folder, HARDER, "--yes", name="rules.toml")
    assert told.code == 0, told.err
    assert "In force now: revision 2" in told.out
    assert plaudit(folder, "apply", "rules.toml").out == "This book is in force already; nothing to do.\n"
    assert plaudit(folder, "verify").code == 0


def test_edits_of_the_file_that_are_not_in_force_are_not_overwritten(folder: Path) -> None:
    edited = THREE.replace('name = "Three"', 'name = "3"')
    (folder / "rules.toml").write_text(edited)
    told = applied(folder, HARDER, "--yes")
    assert told.code == 78
    assert "rules.toml: holds changes that are not in force, and they would be lost" in told.err
    assert rules(folder) == edited


def test_an_edited_file_is_no_difference_for_verify_before_it_is_in_force(folder: Path) -> None:
    (folder / "rules.toml").write_text(HARDER)
    assert plaudit(folder, "verify").code == 0


def test_a_book_of_another_community_is_refused(folder: Path) -> None:
    told = applied(folder, OTHER, "--yes")
    assert told.code == 78
    assert 'the database knows no community "other"; was its id changed?' in told.err


def test_without_a_database_the_bot_is_to_be_started(tmp_path: Path) -> None:
    told = applied(tmp_path, THREE, "--yes")
    assert told.code == 78
    assert "there is no database yet" in told.err


def test_a_file_that_cannot_be_replaced_stops_everything_beforehand(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="let Plaudit write to its folder"):
        replace_text(folder / "nowhere" / "rules.toml", HARDER)


def test_a_link_to_a_book_stays_a_link(folder: Path) -> None:
    (folder / "elsewhere.toml").write_text(THREE)
    (folder / "rules.toml").unlink()
    (folder / "rules.toml").symlink_to("elsewhere.toml")
    assert applied(folder, HARDER, "--yes").code == 0
    assert (folder / "rules.toml").is_symlink()
    assert (folder / "elsewhere.toml").read_text() == HARDER


@pytest.mark.slow
@pytest.mark.parametrize(("umask", "rights"), [(0o022, 0o644), (0o077, 0o600)])
def test_a_book_whose_file_is_gone_is_written_with_the_rights_of_any_new_file(
    folder: Path, umask: int, rights: int
) -> None:
    (folder / "rules.toml").unlink()
    before = os.umask(umask)
    try:
        assert applied(folder, HARDER, "--yes").code == 0
    finally:
        os.umask(before)
    assert (folder / "rules.toml").stat().st_mode & 0o777 == rights


def test_a_book_that_is_replaced_keeps_its_rights(folder: Path) -> None:
    (folder / "rules.toml").chmod(0o640)
    assert applied(folder, HARDER, "--yes").code == 0
    assert (folder / "rules.toml").stat().st_mode & 0o777 == 0o640


async def test_in_a_folder_of_books_its_own_file_is_replaced(tmp_path: Path) -> None:
    def of(name: str, text: str = THREE) -> str:
        return text.replace("[community]", f'[community]\nid = "{name}"\nsources = ["slack:{name}"]')

    shelf, url = tmp_path / "books", f"sqlite+aiosqlite:///{tmp_path / 'plaudit.db'}"
    shelf.mkdir()
    for name in ("a", "b"):
        (shelf / f"{name}.toml").write_text(of(name))
    upgrade(url)
    await (await open_store(url, [book(of("a")), book(of("b"))], lambda: NOON)).close()
    (tmp_path / "new.toml").write_text(of("b", HARDER))
    told = plaudit(tmp_path, "apply", "new.toml", "--yes", PLAUDIT_RULES="books")
    assert told.code == 0, told.err
    assert [(shelf / f"{name}.toml").read_text() for name in "ab"] == [of("a"), of("b", HARDER)]
    (tmp_path / "new.toml").write_text(of("b", HARDER).replace("slack:b", "slack:a"))
    clash = plaudit(tmp_path, "apply", "new.toml", "--yes", PLAUDIT_RULES="books")
    assert clash.code == 78
    assert 'source "slack:a" is also in' in clash.err


# -- diff


def test_diff_compares_with_the_book_in_force(folder: Path) -> None:
    (folder / "new.toml").write_text(HARDER.replace("version = 2", ""))
    told = plaudit(folder, "diff", "new.toml")
    assert told.code == 0, told.err
    assert "Three (three): changed, still version 1" in told.out
    assert "plaudit apply will ask for version = 2" in told.out


def test_diff_needs_no_database_where_it_is_given_both_books_and_events(tmp_path: Path) -> None:
    for name, text in (("old", THREE), ("new", HARDER)):
        (tmp_path / f"{name}.toml").write_text(text)
    (tmp_path / "events.jsonl").write_bytes(b"\n".join(to_line(post(n)) for n in range(3)))
    told = plaudit(tmp_path, "diff", "old.toml", "new.toml", "--events", "events.jsonl", "--json")
    assert told.code == 0, told.err
    (rule,) = json.loads(told.out)["achievements"]
    assert [h["member"] for h in rule["losses"]] == ["slack:T1/A"]


def test_diff_takes_two_books_at_most(folder: Path) -> None:
    assert plaudit(folder, "diff", "rules.toml", "rules.toml", "rules.toml").code == 2
