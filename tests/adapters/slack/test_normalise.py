"""Payloads as statements, where the stand-in cannot produce them; and payloads that make no sense."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.slack.known import Known
from adapters.slack.normalise import statements
from adapters.slack.payloads import Place
from core.events import Statement

PLACES = {"C1": Place(id="C1", name="general"), "G1": Place(id="G1", name="mods", is_private=True)}
KNOWN = Known("slack:T1", "UBOT", "BBOT", PLACES, {"U1": ("Staff", "@staff")}, {"UROBOT"}, {"UGONE"})
POST = {"type": "message", "channel": "C1", "user": "U1", "text": "hi", "ts": "1700000000.000100"}
REACTION = {
    "type": "reaction_added",
    "user": "U2",
    "reaction": "thumbsup::skin-tone-3",
    "item": {"type": "message", "channel": "C1", "ts": "1700000000.000100"},
    "item_user": "U1",
    "event_ts": "1700000009.000000",
}


def told(event: dict[str, Any]) -> list[Statement]:
    return statements({"type": "event_callback", "event_time": 1_700_000_500, "event": event}, KNOWN)


def test_times_are_exact_microseconds() -> None:
    (said,) = told(POST)
    assert said.at == 1_700_000_000_000_100


def test_roles_of_that_moment_are_stamped() -> None:
    (said,) = told(POST)
    assert said.facts["actor_role"] == ("Staff", "@staff")
    (other,) = told({**POST, "user": "U2"})
    assert "actor_role" not in other.facts


@pytest.mark.parametrize("subtype", ["thread_broadcast", "file_share", "me_message"])
def test_what_a_person_wrote_counts_whatever_it_came_with(subtype: str) -> None:
    (said,) = told({**POST, "subtype": subtype})
    assert said.type == "message.posted"


@pytest.mark.parametrize("subtype", ["channel_join", "channel_topic", "channel_name", "pinned_item", "message_replied"])
def test_notes_of_slack_itself_do_not_count(subtype: str) -> None:
    assert told({**POST, "subtype": subtype}) == []


@pytest.mark.parametrize("from_bot", [{"bot_id": "B7"}, {"user": "UROBOT"}])
def test_bots_are_marked(from_bot: dict[str, str]) -> None:
    (said,) = told({**POST, **from_bot})
    assert said.facts["bot"] is True


def test_a_bot_without_a_person_acts_under_its_own_id() -> None:
    event = {**POST, "bot_id": "B7", "subtype": "bot_message"}
    del event["user"]
    (said,) = told(event)
    assert said.actor == "slack:T1/B7"


@pytest.mark.parametrize("own", [{"user": "UBOT"}, {"bot_id": "BBOT"}])
def test_our_own_posts_are_left_out(own: dict[str, str]) -> None:
    assert told({**POST, **own}) == []


def test_a_reply_below_our_own_post_starts_no_thread_of_ours() -> None:
    reply = {**POST, "thread_ts": "1600000000.000000", "parent_user_id": "UBOT"}
    assert [s.type for s in told(reply)] == ["thread.replied"]


def test_a_reply_knows_how_long_it_took() -> None:
    said, _ = told({**POST, "thread_ts": "1699999940.000000", "parent_user_id": "U2"})
    assert said.facts["delay"] == 60
    assert said.facts["object_at"] == "2023-11-14T22:12:20Z"


@pytest.mark.parametrize("kind", ["im", "mpim"])
def test_conversations_among_few_are_nobodys_business(kind: str) -> None:
    assert told({**POST, "channel": "D1", "channel_type": kind}) == []
    assert told({**REACTION, "item": {**REACTION["item"], "channel": "D1"}}) == []  # type: ignore[dict-item] # an item is a dict


def test_a_private_channel_is_known_by_its_kind_or_by_the_roster() -> None:
    (new,) = told({**POST, "channel": "C9", "channel_type": "group"})
    (old,) = told({**REACTION, "item": {**REACTION["item"], "channel": "G1"}})  # type: ignore[dict-item] # the same
    assert (new.facts["private"], old.facts["private"]) == (True, True)
    assert "channel" not in new.facts


def test_skin_tones_are_left_out() -> None:
    (said,) = told(REACTION)
    assert said.id == "reaction:C1/1700000000.000100/U2/thumbsup"
    assert said.facts["emoji"] == "thumbsup"
    assert said.facts["object_at"] == "2023-11-14T22:13:20.000100Z"


def test_reactions_to_files_are_ignored() -> None:
    assert told({**REACTION, "item": {"type": "file", "file": "F1"}}) == []


EDIT = {
    "type": "message",
    "subtype": "message_changed",
    "channel": "C1",
    "event_ts": "1700000099.000000",
    "message": {**POST, "edited": {"user": "U1", "ts": "1700000050.000000"}},
    "previous_message": POST,
}


def test_an_unfolded_link_is_no_edit() -> None:
    assert len(told(EDIT)) == 1
    assert told({**EDIT, "message": POST}) == []
    assert told({**EDIT, "previous_message": EDIT["message"]}) == []


def test_deactivated_people_have_left_and_come_back_once() -> None:
    left = {"type": "user_change", "user": {"id": "U1", "deleted": True}, "event_ts": "1700000100.000000"}
    (gone,) = told(left)
    assert (gone.op, gone.id, gone.at) == ("withdraw", "member:U1", 1_700_000_100_000_000)
    (back,) = told({"type": "user_change", "user": {"id": "UGONE"}})
    assert (back.type, back.at) == ("member.joined", 1_700_000_500_000_000)
    assert told({"type": "user_change", "user": {"id": "U1"}}) == []


SAMPLES: list[dict[str, Any]] = [POST, REACTION, EDIT, {**REACTION, "type": "reaction_removed"}]
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.lists(st.integers(), max_size=2), st.just({})
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_a_payload_with_a_field_dropped_or_retyped_is_refused_or_understood(
    sample: dict[str, Any], data: st.DataObject
) -> None:
    event = deepcopy(sample)
    holder = event
    key = data.draw(st.sampled_from(sorted(event)))
    if isinstance(event[key], dict) and data.draw(st.booleans()):
        holder = event[key]
        key = data.draw(st.sampled_from(sorted(holder)))
    if data.draw(st.booleans()):
        del holder[key]
    else:
        holder[key] = data.draw(JUNK)
    try:
        found = told(event)
    except ValidationError:
        return
    assert all(s.source == "slack:T1" and s.at > 0 for s in found)
