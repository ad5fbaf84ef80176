"""Claims at the desk: what is taken, who decides, what the log keeps, and what the operator does from a terminal."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot import claims
from bot.proposals import ProposalBox
from bot.schedule import Schedule
from bot.settings import Settings, read
from core.errors import PlauditError
from core.events import Statement
from tests.adapters.storage.said import DAY, HOUR, NOON, chose
from tests.bot.office import BOOK, WORKSHOP, Office, opened


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path) as office:
        yield office


def settings(office: Office, folder: Path) -> Settings:
    (folder / "rules.toml").write_text(BOOK)
    return read({"PLAUDIT_DATABASE_URL": office.url, "PLAUDIT_RULES": str(folder / "rules.toml")}, None)


def statement(office: Office, id_: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(office.rows("SELECT body FROM statement WHERE id = ?", id_)[0][0])
    return found


async def test_a_yes_says_who_when_and_for_what_and_keeps_the_note_out_of_the_log(office: Office) -> None:
    await office.claim("J", day="2026-03-10", proof="https://example.org/1", note="With twelve designers")
    assert "Approved" in await office.press("N", "claim-approve")
    said = statement(office, "claim:1")
    assert said["by"] == "slack:T1/N"
    assert said["facts"] == {
        "claim": 1,
        "achievement": "teacher",
        "kind": "workshop",
        "proof": "https://example.org/1",
        "decided": "2026-03-18T12:00:00Z",
    }
    assert office.rows("SELECT at FROM statement WHERE id = 'claim:1'") == [(NOON - 8 * DAY - HOUR,)]  # noon in Berlin
    assert office.awards("J") == {"teacher"}
    assert "designers" not in str(office.rows("SELECT body FROM statement"))
    assert "designers" in str(office.rows("SELECT note FROM claim"))


async def test_a_no_is_in_the_log_and_counts_for_nothing(office: Office) -> None:
    await office.claim("J")
    await office.said("N", "claim-declined", about="1", reason="No such workshop")
    said = statement(office, "claim:1:declined")
    assert (said["type"], said["by"], said["reason"]) == ("claim.declined", "slack:T1/N", "No such workshop")
    assert office.awards("J") == set()


async def test_the_first_of_two_moderators_decides(office: Office) -> None:
    await office.claim("J")
    answers = await asyncio.gather(office.press("N", "claim-approve"), office.press("O", "claim-approve"))
    assert sorted("already" in text for text in answers) == [False, True]
    assert any("approved this claim already" in text for text in answers)
    assert office.rows("SELECT COUNT(*) FROM statement WHERE id = 'claim:1'") == [(1,)]


async def test_nobody_decides_on_their_own_claim_whatever_the_account(office: Office) -> None:
    await office.claim("N")
    assert "your own" in await office.press("N", "claim-approve")
    linked = Statement(
        "discord:2", "link:9", NOON, "member.linked", actor="slack:T1/O", target="slack:T1/J", by="engine"
    )
    await office.claim("J")  # before the link: who somebody is, is asked anew
    await office.store.take([linked])
    assert "your own" in await office.press("O", "claim-approve", "2")
    assert "None of these" in await office.press("O", "claims-approve", "2")


async def test_parting_from_an_account_does_not_make_its_claim_somebody_elses(office: Office) -> None:
    linked = Statement(
        "discord:2", "link:9", NOON, "member.linked", actor="slack:T1/N", target="slack:T1/J", by="engine"
    )
    await office.store.take([linked])
    await office.claim("J")
    await office.store.take([Statement("discord:2", "link:9", NOON + 1, op="withdraw", by="slack:T1/N")])
    assert "your own" in await office.press("N", "claim-approve")
    assert "None of these" in await office.press("N", "claims-approve", "1")
    await office.said("O", "claim-declined", about="1", reason="No")
    await office.store.take(
        [
            Statement(
                "discord:2", "link:9", NOON + 2, "member.linked", actor="slack:T1/N", target="slack:T1/J", by="engine"
            )
        ]
    )
    await office.said("J", "appeal-send", about="claim:1", text="But yes")
    await office.store.take([Statement("discord:2", "link:9", NOON + 3, op="withdraw", by="slack:T1/N")])
    assert "your own" in await office.said("N", "appeal-restored", about="1", reason="Mine")


async def test_the_fourth_claim_waits_also_when_all_come_at_once(office: Office) -> None:
    answers = await asyncio.gather(*(office.claim("J") for _ in range(5)))
    assert sum("with the moderators. I tell" in text for text in answers) == 3
    assert sum("Three claims of yours" in text for text in answers) == 2
    await office.press("N", "claim-approve")
    assert "I tell you here" in await office.claim("J")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"day": "2026-03-19"}, "still to come"),
        ({"day": "2025-01-01"}, "more than a year ago"),
        ({"day": "yesterday"}, "is no date"),
        ({"proof": "see my desk"}, "must be a link"),
        ({"what": "other"}, "in a few words"),
        ({"what": "teacher|party"}, "no longer"),
        ({"note": "x" * 201}, "200 characters at most"),
    ],
)
async def test_what_cannot_be_claimed_is_said_in_words(office: Office, given: dict[str, str], said: str) -> None:
    assert said in await office.claim("J", **given)
    assert office.rows("SELECT COUNT(*) FROM claim") == [(0,)]


async def test_a_badge_given_by_hand_can_be_claimed_too(office: Office) -> None:
    await office.claim("J", "beyond|")
    await office.press("N", "claim-approve")
    assert office.awards("J") == {"beyond"}


async def test_something_else_is_validated_and_no_badge_of_a_kind_counts_it(office: Office) -> None:
    await office.claim("J", "other", note="Repaired the projector")
    assert "something else of Jonas" in await office.press("N", "claim-approve")
    assert office.awards("J") == set()


@pytest.mark.parametrize("verb", ["claim-approve", "claim-decline", "claim-ask", "claims", "claims-approve"])
async def test_only_moderators_decide(office: Office, verb: str) -> None:
    await office.claim("J")
    assert "Only moderators" in await office.press("L", verb)
    assert office.rows("SELECT state FROM claim") == [("open",)]


async def test_whoever_opted_out_is_not_recorded(office: Office) -> None:
    await office.claim("J")
    await office.store.take([chose("J", NOON, tracking="off")])
    assert "opted out" in await office.press("N", "claim-approve")
    assert "opted out" in await office.claim("J")


async def test_a_second_look_records_nothing_of_whoever_opted_out_since(office: Office) -> None:
    await office.claim("J")
    await office.said("N", "claim-declined", about="1", reason="No")
    await office.said("J", "appeal-send", about="claim:1", text="But yes")
    await office.store.take([chose("J", NOON, tracking="off")])
    assert "opted out" in await office.said("O", "appeal-restored", about="1", reason="Looked again")
    assert office.rows("SELECT state FROM claim") == [("declined",)]
    assert office.awards("J") == set()


async def test_nobody_appeals_for_somebody_else_or_against_a_yes(office: Office) -> None:
    await office.claim("J")
    assert "not declined" in await office.press("J", "appeal", "claim:1")
    await office.said("N", "claim-declined", about="1", reason="No")
    assert "not yours" in await office.press("L", "appeal", "claim:1")
    for odd in ("claim:01", "claim:\uff11"):  # the same number, and a second look that would be another one
        assert "not yours" in await office.press("J", "appeal", odd)
    assert (await office.ask("J", "appeal", argument="claim:1")).form is not None


async def test_a_no_may_stay_after_a_second_look(office: Office) -> None:
    await office.claim("J")
    await office.said("N", "claim-declined", about="1", reason="No")
    await office.said("J", "appeal-send", about="claim:1", text="But yes")
    assert "Kept as it is" in await office.said("O", "appeal-kept", about="1", reason="Looked again")
    assert statement(office, "appeal:1:decided")["facts"] == {"appeal": 1, "decision": "claim:1", "ruling": "kept"}
    assert "decided on this already" in await office.said("N", "appeal-restored", about="1", reason="Well")
    assert office.awards("J") == set()


async def test_moderators_are_reminded_once_a_day_while_a_claim_is_a_day_old(office: Office) -> None:
    await office.claim("J")
    schedule = Schedule(office.store, lambda: ["slack:T1"], dict)
    assert not await schedule.remind_of_claims("default")
    office.clock.now = NOON + DAY + HOUR
    assert [await schedule.remind_of_claims("default") for _ in range(3)] == [True, False, False]
    office.clock.now += DAY - 8 * HOUR  # six in the morning: before the digest's hour
    assert not await schedule.remind_of_claims("default")
    office.clock.now += 8 * HOUR
    await office.press("N", "claim-approve")
    assert not await schedule.remind_of_claims("default")


async def test_the_operator_decides_from_a_terminal(office: Office, tmp_path: Path) -> None:
    for who in ("J", "L"):
        await office.claim(who, note="At the fair")
    here = settings(office, tmp_path)
    lines = claims.as_lines(*claims.look(here, None))
    assert lines[0].splitlines() == ["   1  Jonas: Teacher (workshop), 2026-03-18", "      At the fair"]
    with pytest.raises(PlauditError, match="claim 9 is not open"):
        claims.decide(here, None, [1, 9], "", approve=True)
    assert office.rows("SELECT DISTINCT state FROM claim") == [("open",)]
    assert claims.decide(here, None, [1], "", approve=True) == 1
    assert claims.decide(here, None, [2], "Not here", approve=False) == 1
    assert office.awards("J") == {"teacher"}
    assert claims.as_lines(*claims.look(here, None)) == ["No claim waits for a decision."]
    assert "operator approved" in await office.press("N", "claim-approve")


def proposal(**facts: object) -> Statement:
    known = {"achievement": "teacher", "confidence": Decimal("0.87"), "explanation": "Taught Git to twelve people"}
    return Statement("scout:acme", "p1", NOON, "award.proposed", target="slack:T1/J", facts={**known, **facts})  # type: ignore[arg-type] # wrong ones are tried too


async def test_a_machine_proposes_and_a_person_decides(office: Office) -> None:
    box = ProposalBox(office.store)
    assert (await box.take([proposal()])).new == 1
    assert (await box.take([proposal()])).duplicates == 1
    assert office.awards("J") == set()
    shown = await office.said("N", "claims")
    assert "scout:acme proposes Teacher" in shown
    assert "None of these" in await office.press("N", "claims-confirm", "1")  # never among many at once
    await office.press("N", "claim-approve")
    assert office.awards("J") == {"teacher"}
    facts = statement(office, "claim:1")["facts"]
    assert isinstance(facts, dict)
    assert (facts["confidence"], facts["human_approval"]) == (0.87, True)
    assert "Taught Git" not in str(office.rows("SELECT body FROM statement"))


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"confidence": Decimal("1.01")}, "number from 0 to 1"),
        ({"achievement": "teecher"}, "the rule book has"),
        ({"explanation": "x" * 301}, "300 characters"),
    ],
)
async def test_an_unfit_proposal_is_kept_as_ignored(office: Office, facts: dict[str, object], reason: str) -> None:
    taken = await ProposalBox(office.store).take([proposal(**facts)])
    assert reason in taken.ignored[0]
    assert reason in str(office.rows("SELECT reason FROM ignored"))
    assert office.rows("SELECT COUNT(*) FROM claim") == [(0,)]


async def test_proposals_are_off_unless_the_book_takes_them(tmp_path: Path) -> None:
    async with opened(tmp_path, BOOK.replace("proposals = true", "")) as office:
        taken = await ProposalBox(office.store).take([proposal()])
        assert "proposals are off" in taken.ignored[0]


async def test_all_shown_leaves_out_what_was_decided_meanwhile(office: Office) -> None:
    for who in ("J", "L", "N"):
        await office.claim(who, WORKSHOP)
    await office.press("O", "claim-approve", "2")
    assert "Approve 1 claim?" in await office.press("N", "claims-confirm", "1,2,3")
    assert "Approved: 1 claim." in await office.press("N", "claims-approve", "1,2,3")
    assert (office.awards("J"), office.awards("N")) == ({"teacher"}, set())


async def test_a_second_look_at_what_takes_two_takes_two(tmp_path: Path) -> None:
    text = BOOK.replace('manual = "moderator"', 'manual = "moderator"\ntwo_people = true')
    async with opened(tmp_path, text) as office:
        await office.claim("J", "beyond|")
        await office.said("N", "claim-declined", about="1", reason="No")
        await office.said("J", "appeal-send", about="claim:1", text="But yes")
        assert "takes two moderators" in await office.said("N", "appeal-restored", about="1", reason="Well")
        assert "another moderator must" in await office.said("N", "appeal-restored", about="1", reason="Well")
        assert office.awards("J") == set()
        assert "Restored" in await office.said("O", "appeal-restored", about="1", reason="Yes")
        assert office.awards("J") == {"beyond"}


async def test_a_yes_by_mistake_is_taken_back_to_the_end(office: Office) -> None:
    await office.claim("J", day="2026-03-10")
    await office.press("N", "claim-approve")
    assert "Only moderators" in await office.press("L", "claim-undo")
    assert (await office.ask("N", "claim-undo", argument="1")).form is not None
    office.clock.now += 1
    assert "Taken back: Teacher" in await office.said("N", "claim-undone", about="1", reason="Another Jonas")
    assert "not approved" in await office.said("O", "claim-undone", about="1", reason="Twice")
    assert office.awards("J") == set()
    assert "Another Jonas" in str(office.rows("SELECT card FROM outbox WHERE cause = 'claim:1:declined:back'"))
    await office.said("J", "appeal-send", about="claim:1", text="It was me")
    assert "Restored" in await office.said("O", "appeal-restored", about="1", reason="So it was")
    assert office.rows("SELECT at FROM statement WHERE id = 'claim:1:again'") == [(NOON - 8 * DAY - HOUR,)]
    assert office.awards("J") == {"teacher"}
    office.clock.now += 1
    await office.said("N", "claim-undone", about="1", reason="No")
    assert office.awards("J") == set()
    await office.claim("J", day="2026-03-11")
    await office.press("N", "claim-approve", "2")
    assert office.awards("J") == {"teacher"}
    assert "your own" not in await office.press("O", "claim-undo", "2")
    await office.claim("O")
    await office.press("N", "claim-approve", "3")
    assert "your own" in await office.press("O", "claim-undo", "3")
