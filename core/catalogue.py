"""Event types and facts that Plaudit knows by name, and what somebody may have meant by another one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

CHAT = (
    "message.posted",
    "thread.started",
    "thread.replied",
    "reaction.added",
    "member.joined",
    "command.used",
    "voice.session_ended",
    "event.attended",
    "poll.voted",
    "reply.marked_helpful",
    "answer.accepted",
    "kudos.given",
    "nomination.made",
)
WORK = (
    "pull_request.opened",
    "pull_request.reviewed",
    "pull_request.merged",
    "issue.opened",
    "issue.closed",
    "issue.reopened",
    "commit.pushed",
    "release.published",
    "build.passed",
    "deployment.succeeded",
    "incident.closed",
    "ticket.resolved",
    "ticket.reopened",
    "ticket.escalated",
    "deal.closed",
    "contact.updated",
    "course.completed",
    "lesson.completed",
    "quiz.passed",
)
AUDIENCE = (
    "newsletter.subscribed",
    "newsletter.replied",
    "form.submitted",
    "link.visited",
    "code.claimed",
    "download.completed",
    "workshop.attended",
    "stream.attended",
    "article.saved",
    "donation.made",
)
HAND = ("action.validated", "grant.made")
MACHINE = ("award.proposed",)  # gives nothing by itself: a person decides
CLOCK = ("member.anniversary", "member.milestone", "message.aged", "period.closed")
ENGINE = ("achievement.earned", "points.earned", "level.reached")
KEPT = (  # what changes awards without being an act of the member
    "member.linked",
    "member.banned",
    "member.left",
    "roster.imported",
    "member.zone_set",
    "member.paused",
    "award.revoked",
    "award.confirmed",
    "award.declined",
    "grant.proposed",
    "claim.declined",
    "appeal.decided",
    "streak.frozen",
    "rule.changed",
    "team.joined",
    "bot.deaf",
    "reward.redeemed",
    "reward.approved",
    "reward.declined",
    "reward.handed_out",
    "reward.refunded",
    *("challenge.made", "challenge.changed", "challenge.ended", "challenge.joined", "challenge.closed"),
)

TOLD_OTHERWISE = {
    "message.edited": "an edit tells the message anew, under its own type",
    "message.deleted": "a deletion withdraws the message, and what was said about it",
    "reaction.removed": "who takes a reaction back withdraws it",
    "thread.deleted": "a deletion withdraws the thread",
    "member.removed": "who leaves withdraws member.joined",
    "vote.revoked": "who takes a vote back withdraws it",
    "role.removed": "who loses a role withdraws it",
}
"""What happens in a chat and is no event of its own: neither platform ever sends these types."""

WATCHED = frozenset({"voice.session_ended", "event.attended", "poll.voted"})
"""Platforms tell of these only where a rule names them: nobody's comings and goings are followed for nothing."""

KNOWN = frozenset((*CHAT, *WORK, *AUDIENCE, *HAND, *MACHINE, *CLOCK, *ENGINE, *KEPT))

FACTS = frozenset(
    {
        *("id", "type", "source", "actor", "author", "target", "participants"),
        *("message", "thread", "channel", "channel_id", "emoji", "post_kind", "length", "words", "mentions"),
        *(
            "has_link",
            "has_code",
            "has_question",
            "actor_role",
            "bot",
            "private",
            "own",
            "object",
            "object_at",
        ),
        *("delay", "age", "idle", "ticket", "issue", "pull_request", "repository", "course", "lesson", "event"),
        *(
            "form",
            "code",
            "tag",
            "minutes",
            "amount",
            "years",
            "months",
            "days",
            "period",
            "proof",
            "recovered",
            "at_is_approximate",
        ),
        *("date", "day", "weekday", "day_of_month", "day_of_year", "hour", "time", "command", "kind"),
        *("months", "days", "period", "name", "claim", "decided", "confidence", "value"),
    }
)


def slip(name: str, known: Iterable[str], shortest: int = 4) -> str | None:
    """The known name that `name` may be a typing slip of, or None.

    Word by word (between dots) the two are the same or one letter apart; words below `shortest` have no slips.
    """
    names = frozenset(known)
    if name in names:
        return None
    near = [other for other in sorted(names) if _near(name, other, shortest)]
    return max(near, key=lambda other: difflib.SequenceMatcher(None, name, other).ratio(), default=None)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like `name`, for "did you mean", or None if none does."""
    names = sorted(set(known))
    return slip(name, names) or next(iter(difflib.get_close_matches(name, names, 1, 0.6)), None)


def _near(name: str, other: str, shortest: int) -> bool:
    pairs = list(zip(name.split("."), other.split("."), strict=False))
    if name.count(".") != other.count("."):
        return False
    return all(a == b or (min(len(a), len(b)) >= shortest and _one_apart(a, b)) for a, b in pairs)


def _one_apart(one: str, other: str) -> bool:
    """Whether one letter too many, missing, wrong or swapped with its neighbour makes the difference."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = long[:start] + long[start + 1 : start + 2] + long[start : start + 1] + long[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or short == swapped
