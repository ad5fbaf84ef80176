"""One commit of a command, beside a running bot or without one, with what the rules decide from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from adapters.storage import rulings
from adapters.storage.proposals import writing
from adapters.storage.reading import reading
from adapters.storage.serving import recall
from core.plan import compile_plan
from core.rules.book import RuleBook
from core.serving import Served


@dataclass(frozen=True, slots=True)
class Beside:
    """A community as this process serves it for one commit."""

    db: sa.Connection
    served: Served


@contextmanager
def looking(url: str, community: str) -> Iterator[sa.Connection]:
    """Only reads, and waits for nobody. Raises ConfigurationError where there is no database of this version."""
    with reading(url) as histories:
        yield histories(community)._db


@contextmanager
def beside(url: str, book: RuleBook) -> Iterator[Beside]:
    """By the book in force, else by this one. Committed at the end, or nothing after an error.

    Raises StorageUnavailable while another program writes.
    """
    with writing(url) as begin:
        tx = begin(book.community.id)
        served = Served(compile_plan(rulings.book_in_force(tx) or book))
        recall(tx, served)
        yield Beside(tx._db, served)
