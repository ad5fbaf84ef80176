"""The words for each comparison of `where`."""

from __future__ import annotations

import pytest

from tests.core.rules.test_explain import says


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ('where.channel = "#help"', " in #help"),
        ('where.channel.not = ["#a", "#b"]', " outside #a or #b"),
        ("where.length.at_least = 40", " of at least 40 characters"),
        ("where.length.between = [4, 8]", " of 4 to 8 characters"),
        ("where.has_code = true\nwhere.has_link = false", " with code, without link"),
        ("where.own = true", " (one's own)"),
        ("where.wiki = false", " not marked as wiki"),
        ('where.kind = "question"\nwhere.channel = "#a"', " (question), in #a"),
        ("where.hour.between = [1, 3]", " between 01:00 and 03:59"),
        ("where.hour = 3", " between 03:00 and 03:59"),
        ("where.hour.at_least = 18", " at 18:00 or later"),
        ("where.hour.at_most = 5", " before 06:00"),
        ('where.time.between = ["00:00", "00:04"]', " between 00:00 and 00:04"),
        ('where.weekday = ["saturday", "sunday"]', " on a Saturday or a Sunday"),
        ('where.date = "04-26"', " on 26 April"),
        ("where.day_of_month = 13", " on day 13 of the month"),
        ('where.age.at_most = "90 minutes"', " at most 90 minutes after opening"),
        ('where.delay.less_than = "1 day"', " less than 1 day after the post"),
        ('where.idle.at_least = "2 weeks"', " after at least 2 weeks of silence"),
        ('where.actor_role = "moderator"', " by a moderator"),
        ("where.mentions.at_least = 1", " with at least one mention"),
        ("where.grade.at_least = 60", " with a grade of at least 60"),
        ('where.form.not = "unsubscribe"', " with a form other than unsubscribe"),
        ('where.path.starts_with = ["a/", "b/"]', " with path starting with “a/” or “b/”"),
        ("where.score.between = [1, 9]", " with score from 1 to 9"),
        ("where.proof.exists = true", " with any proof"),
        ("where.proof.exists = false", " without any proof"),
    ],
)
def test_every_comparison_has_its_words(where: str, text: str) -> None:
    says(f'when = "message.posted"\n{where}', f"One post{text}.")


def test_the_length_of_a_reaction_is_that_of_its_message() -> None:
    says('when = "reaction.added"\nwhere.length.at_least = 40', "One reaction on messages of at least 40 characters.")
