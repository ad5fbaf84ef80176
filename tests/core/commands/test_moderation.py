"""Grant, revoke, validate: who may, for whom, with what."""

from __future__ import annotations

import pytest

from core.commands import answer
from core.events import Statement
from core.members import join
from core.requests import Answer
from tests.village import AMIRA, JONAS, NOW, Village, ask, book, said

GOOD: dict[str, dict[str, str]] = {
    "grant": {"member": JONAS, "achievement": "beyond_the_chat", "reason": "gave a  talk"},
    "revoke": {"member": JONAS, "achievement": "trusted_helper", "reason": "asked for  it"},
    "validate": {"member": JONAS, "kind": "workshop", "reason": "saw it  myself"},
}
VERBS = sorted(GOOD)


async def _do(village: Village, verb: str, *, moderator: bool = True, **changes: str) -> Answer:
    arguments = {k: v for k, v in (GOOD[verb] | changes).items() if v != "-"}
    return await answer(ask(verb, moderator=moderator, **arguments), book(), village.records)


async def test_a_grant_is_a_statement_of_the_moderator(village: Village) -> None:
    told = await _do(village, "grant", proof="https://example.org/talk")
    facts = {"achievement": "beyond_the_chat", "reason": "gave a talk", "proof": "https://example.org/talk"}
    assert told.statements == (
        Statement(
            "moderator", "grant:r1", NOW, "grant.made", actor=AMIRA, target=JONAS, facts=facts,
            reason="gave a talk", by=AMIRA,
        ),
    )  # fmt: skip
    assert said(told) == "Jonas receives Beyond the chat. Your reason goes with it."
    assert told.private


async def test_a_revocation_is_a_statement_of_the_moderator(village: Village) -> None:
    village.award(JONAS, "trusted_helper")
    told = await _do(village, "revoke")
    assert told.statements == (
        Statement(
            "moderator", "revoke:r1", NOW, "award.revoked", actor=AMIRA, target=JONAS, by=AMIRA,
            facts={"achievement": "trusted_helper", "reason": "asked for it"}, reason="asked for it",
        ),
    )  # fmt: skip
    assert said(told) == "Trusted helper is taken back from Jonas, who is told privately and why."


async def test_a_validation_is_what_the_member_did(village: Village) -> None:
    told = await _do(village, "validate")
    assert told.statements == (
        Statement(
            "moderator", "validated:r1", NOW, "action.validated", actor=JONAS, target=JONAS, by=AMIRA,
            facts={"kind": "workshop", "note": "saw it myself"}, reason="saw it myself",
        ),
    )  # fmt: skip
    assert said(told) == "Recorded for Jonas: workshop.\nIt counts for Teacher.\n[Take it back]"


@pytest.mark.parametrize("verb", VERBS)
async def test_only_moderators_may(village: Village, verb: str) -> None:
    told = await _do(village, verb, moderator=False)
    assert "Only moderators can do that." in said(told)
    assert told.statements == ()


@pytest.mark.parametrize("verb", VERBS)
async def test_nobody_does_it_for_themselves(village: Village, verb: str) -> None:
    village.award(AMIRA, "trusted_helper")
    told = await _do(village, verb, member=AMIRA)
    assert said(told) == "Not for yourself: ask another moderator."
    assert told.statements == ()


@pytest.mark.parametrize("verb", VERBS)
async def test_a_name_that_nobody_has_is_said_and_nothing_is_recorded(village: Village, verb: str) -> None:
    """Slack hands on a mistyped @name as plain text."""
    told = await _do(village, verb, member="@jonnas")
    assert said(told) == "I know nobody here called “@jonnas”. Pick the person from the list as you type."
    assert told.statements == ()


@pytest.mark.parametrize("verb", VERBS)
async def test_not_for_ones_other_account_either(village: Village, verb: str) -> None:
    request = ask(verb, moderator=True, **GOOD[verb] | {"member": "discord:9/7"})
    told = await answer(request, book(), village.records, join([(AMIRA, "discord:9/7")]))
    assert (told.statements, said(told)) == ((), "Not for yourself: ask another moderator.")


@pytest.mark.parametrize("verb", VERBS)
async def test_bots_hold_nothing(village: Village, verb: str) -> None:
    village.person(JONAS, "Jonas", bot=True)
    told = await _do(village, verb)
    assert (told.statements, said(told)) == ((), "Jonas is a bot; bots hold no badges.")


