"""What each key of an example means, in a line that an editor shows beside it."""

from __future__ import annotations

EXAMPLES = {
    "Example": {
        "name": "What it shows.",
        "achievement": "What it is about: nobody but those named in earned earns it.",
        "now": "When it is looked at; left out: after the last event and everything that settles.",
        "links": 'Accounts of one person, as [["amira", "amira2"]].',
        "events": "What happens, one line each.",
        "earned": 'Who has earned what by then, as { amira = ["helper"] }.',
        "not_earned": "Who has not earned what.",
        "pending": "Whose award is still settling.",
        "lapsed": "Whose award has run out.",
        "progress": 'Where people stand, as { amira = { helper = "2 of 5 answers" } } or a number.',
        "score": "The score of people.",
        "points": "The points of people.",
    },
    "Happening": {
        "at": 'Local time, as "2026-03-02 09:00"; a day alone means noon.',
        "type": 'What happens, as "message.posted".',
        "withdraw": "The id of an event that is taken back.",
        "id": "Its name, so that it can be withdrawn or edited.",
        "source": "Where it comes from.",
        "actor": "Who did it; several: one such event for each.",
        "author": "Who made the thing acted on.",
        "target": "The person named.",
        "participants": "Everybody listed.",
        "repeat": "How often it happens, with every.",
        "every": 'The time from one to the next, as "1 day".',
    },
}
