"""Slack's export file becomes statements: read as a stream, without trust, and without keeping a word."""

from __future__ import annotations

import json
import re
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.imports.slack_export import SlackExport, open_export
from adapters.imports.slack_export.archive import UnreadableFile
from core.events import Statement, resolve
from core.lines import to_line
from core.ports import Person
from tests.shared import needs_shared, shared

USERS = [
    {"id": "U1", "team_id": "T1", "name": "anna", "tz": "Europe/Berlin", "profile": {"display_name": "Anna"}},
    {"id": "U2", "team_id": "T1", "name": "ben", "deleted": True, "real_name": "Ben B.", "profile": {}},
    {"id": "U3", "team_id": "T1", "name": "robot", "is_bot": True, "profile": {"real_name": "Robot"}},
    {"id": "W9", "team_id": "T2", "name": "guest"},
]
SECRET = "zebra-words-nobody-keeps"


def write(path: Path, files: Mapping[str, object]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in files.items():
            archive.writestr(name, held if isinstance(held, bytes | str) else json.dumps(held))
    return path


def export(path: Path, messages: list[object], **more: object) -> tuple[list[Statement], SlackExport]:
    files = {
        "users.json": USERS,
        "channels.json": [{"id": "C1", "name": "general"}],
        "general/2026-03-02.json": messages,
        **more,
    }
    with open_export(write(path / "export.zip", files)) as opened:
        return [s for day in opened.days() for s in day], opened


def said(ts: str, user: str = "U1", **more: object) -> dict[str, object]:
    return {"type": "message", "user": user, "ts": ts, "text": f"Is this ok, <@U2>? {SECRET}", **more}


def test_a_post_becomes_facts_and_its_text_is_dropped(tmp_path: Path) -> None:
    (post,), opened = export(tmp_path, [said("1772442900.000100")])
    assert opened.source == "slack:T1"
    assert (post.source, post.id, post.type) == ("slack:T1", "message:C1/1772442900.000100", "message.posted")
    assert (post.at, post.actor, post.author) == (1_772_442_900_000_100, "slack:T1/U1", None)
    assert {k: v for k, v in post.facts.items() if k not in ("length", "words")} == {
        "message": "message:C1/1772442900.000100",
        "channel": "#general",
        "channel_id": "C1",
        "post_kind": "post",
        "has_link": False,
        "has_code": False,
        "has_question": True,
        "mentions": ("slack:T1/U2",),
        "recovered": True,
    }
    assert SECRET not in to_line(post).decode()


def test_people_are_told_with_their_name_zone_and_whether_they_are_bots_or_gone(tmp_path: Path) -> None:
    _, opened = export(tmp_path, [])
    assert opened.people[:3] == [
        Person("slack:T1/U1", "Anna", timezone="Europe/Berlin"),
        Person("slack:T1/U2", "Ben B.", present=False),
        Person("slack:T1/U3", "Robot", bot=True),
    ]


def test_a_reply_names_the_roots_author_and_opens_the_thread(tmp_path: Path) -> None:
    root, first, second = "1772442900.000000", "1772442960.000000", "1772530000.000000"
    statements, _ = export(
        tmp_path,
        [said(root, thread_ts=root, reply_count=2), said(first, "U2", thread_ts=root)],
        **{"general/2026-03-03.json": [said(second, "W9", thread_ts=root)]},
    )
    posted, reply, opened, later, again = statements
    assert posted.type == "message.posted"
    assert "thread" not in posted.facts
    assert (reply.type, reply.actor, reply.author) == ("thread.replied", "slack:T1/U2", "slack:T1/U1")
    assert reply.facts["thread"] == f"message:C1/{root}"
    assert (reply.facts["delay"], reply.facts["object_at"]) == (60, "2026-03-02T09:15:00Z")
    assert (opened.id, opened.type, opened.actor) == (f"thread:C1/{root}", "thread.started", "slack:T1/U1")
    assert opened.at == posted.at
    assert later.author == "slack:T1/U1"  # the root is in an earlier file
    assert again == opened


def test_the_root_may_be_known_only_by_the_replies(tmp_path: Path) -> None:
    statements, _ = export(tmp_path, [said("20.0", "U2", thread_ts="10.0", parent_user_id="U1")])
    assert [(s.type, s.author) for s in statements] == [
        ("thread.replied", "slack:T1/U1"),
        ("thread.started", None),
    ]
    statements, _ = export(tmp_path, [said("20.0", "U2", thread_ts="10.0")])
    assert [(s.type, s.author) for s in statements] == [("thread.replied", None)]


def test_reactions_are_dated_at_the_message_once_per_person_and_emoji(tmp_path: Path) -> None:
    marks = [
        {"name": "tada", "users": ["U2", "U3"], "count": 9},
        {"name": "wave::skin-tone-2", "users": ["U2"], "count": 1},
        {"name": "wave", "users": ["U2"], "count": 1},
    ]
    (post, *reactions), _ = export(tmp_path, [said("1772442900.000100", reactions=marks)])
    assert [(r.id, r.at, r.author) for r in reactions] == [
        (f"reaction:C1/1772442900.000100/{who}", post.at, "slack:T1/U1") for who in ("U2/tada", "U2/wave", "U3/tada")
    ]
    facts = reactions[2].facts
    assert "mentions" not in facts
    assert (facts["emoji"], facts["message"], facts["post_kind"]) == ("tada", post.id, "post")
    assert (facts["recovered"], facts["at_is_approximate"], facts["bot"]) == (True, True, True)
    assert facts["object_at"] == "2026-03-02T09:15:00.000100Z"


def test_a_reaction_to_a_bot_credits_nobody(tmp_path: Path) -> None:
    marks = [{"name": "tada", "users": ["U2"]}]
    (_, reaction), _ = export(tmp_path, [said("1.0", "U3", reactions=marks)])
    assert (reaction.actor, reaction.author) == ("slack:T1/U2", None)


def test_an_edited_message_keeps_its_time(tmp_path: Path) -> None:
    statements, _ = export(tmp_path, [said("10.0", edited={"user": "U1", "ts": "30.0"})])
    assert [s.at for s in statements] == [10_000_000, 30_000_000]
    fact = resolve(enumerate(statements))
    assert fact is not None
    assert fact.at == 10_000_000


def test_bots_are_marked_and_slacks_own_notes_are_counted_only(tmp_path: Path) -> None:
    statements, opened = export(
        tmp_path,
        [
            said("1.0", "U3"),
            {"subtype": "bot_message", "bot_id": "B1", "ts": "2.0", "text": "beep"},
            said("3.0", subtype="channel_join"),
            said("4.0", subtype="channel_join"),
            {"ts": "5.0", "text": "nobody"},
            said("not a time"),
            "garbage",
            said("6.0", subtype="me_message"),
            said("7.0", text=None),
        ],
    )
    assert [(s.actor, s.facts.get("bot", False)) for s in statements] == [
        ("slack:T1/U3", True),
        ("slack:T1/B1", True),
        ("slack:T1/U1", False),
        ("slack:T1/U1", False),
    ]
    assert opened.report.messages == 4
    assert opened.report.skipped == {"channel_join": 2, "without an author": 1, "not understood": 2}


def test_private_channels_are_marked_and_direct_messages_stay_unread(tmp_path: Path) -> None:
    statements, opened = export(
        tmp_path,
        [],
        **{
            "groups.json": [{"id": "G1", "name": "board"}],
            "dms.json": [{"id": "D1", "members": ["U1", "U2"]}],
            "mpims.json": [{"id": "G2", "name": "mpdm-a--b-1"}],
            "board/2026-03-02.json": [said("1.0")],
            "D1/2026-03-02.json": [said("2.0")],
            "mpdm-a--b-1/2026-03-02.json": [said("3.0")],
        },
    )
    assert [(s.id, s.facts["private"]) for s in statements] == [("message:G1/1.0", True)]
    assert sum(opened.report.skipped.values()) == 2


def without_utf8_mark(raw: bytes) -> bytes:
    """As Slack writes it: names in UTF-8, and bit 11 of the flags, which would say so, unset."""
    changed = bytearray(raw)
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(header), raw):
            changed[found.start() + flags + 1] &= 0xF7
    return bytes(changed)


