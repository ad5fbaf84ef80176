"""What people are told about what is kept, and why."""

from __future__ import annotations

from core.commands import answer
from tests.village import BOOK, Village, ask, book, said

PURPOSE = BOOK.replace("goal = 5\ngives_role", 'goal = 5\npurpose = "newcomers get help"\ngives_role').replace(
    "[achievement.settling_in]",
    '[achievement.busy]\nname = "Busy"\nwhen = "message.posted"\nwhere.length = { at_least = 20 }\n'
    'distinct = "channel"\ngoal = 2\n[achievement.settling_in]',
)


async def test_the_card_is_made_from_the_rules_in_force(village: Village) -> None:
    text = said(await answer(ask("privacy"), book(PURPOSE), village.records))
    assert "message.posted (channel, length): Busy, First post, Settling in, a rule on trial, a secret badge" in text
    assert "reaction.added (message): Trusted helper, helpful · newcomers get help" in text
    assert "The riddle" not in text
    assert "On trial" not in text
    assert "never what was written" in text


async def test_the_places_are_named(village: Village) -> None:
    rules = BOOK.replace("[community]\n", '[community]\nsources = ["slack:T1", "github:acme"]\n')
    assert "It comes from slack:T1, github:acme." in said(await answer(ask("privacy"), book(rules), village.records))


async def test_no_rules_count_nothing(village: Village) -> None:
    text = said(await answer(ask("privacy"), book("rules = 1\n"), village.records))
    assert "No rule is in force, so nothing counts." in text


async def test_the_way_out_is_on_the_card(village: Village) -> None:
    found = await answer(ask("privacy"), book(), village.records)
    assert [b.verb for b in found.card.buttons] == ["settings", "export", "erase"]
    assert found.private


async def test_it_says_for_how_long(village: Village) -> None:
    forever, aged = book(), book(BOOK.replace("[community]\n", '[community]\nkeep = "2 years"\n'))
    assert "It is kept until you erase it" in said(await answer(ask("privacy"), forever, village.records))
    assert "After 2 years, what no badge needs is deleted" in said(await answer(ask("privacy"), aged, village.records))


async def test_it_says_that_names_go_out_by_mail_where_they_do(village: Village) -> None:
    mailed = book(BOOK + '[digest]\nmail = "list@example.org"\n')
    for rules, told in ((book(), False), (mailed, True)):
        assert ("goes by e-mail" in said(await answer(ask("privacy"), rules, village.records))) is told
