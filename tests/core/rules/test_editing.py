"""Settings that are written into a rule book: they are there, everything else stays."""

from __future__ import annotations

import tomllib

import pytest

from bot.templates import BOOK, TEMPLATES
from bot.templates import text as template
from core.rules.editing import NotEdited, Setting, written
from core.rules.loading import load
from core.setups import Answers, book_text

ONE = [("channels", "digest", {"slack": "#week"})]
WISH = Answers("#wins", "#general", "#mods", "@moderators", "", "friday", "17:30", "Europe/Lisbon")


@pytest.mark.parametrize(
    ("text", "settings", "after"),
    [
        ("rules = 1\n", ONE, 'rules = 1\n\n[channels]\ndigest = { slack = "#week" }\n'),
        (
            '[channels]\ndigest = { slack = "#old" }  # ours\n',
            ONE,
            '[channels]\ndigest = { slack = "#week" }  # ours\n',
        ),
        ("# [channels]\n# digest = 1\n[x]\n", ONE, '[channels]\ndigest = { slack = "#week" }\n[x]\n'),
        ('[channels]\ndigest = { slack = "#old" }\n', [("channels", "digest", {})], "[channels]\n"),
        ('[a]\nk = "1"\n\n[b]\nk = "2"\n', [("a", "new", "3")], '[a]\nk = "1"\nnew = "3"\n\n[b]\nk = "2"\n'),
        ("[a]\n", [("a", "k", 'a"b\\c')], '[a]\nk = "a\\"b\\\\c"\n'),
    ],
)
def test_a_setting_is_put_where_it_belongs(text: str, settings: list[tuple[str, str, Setting]], after: str) -> None:
    assert written(text, settings) == after


@pytest.mark.parametrize(
    "text",
    [
        '[channels.digest]\nslack = "#old"\n',
        'channels.digest.slack = "#old"\n',
        '[channels]\ndigest.slack = "#old"\n',
        '[channels]\ndigest = { slack = "#a}b" }\n',
        '[x]\ntext = """\n[channels]\n"""\n',
    ],
)
def test_what_is_written_another_way_is_left_alone_and_the_lines_are_said(text: str) -> None:
    with pytest.raises(NotEdited, match=r'digest = \{ slack = "#week" \}'):
        written(text, ONE)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_takes_the_answers_and_keeps_its_rules(name: str) -> None:
    before = load(template(name, BOOK), "before")
    after = load(book_text(template(name, BOOK), before, WISH, "slack", 14), "after")
    assert after.channels.announcements.slack == "#wins"
    assert (after.digest.day, after.digest.time, after.community.timezone) == ("friday", "17:30", "Europe/Lisbon")
    assert after.moderators.slack == "@moderators"
    assert after.community.quiet_start.microseconds == 14 * 86_400_000_000
    assert after.achievements == before.achievements


def test_what_another_platform_says_stays() -> None:
    text = 'rules = 1\n[channels]\nannouncements = { discord = "#ruhm" }\n'
    after = book_text(text, load(text, "rules.toml"), WISH, "slack")
    assert tomllib.loads(after)["channels"]["announcements"] == {"slack": "#wins", "discord": "#ruhm"}


def test_no_channel_takes_the_channel_out() -> None:
    text = 'rules = 1\n[channels]\nannouncements = { slack = "#wins" }\n'
    after = book_text(text, load(text, "rules.toml"), Answers(), "slack")
    assert tomllib.loads(after)["channels"] == {}
