"""What `/plaudit link …` asks, and that a mention in a channel takes no code and no address."""

from __future__ import annotations

import pytest

from adapters.slack.commands import Asked, asked, asks_a_right, mentioned

SOURCE = "slack:T1"


@pytest.mark.parametrize(
    ("typed", "verb", "arguments"),
    [
        ("link", "link", {}),
        ("link ABCD-EFGH-JK", "link", {"code": "ABCD-EFGH-JK"}),
        ("link abcd efgh jk", "link", {"code": "abcd efgh jk"}),
        ("link email", "link-email", {}),
        ("Link Email lena@example.org", "link-email", {"address": "lena@example.org"}),
        ("link email <mailto:lena@example.org|lena@example.org>", "link-email", {"address": "lena@example.org"}),
        ("link github", "link-forge", {}),
        ("link GitLab", "link-forge", {}),
        ("link github please", "link-forge", {}),
        ("link github gist", "link-gist", {}),
        (
            "link GitHub Gist <https://gist.github.com/x/1a>",
            "link-gist-read",
            {"address": "https://gist.github.com/x/1a"},
        ),
        ("unlink", "unlink", {}),
        ("unlink lena-k on GitHub", "unlink", {"account": "lena-k on GitHub"}),
        ("people", "people", {}),
    ],
)
def test_what_a_line_asks(typed: str, verb: str, arguments: dict[str, str]) -> None:
    assert asked("/plaudit", typed, SOURCE) == Asked(verb, arguments)


@pytest.mark.parametrize("typed", ["link ABCD-EFGH-JK", "link email lena@example.org", "Link: x", "unlink someone"])
def test_a_mention_is_read_by_everybody_so_it_takes_only_the_word(typed: str) -> None:
    found = mentioned(f"<@UBOT> {typed}", "UBOT", SOURCE)
    assert found == Asked("unlink" if typed.startswith("un") else "link", {})


def test_only_moderators_ask_who_strangers_are() -> None:
    verbs = ("people", "people-match", "people-reject", "link", "link-yes", "unlink-yes")
    assert [asks_a_right(verb, {}) for verb in verbs] == [True] * 3 + [False] * 3
