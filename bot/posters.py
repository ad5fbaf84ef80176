"""`plaudit codes …` and `plaudit links …`: what stands on posters, made by the operator."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from adapters.storage import codes, links
from adapters.storage.beside import beside, looking
from adapters.storage.upgrade import upgrade
from bot.claims import one_book
from bot.settings import Settings
from core.catalogue import CLOCK, ENGINE, HAND, KEPT, MACHINE, nearest
from core.claim_codes import CLAIMED, Choose, Code, grouped, make
from core.errors import ConfigurationError
from core.plan import compile_plan
from core.rules.book import RuleBook
from core.times import write_time
from core.tracked_links import CODE_LENGTH, TrackedLink, address

OURS = frozenset((*HAND, *MACHINE, *CLOCK, *ENGINE, *KEPT))
LONGEST_NAME = 60
MOST = 100_000


def new_code(settings: Settings, community: str | None, wanted: Code, choose: Choose = secrets.choice) -> str:
    """Make a code; returns its characters, which are kept nowhere. Raises ConfigurationError."""
    book, characters, now = one_book(settings, community), make(choose), _now()
    wanted = replace(wanted, opens=wanted.opens or now)
    _refuse_odd(book, wanted)
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        if not codes.make(here.db, book.community.id, wanted, characters, now):
            raise ConfigurationError(f'there is a code called "{wanted.name}" already; take another name')
    return characters


def code_lines(settings: Settings, community: str | None) -> list[str]:
    book, now = one_book(settings, community), _now()
    with looking(settings.database_url, book.community.id) as db:
        found = codes.codes(db, book.community.id)
    return [_code_line(code, now) for code in found] or ["There are no codes yet; plaudit codes new makes one."]


def close_code(settings: Settings, community: str | None, name: str) -> None:
    """From now on nobody can use it; what was counted stays. Raises ConfigurationError."""
    book = one_book(settings, community)
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        if not codes.close(here.db, book.community.id, name, _now()):
            raise ConfigurationError(f'there is no code called "{name}"')


def require_drawable(settings: Settings, picture: Path | None) -> None:
    """Before a code is made: can the picture be? Raises ConfigurationError."""
    if picture is None:
        return
    if settings.public_url is None:
        raise ConfigurationError("PLAUDIT_PUBLIC_URL: is not set; a picture needs the address of the page")
    if picture.suffix not in (".svg", ".png"):
        raise ConfigurationError("--qr: write a file that ends in .svg or .png")


def told(settings: Settings, characters: str, wanted: Code, picture: Path | None) -> list[str]:
    """What the operator reads once, and the picture for the poster."""
    lines = [f"The code of {wanted.name}: {grouped(characters)}", "It is shown this once; only a mark of it is kept."]
    if settings.public_url is None:
        return [*lines, "With PLAUDIT_PUBLIC_URL it has a page too; /claim with the code works without."]
    page = f"{settings.public_url.rstrip('/')}/claim/{characters}"
    if picture is None:
        return [*lines, f"Its page: {page}"]
    return [*lines, f"Its page: {page}", _drawn(page, picture)]


def _drawn(page: str, picture: Path) -> str:
    """The code exists by now: what goes wrong here is said, and the rest stands."""
    import segno

    try:
        segno.make_qr(page, error="m").save(str(picture), scale=10, border=4)
    except OSError as error:
        return f"The picture could not be written: {picture} ({error.strerror})"
    return f"The picture for the poster: {picture}"


def new_link(
    settings: Settings,
    community: str | None,
    name: str,
    to: str,
    facts: Mapping[str, str],
    choose: Choose = secrets.choice,
) -> str:
    """Make a tracked link; returns its address. Raises ConfigurationError."""
    book = one_book(settings, community)
    _refuse_name(name)
    if settings.public_url is None:
        raise ConfigurationError("PLAUDIT_PUBLIC_URL: is not set; a link needs an address that others can reach")
    parts = urlsplit(to)
    if parts.scheme not in ("http", "https") or not parts.hostname or not to.isascii() or not to.isprintable():
        raise ConfigurationError("--to: write a whole address, as https://example.org/spring")
    link = TrackedLink(book.community.id, name, make(choose, CODE_LENGTH), to, facts)
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        if not links.make(here.db, link, _now()):
            raise ConfigurationError(f'there is a link called "{name}" already; take another name')
    return address(settings.public_url, link)


def link_lines(settings: Settings, community: str | None) -> list[str]:
    book = one_book(settings, community)
    with looking(settings.database_url, book.community.id) as db:
        found = links.links(db, book.community.id)
    lines = [f"{link.name}: /go/{link.code} to {link.to}, {link.visits} visits" for link in found]
    return lines or ["There are no links yet; plaudit links new makes one."]


def _refuse_odd(book: RuleBook, wanted: Code) -> None:
    _refuse_name(wanted.name)
    plan = compile_plan(book)
    if wanted.achievement is not None and wanted.achievement not in plan.wanted:
        near = nearest(wanted.achievement, plan.wanted)
        hint = f"; did you mean {near}?" if near else ""
        raise ConfigurationError(f'--achievement: the book has no "{wanted.achievement}"{hint}')
    if wanted.type not in plan.known or wanted.type in OURS:
        raise ConfigurationError(f"--type: no code can stand for {wanted.type}; left out, it is {CLAIMED}")
    if not 1 <= wanted.capacity <= MOST:
        raise ConfigurationError(f"--capacity: write a number from 1 to {MOST}")
    if wanted.closes <= max(wanted.opens, _now()):
        raise ConfigurationError("--until: write a time that is still to come, after --from")


def _refuse_name(name: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or "/" in name or name != name.strip():
        raise ConfigurationError(f"--name: write at most {LONGEST_NAME} characters, without a slash")


def _code_line(code: Code, now: int) -> str:
    what = f"gives {code.achievement}" if code.achievement else code.type
    state = "not open yet" if now < code.opens else "closed" if now >= code.closes else "open"
    opens, closes = (write_time(at)[:16].replace("T", " ") for at in (code.opens, code.closes))
    span = f"{opens} to {closes} UTC"
    return f"{code.name}: {code.used} of {code.capacity} used, {state} ({span}), {what}"


def _now() -> int:
    return time.time_ns() // 1_000
