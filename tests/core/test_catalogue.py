"""Typing slips: near enough to be one, far enough to be a word of its own."""

from __future__ import annotations

import pytest

from core.catalogue import FACTS, KNOWN, nearest, slip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("mesage.posted", "message.posted"),
        ("message.psoted", "message.posted"),
        ("messages.posted", "message.posted"),
        ("reation.aded", "reaction.added"),
        ("ticket.rezolved", "ticket.resolved"),
        ("pull_request.mergd", "pull_request.merged"),
        ("message.posted", None),  # known
        ("ticket.opened", None),  # two letters from reopened, and a word
        ("deal.opened", None),
        ("message.flagged", None),
        ("message", None),
        ("message.posted.twice", None),
    ],
)
def test_a_slip_is_one_letter_in_a_word(written: str, meant: str | None) -> None:
    assert slip(written, KNOWN) == meant


def test_short_words_have_no_slips() -> None:
    assert slip("mode", FACTS, shortest=5) is None
    assert slip("chanel", FACTS, shortest=5) == "channel"


def test_the_nearest_of_several_is_meant() -> None:
    assert nearest("autor", ("actor", "author", "target")) == "author"
    assert nearest("zebra", ("actor", "author")) is None
