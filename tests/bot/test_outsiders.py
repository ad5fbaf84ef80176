"""People whom a community has nothing to say about: those who were erased, and those of another one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage import codes
from adapters.storage.departures import depart
from bot.proposals import ProposalBox
from core.claim_codes import Code
from core.commands.privacy import JOIN
from core.erasure import AT_THE_DOOR
from core.events import Statement
from tests.adapters.storage.said import DAY, NOON
from tests.bot.office import WORKSHOP, Office, opened

FAIR = "ABCD-EFGH-JKMN"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path) as office:
        for name, achievement, characters in (("Fair", None, FAIR), ("Gala", "beyond", FAIR[::-1])):
            code = Code(name, "code.claimed", achievement, 3, 0, NOON, NOON + DAY)
            await office.store.perform(lambda db, c=code, t=characters: codes.make(db, "default", c, t, NOON))  # type: ignore[misc] # bound now
        yield office


def proposed(target: str) -> Statement:
    facts = {"achievement": "beyond", "explanation": "Jonas taught Git"}
    return Statement("scout:acme", "p1", NOON, "award.proposed", target=target, facts=facts)


ASKED: tuple[tuple[str, dict[str, str]], ...] = (
    ("claim", {"code": FAIR}),
    ("claim", {"code": FAIR[::-1]}),
    ("claim", {}),
    ("claim-send", {"what": WORKSHOP, "day": "2026-03-18"}),
    ("link", {}),
    ("kudos", {"member": "slack:T1/A", "reason": "for the answer"}),
    ("nominate-send", {"about": "C1/1 A", "achievement": "beyond", "why": "Well done"}),
    ("settings", {"choice": "announce=none"}),
    ("privacy", {}),
    ("privacy", {"argument": ""}),
)


@pytest.mark.parametrize(("verb", "arguments"), ASKED)
async def test_nothing_is_kept_of_what_somebody_asks_who_was_erased(
    office: Office, verb: str, arguments: dict[str, str]
) -> None:
    await depart(office.store, "slack:T1/J")
    answer = await office.ask("J", verb, **arguments)
    assert "You were erased" in str(answer.card)
    assert answer.form is None
    assert not [line for line in office.dump() if "T1/J" in line]
    assert office.rows("SELECT SUM(used) FROM code") == [(0,)]


async def test_somebody_who_was_erased_may_look_and_come_back(office: Office) -> None:
    await depart(office.store, "slack:T1/J")
    assert "You were erased" not in await office.said("J", "help")
    assert "You are counted from now on" in await office.said("J", "privacy", argument=JOIN)
    assert "Counted: Gala" in await office.said("J", "claim", code=FAIR[::-1])
    assert office.awards("J") == {"beyond"}


async def test_no_machine_brings_back_who_was_erased(office: Office) -> None:
    await depart(office.store, "slack:T1/J")
    taken = await ProposalBox(office.store).take([proposed("slack:T1/J")])
    assert taken.ignored == (AT_THE_DOOR,)
    assert not [line for line in office.dump() if "T1/J" in line or "Jonas" in line]


async def test_a_machine_makes_no_card_in_a_workspace_of_others(office: Office) -> None:
    assert (await ProposalBox(office.store).take([proposed("slack:T2/U9")])).new == 1
    assert office.rows("SELECT state FROM claim") == [("open",)]
    assert office.rows("SELECT destination FROM outbox") == []


@pytest.mark.parametrize("named", ["slack:T2/U9", "@somebody/else", "@slack:T1/J"])
async def test_moderators_name_people_of_their_own_community(office: Office, named: str) -> None:
    said = await office.said("N", "grant", member=named, achievement="beyond", reason="A talk")
    assert "I know nobody here" in said
    assert office.rows("SELECT COUNT(*) FROM statement") == [(0,)]