@pytest.mark.parametrize("verb", VERBS)
async def test_somebody_must_be_named(village: Village, verb: str) -> None:
    told = await _do(village, verb, member="-")
    assert (told.statements, said(told)) == ((), "Who is it about? Name the person.")


@pytest.mark.parametrize("verb", ["grant", "revoke"])
@pytest.mark.parametrize("reason", ["-", "   "])
async def test_a_reason_is_needed(village: Village, verb: str, reason: str) -> None:
    told = await _do(village, verb, reason=reason)
    assert (told.statements, said(told)) == ((), "Please add the reason: the person will read it.")


async def test_a_validation_needs_no_note(village: Village) -> None:
    (made,) = (await _do(village, "validate", reason="-")).statements
    assert made.facts == {"kind": "workshop"}
    assert made.reason is None


@pytest.mark.parametrize("verb", VERBS)
async def test_an_endless_reason_is_refused(village: Village, verb: str) -> None:
    assert (await _do(village, verb, reason="x" * 501)).statements == ()


@pytest.mark.parametrize("verb", ["grant", "revoke"])
async def test_an_unknown_badge_asks_back(village: Village, verb: str) -> None:
    told = await _do(village, verb, achievement="Truster helper")
    assert "Did you mean Trusted helper (trusted_helper)?" in said(told)
    assert told.statements == ()


async def test_a_badge_that_is_held_is_not_given_twice(village: Village) -> None:
    village.award(JONAS, "trusted_helper")
    told = await _do(village, "grant", achievement="trusted_helper")
    assert said(told) == "Jonas already holds Trusted helper, since 17 Mar. It is given once."
    assert told.statements == ()


async def test_a_badge_that_repeats_is_given_again(village: Village) -> None:
    village.award(JONAS, "beyond_the_chat")
    assert len((await _do(village, "grant")).statements) == 1


async def test_a_badge_that_was_taken_back_can_be_given_again(village: Village) -> None:
    village.award(JONAS, "trusted_helper", state="revoked")
    assert len((await _do(village, "grant", achievement="Trusted Helper")).statements) == 1


async def test_secret_badges_are_no_secret_to_moderators(village: Village) -> None:
    assert len((await _do(village, "grant", achievement="riddle")).statements) == 1


async def test_what_is_not_held_cannot_be_taken_back(village: Village) -> None:
    told = await _do(village, "revoke")
    assert (told.statements, said(told)) == ((), "Jonas does not hold Trusted helper.")


@pytest.mark.parametrize(
    "proof", ["javascript:alert(1)", "http://", "example.org", "file:///etc/passwd", "https://a b", "//x.org"]
)
@pytest.mark.parametrize("verb", ["grant", "validate"])
async def test_a_proof_must_be_a_web_link(village: Village, verb: str, proof: str) -> None:
    told = await _do(village, verb, proof=proof)
    assert "The proof must be a link" in said(told)
    assert told.statements == ()


async def test_a_link_as_slack_writes_it_is_understood(village: Village) -> None:
    (made,) = (await _do(village, "grant", proof="<https://example.org/x|example.org>")).statements
    assert made.facts["proof"] == "https://example.org/x"


@pytest.mark.parametrize("verb", ["grant", "validate"])
async def test_nothing_is_recorded_about_who_opted_out(village: Village, verb: str) -> None:
    village.chose(JONAS, tracked=False)
    told = await _do(village, verb)
    assert (told.statements, said(told)) == ((), "Jonas opted out, so nothing is recorded about them.")


async def test_a_kind_is_written_as_the_rule_writes_it(village: Village) -> None:
    (made,) = (await _do(village, "validate", kind=" WorkShop ")).statements
    assert made.facts["kind"] == "workshop"


async def test_a_slip_of_a_known_kind_asks_back(village: Village) -> None:
    told = await _do(village, "validate", kind="worksop")
    assert (told.statements, said(told)) == ((), "No rule counts “worksop”. Did you mean workshop?")


async def test_a_new_kind_is_recorded_and_said_to_count_nowhere(village: Village) -> None:
    told = await _do(village, "validate", kind="barn raising")
    assert told.statements[0].facts["kind"] == "barn raising"
    assert said(told).splitlines()[1] == "No badge counts it yet. Rules count: talk, workshop."


async def test_somebody_the_bot_has_never_met_can_receive_a_badge(village: Village) -> None:
    told = await _do(village, "grant", member="slack:T1/U99")
    assert said(told).startswith("U99 receives")
    assert told.statements[0].target == "slack:T1/U99"
