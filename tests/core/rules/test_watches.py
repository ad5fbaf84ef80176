"""What platforms are asked for only where a rule needs it."""

from __future__ import annotations

import pytest

from adapters.discord.checks import intents_for
from core.challenge_choices import whats
from core.rules.book import RuleBook
from core.rules.loading import load

HEAD = "rules = 1\n"
POSTS = '[achievement.a]\nname = "A"\nwhen = "message.posted"\n'


def book(text: str) -> RuleBook:
    return load(HEAD + text, "rules.toml")


@pytest.mark.parametrize(
    ("rule", "watches"),
    [
        (POSTS, set()),
        ('[achievement.a]\nname = "A"\nwhen = "poll.voted"\n', {"poll.voted"}),
        ('[achievement.a]\nname = "A"\nwhen = "poll.voted"\nenabled = false\n' + POSTS.replace(".a]", ".b]"), set()),
        ('[score.a]\nwhen = "voice.session_ended"\ngive = 1\n', {"voice.session_ended"}),
        (POSTS + 'unless = { when = "event.attended" }\n', {"event.attended"}),
    ],
)
def test_a_book_watches_what_its_rules_name(rule: str, watches: set[str]) -> None:
    for platform in ("slack", "discord"):
        assert book(rule).places(platform).watches == watches


@pytest.mark.parametrize(
    ("type_", "asked"),
    [
        ("voice.session_ended", (True, False, False)),
        ("event.attended", (True, True, False)),
        ("poll.voted", (False, False, True)),
        ("message.posted", (False, False, False)),
    ],
)
def test_discord_is_asked_for_no_more_than_the_book_needs(type_: str, asked: tuple[bool, bool, bool]) -> None:
    places = book(f'[achievement.a]\nname = "A"\nwhen = "{type_}"\n').places("discord")
    intents = intents_for(places)
    assert (intents.voice_states, intents.guild_scheduled_events, intents.guild_polls) == asked
    assert not intents.dm_polls


def test_a_challenge_can_be_about_events_only_where_somebody_tells_of_them() -> None:
    told = book(POSTS + '[achievement.b]\nname = "B"\nwhen = "event.attended"\n')
    assert ["event.attended" in {o.value for o in whats(b)} for b in (book(POSTS), told)] == [False, True]
