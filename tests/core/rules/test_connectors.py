"""`[connectors]`: what a book may say about sources without a connector of their own, and what is told about slips."""

from __future__ import annotations

import pytest

from core.rules.connectors import Mapped
from core.rules.grammar import keys
from tests.core.rules.books import ROOT, book, faults

SIGNUP = '[connectors."form:signup"]\ntype = "workshop.attended"\nid = "submission.id"\n'


def test_a_table_says_where_to_look() -> None:
    found = book(
        f'{SIGNUP}at = "submission.time"\nactor = "answers.email"\nactor_source = "slack:T1"\n'
        'facts = { minutes = "answers.0.minutes" }\nonly = { "event" = "submitted", test = false }\n'
    )
    assert found.connectors["form:signup"] == Mapped(
        type="workshop.attended",
        id="submission.id",
        at="submission.time",
        actor="answers.email",
        actor_source="slack:T1",
        facts={"minutes": "answers.0.minutes"},
        only={"event": "submitted", "test": False},
    )


def test_names_in_a_path_may_hold_spaces_as_the_questions_of_a_form_do() -> None:
    assert book(f'{SIGNUP}actor = "answers.Your e-mail address"').connectors["form:signup"].actor


def test_an_own_type_needs_a_line_in_types() -> None:
    table = '[connectors."form:x"]\ntype = "garden.watered"\nid = "n"\n'
    assert book(f'{table}[types]\nknown = ["garden.watered"]').connectors
    assert faults(table) == (
        'rules.toml:3 connectors.form:x.type: unknown event type "garden.watered". Add it to known in [types]',
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            SIGNUP.replace("type =", "tpye ="),
            'connectors.form:signup: unknown key "tpye". Did you mean "type"?',
        ),
        (
            SIGNUP.replace('id = "submission.id"', ""),
            'connectors.form:signup: "id" is missing; add id = "submission.id"',
        ),
        (
            SIGNUP.replace("workshop.attended", "workshop.atended"),
            'connectors.form:signup.type: unknown event type "workshop.atended". Did you mean "workshop.attended"?',
        ),
        (
            SIGNUP.replace("workshop.attended", "grant.made"),
            'connectors.form:signup.type: "grant.made" is said by Plaudit alone; write what happened there',
        ),
        (
            f'{SIGNUP}at = "submission..time"',
            "connectors.form:signup.at: write where it stands in the JSON, names with dots between them",
        ),
        (f"{SIGNUP}facts = {{ minutes = 5 }}", "connectors.form:signup.facts.minutes: write where it stands"),
        (f"{SIGNUP}only = {{ form.state = 5 }}", "connectors.form:signup.only.form: write a text, a number"),
        (f'{SIGNUP}only = {{ ".state" = 5 }}', "connectors.form:signup.only..state: write names with one dot"),
        (f'{SIGNUP}actor_source = "slack"', "connectors.form:signup.actor_source: write a source, as"),
        (f'{SIGNUP}actor_source = "slack:T1"', "connectors.form:signup.actor_source: goes with actor"),
        (
            SIGNUP.replace("form:signup", "signup"),
            'connectors.signup: write the source of the address in quotes, as [connectors."form:signup"]',
        ),
        (
            SIGNUP.replace("form:signup", "github:acme"),
            'connectors.github:acme: "github" is read without it; take this table out',
        ),
    ],
)
def test_slips_are_named_with_their_place_and_what_to_write(text: str, said: str) -> None:
    found = faults(text)
    assert any(said in fault for fault in found), found
    assert all(fault.startswith("rules.toml:") for fault in found)


def test_a_fault_in_it_hides_no_other() -> None:
    found = faults(f'{SIGNUP}at = "."\n[achievement.x]\nname = "X"\nwhen = "mesage.posted"')
    assert len(found) == 2


def test_every_key_is_explained() -> None:
    page = (ROOT / "docs" / "reference" / "rules.md").read_text()
    assert [key for key in keys(Mapped) if f"`{key}`" not in page.split("## Other services")[1]] == []
