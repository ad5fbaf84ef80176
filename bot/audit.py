"""`plaudit audit`: the trail of administrative acts, searched and exported."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import orjson

from adapters.storage.audit import Wanted, search
from adapters.storage.history import as_json
from adapters.storage.holdings import names
from adapters.storage.reading import reading
from bot.books import read_books
from bot.settings import Settings
from core.audit import Act
from core.members import join, links_in
from core.plan import LINKED
from core.spreadsheet import cell
from core.times import write_time

COLUMNS = ("at", "by", "what", "about", "reason", "before", "after")


@dataclass(frozen=True, slots=True)
class Found:
    """Acts of one community, newest first, and what accounts are called there."""

    community: str
    acts: list[Act]
    names: dict[str, str]


def find(settings: Settings, wanted: Wanted, by: str | None, about: str | None) -> list[Found]:
    """Works beside a running bot. `by` and `about`: accounts; what they are linked with is found too."""
    found = []
    with reading(settings.database_url) as histories:
        for book in read_books(settings.rules):
            history = histories(book.community.id)
            people = join(links_in(history.live([LINKED])))
            who, whom = (as_json(people.accounts(people.member(a))) if a else "" for a in (by, about))
            here = replace(wanted, by=who, about=whom)
            found.append(Found(history.community, search(history.named_rows, history.community, here), names(history)))
    return found


def as_lines(found: Sequence[Found]) -> list[str]:
    """For people: one act in two lines."""
    lines = [line for part in found for act in part.acts for line in _told(act, part)]
    return lines or ["Nothing was found."]


def _told(act: Act, part: Found) -> list[str]:
    who, whom = (part.names.get(a, a) for a in (act.by, act.about))
    what = f"{act.what}, {whom}" if whom else act.what
    lines = [f"{write_time(act.at)}  {who}: {what}" + (f" ({act.reason})" if act.reason else "")]
    if act.before or act.after:
        lines.append(f"    {act.before} → {act.after}")
    return lines


def as_json_text(found: Sequence[Found]) -> str:
    """One object with a list of acts; times in RFC 3339."""
    acts = [{"community": part.community, **asdict(a), "at": write_time(a.at)} for part in found for a in part.acts]
    return orjson.dumps({"acts": acts}, option=orjson.OPT_INDENT_2).decode()


def as_csv(found: Sequence[Found]) -> str:
    """For a spreadsheet; no cell is taken for a formula."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("community", *COLUMNS))
    for part in found:
        for act in part.acts:
            told = {**asdict(act), "at": write_time(act.at)}
            rows.writerow([cell(str(v)) for v in (part.community, *(told[c] for c in COLUMNS))])
    return out.getvalue()