def test_a_channel_name_in_utf_8_is_found(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    name = "größe/2026-03-02.json"
    write(path, {"users.json": USERS, "channels.json": [{"id": "C2", "name": "größe"}], name: [said("1.0")]})
    path.write_bytes(without_utf8_mark(path.read_bytes()))
    with zipfile.ZipFile(path) as archive:
        assert name not in archive.namelist()
    with open_export(path) as opened:
        assert [s.facts["channel"] for day in opened.days() for s in day] == ["#größe"]


def test_a_bomb_costs_no_memory_and_no_other_day(tmp_path: Path) -> None:
    bomb = b"[" + b" " * 200_000_000
    files = {
        "users.json": USERS,
        "channels.json": [{"id": "C1", "name": "general"}],
        "general/2026-03-01.json": bomb,
        "general/2026-03-02.json": b"[" * 10_000,
        "general/2026-03-03.json": b"{}",
        "general/2026-03-04.json": b"\xff\x00",
        "general/2026-03-05.json": [said("1.0")],
    }
    path = write(tmp_path / "bomb.zip", files)
    del bomb, files
    tracemalloc.start()
    with open_export(path) as opened:
        statements = [s for day in opened.days() for s in day]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [s.id for s in statements] == ["message:C1/1.0"]
    assert [line.partition(" ")[0] for line in opened.report.broken] == [
        f"general/2026-03-0{n}.json" for n in (1, 2, 3, 4)
    ]
    assert "larger than 64 MB" in opened.report.broken[0]
    assert peak < 200_000_000


def test_names_that_climb_out_are_never_followed(tmp_path: Path) -> None:
    evil = ["../2026-03-02.json", "/etc/2026-03-02.json", "a/b/2026-03-02.json", "..\\2026-03-02.json"]
    statements, opened = export(
        tmp_path, [], **{"channels.json": [{"id": "C1", "name": ".."}], **{n: [said("1.0")] for n in evil}}
    )
    assert [s.id for s in statements] == ["message:C1/1.0"]  # a channel may be called "..": it is only a name
    assert opened.files == 2
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["export.zip"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no such file"),
        (b"hello", "is no zip file"),
        (b"", "is no zip file"),
        ({"channels.json": []}, "has no users.json"),
        ({"users.json": "nope"}, "users.json cannot be read"),
        ({"users.json": []}, "say it with --source"),
    ],
)
def test_what_is_no_export_is_said_in_one_line(tmp_path: Path, content: object, says: str) -> None:
    path = tmp_path / "export.zip"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, dict):
        write(path, content)
    with pytest.raises(UnreadableFile, match=says) as caught, open_export(path):
        pass
    assert "\n" not in str(caught.value)


@needs_shared
def test_two_years_of_a_real_community_are_read_whole() -> None:
    seen: set[str] = set()
    authors: set[str | None] = set()
    with open_export(shared("data/slack-export-community-a.zip")) as opened:
        for day in opened.days():
            seen.update(s.id for s in day)
            authors.update(s.actor for s in day)
    assert (len(seen), len(authors), len(opened.people)) == (22_172, 326, 351)
    assert opened.report.messages == 22_172
    assert not opened.report.broken
    assert not opened.report.skipped
