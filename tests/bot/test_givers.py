"""Givers: who may give some badges by hand without being a moderator, and how many in a month."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.terminal.cards import render
from core.events import WITHDRAW, Statement
from core.requests import Answer, Request
from core.rights import Role
from core.rules.loading import examine
from tests.adapters.storage.said import DAY, NOON, chose
from tests.bot.office import BOOK, Office, opened

GIVERS = """
[achievement.helper]
name = "Helper"
manual = "moderator"
repeat = true
[achievement.tutor]
name = "Tutor"
manual = "moderator"
repeat = true
secret = true
[achievement.fame]
name = "Fame"
manual = "moderator"
two_people = true
[[givers]]
slack = "@tutors"
discord = "Tutor"
achievements = ["helper", "tutor", "fame"]
monthly = 2
[[givers]]
account = "slack:T1/L"
achievements = ["tutor"]
monthly = 1
"""
JONAS, NOOR = "slack:T1/J", "slack:T1/N"
TUTORS = frozenset({"@tutors"})
MONTH_ENDS = 13 * DAY + 10 * DAY // 24  # after NOON: 1 April begins in Berlin


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK + GIVERS) as office:
        yield office


async def ask(
    office: Office,
    account: str = "slack:T1/A",
    verb: str = "grant",
    groups: frozenset[str] = TUTORS,
    role: Role = "member",
    **arguments: str,
) -> Answer:
    office.asked += 1
    source = account.partition("/")[0]
    request = Request(f"r{office.asked}", source, account, verb, office.clock(), arguments, role, "C1", groups=groups)
    return await office.desk.answer(request)


async def give(
    office: Office,
    badge: str = "helper",
    account: str = "slack:T1/A",
    groups: frozenset[str] = TUTORS,
    member: str = JONAS,
    role: Role = "member",
) -> str:
    answer = await ask(
        office, account, groups=groups, role=role, member=member, achievement=badge, reason="A good year"
    )
    return render(answer.card)


def granted(office: Office) -> list[str]:
    """Ids of the grants that were ever said."""
    found = office.rows("SELECT id, body FROM statement WHERE id LIKE 'grant:%' ORDER BY seq")
    return [id_ for id_, body in found if json.loads(body).get("type") == "grant.made"]


async def test_a_giver_gives_what_the_book_says_and_hears_how_many_are_left(office: Office) -> None:
    said = await give(office)
    assert said == "Jonas receives Helper. Your reason goes with it. You can give 1 more this month."
    assert office.awards("J") == {"helper"}
    (body,) = office.rows("SELECT body FROM statement WHERE id = 'grant:r1'")[0]
    assert json.loads(body)["actor"] == json.loads(body)["by"] == "slack:T1/A"
    assert "0 more" in await give(office, "tutor")
    assert "your 2 badges of this month" in await give(office)
    assert len(granted(office)) == 2


async def test_whoever_is_not_in_the_group_now_is_no_giver(office: Office) -> None:
    assert "Only moderators" in await give(office, groups=frozenset())
    assert "Only moderators" in await give(office, groups=frozenset({"@others"}))
    assert "Only moderators" in await give(office, account="discord:2/7", groups=TUTORS)  # a name of Slack's
    assert granted(office) == []


async def test_other_badges_and_other_commands_stay_with_the_moderators(office: Office) -> None:
    assert "Beyond is given by moderators. What you can give: Helper, Tutor, Fame." in await give(office, "beyond")
    for verb in ("revoke", "validate"):
        told = await ask(office, verb=verb, member=JONAS, achievement="helper", kind="talk", reason="x")
        assert "Only moderators" in render(told.card)
    assert granted(office) == []


async def test_nothing_for_oneself_with_whichever_account(office: Office) -> None:
    await link(office, "slack:T1/L")
    for member in ("slack:T1/A", "slack:T1/L"):
        assert await give(office, member=member) == "Not for yourself: ask a moderator."


async def test_the_months_badges_are_counted_exactly_when_several_come_at_once(office: Office) -> None:
    said = await asyncio.gather(*(give(office) for _ in range(6)))
    assert sum("receives Helper" in text for text in said) == 2
    assert sum("your 2 badges" in text for text in said) == 4
    assert len(granted(office)) == 2


async def test_linked_accounts_share_the_number(office: Office) -> None:
    await link(office, "slack:T1/O")
    await give(office)
    assert "0 more" in await give(office, account="slack:T1/O")
    assert "of this month" in await give(office)


async def test_the_month_is_that_of_the_community(office: Office) -> None:
    await give(office)
    await give(office)
    office.clock.now = NOON + MONTH_ENDS - 1
    assert "of this month" in await give(office)
    office.clock.now += 1
    assert "1 more" in await give(office)


async def test_a_withdrawn_grant_does_not_count(office: Office) -> None:
    await give(office)
    await give(office)
    back = Statement(
        "moderator", "grant:r1", office.clock(), op=WITHDRAW, actor="slack:T1/A", reason="a mistake", by="operator"
    )
    await office.store.take([back])
    assert "0 more" in await give(office)


async def test_a_moderator_has_no_such_number(office: Office) -> None:
    for _ in range(4):
        assert "this month" not in await give(office, account=NOOR, role="moderator")
    assert len(granted(office)) == 4


async def test_an_account_is_named_itself_and_the_entry_with_the_most_left_decides(office: Office) -> None:
    lena = "slack:T1/L"
    assert "Helper is given by moderators" in await give(office, account=lena, groups=frozenset())
    assert "0 more" in await give(office, "tutor", lena, frozenset())
    assert "your 1 badge of this month" in await give(office, "tutor", lena, frozenset())
    assert "0 more" in await give(office, "tutor", lena)
    assert "your 2 badges" in await give(office, "tutor", lena)
    await link(office, lena)
    assert "Only moderators" in await give(office, "tutor", groups=frozenset())


async def test_two_people_are_still_two_and_what_waits_counts(office: Office) -> None:
    assert "takes two people: the moderators are asked" in await give(office, "fame")
    assert office.awards("J") == set()
    assert "0 more" in await give(office)
    assert "of this month" in await give(office)
    office.clock.now += 13 * DAY + DAY // 2  # the next month: the proposal still waits
    assert "0 more" in await give(office)
    assert "Confirmed by Noor, proposed by Amira" in await office.press("N", "grant-confirm", "proposal:r1")
    assert office.awards("J") == {"helper", "fame"}
    assert "of this month" in await give(office)


async def test_what_ran_out_or_was_declined_does_not_count(office: Office) -> None:
    await give(office, "fame")
    await office.press("N", "grant-decline", "proposal:r1")
    await give(office, "fame")
    office.clock.now += 14 * DAY
    assert "1 more" in await give(office)


async def test_who_opted_out_gives_nothing(office: Office) -> None:
    await office.store.take([chose("A", NOON, tracking="off")])
    assert "You opted out" in await give(office)
    assert granted(office) == []


async def test_only_their_badges_are_offered_while_they_type(office: Office) -> None:
    asked = Request("r", "slack:T1", "slack:T1/A", "grant", NOON, groups=TUTORS)
    offered = await office.desk.suggest(asked, "achievement", "")
    assert {one.value for one in offered} == {"helper", "tutor", "fame"}
    stranger = Request("r", "slack:T1", "slack:T1/A", "grant", NOON)
    assert await office.desk.suggest(stranger, "achievement", "") == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            'slack = "@t"\nachievements = ["helpr"]\nmonthly = 1',
            'rules.toml:7 givers[1].achievements: no achievement is called "helpr". Did you mean "helper"?',
        ),
        ('slack = "@t"\nachievements = ["helper"]\nmonthly = 0', "rules.toml:8 givers[1].monthly: write 1 or more"),
        ('achievements = ["helper"]\nmonthly = 1', "rules.toml:5 givers[1]: nobody is named; add slack = "),
        (
            'account = "U7"\nachievements = ["helper"]\nmonthly = 1',
            'rules.toml:6 givers[1].account: write one account, as "slack:',
        ),
        ('slack = "@t"\nachievements = ["helper"]', 'givers[1]: "monthly" is missing; add monthly = 10'),
        (
            'slack = "@t"\nachievements = ["helper"]\nmonthly = 1\nmontly = 2',
            'givers[1]: unknown key "montly". Did you mean "monthly"?',
        ),
    ],
)
def test_slips_in_the_book_are_told_with_line_and_remedy(entry: str, said: str) -> None:
    book = f'rules = 1\n[achievement.helper]\nname = "Helper"\nmanual = "moderator"\n[[givers]]\n{entry}\n'
    faults = [str(fault) for fault in examine(book, "rules.toml").errors]
    assert len(faults) == 1
    assert said in faults[0], faults


async def link(office: Office, other: str) -> None:
    made = Statement("discord:2", "link:9", NOON, "member.linked", actor="slack:T1/A", target=other, by="engine")
    await office.store.take([made])
