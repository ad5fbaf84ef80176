"""What events, facts and times are called in languages other than English, whose grammar these texts do not know.

Each is a word or a few that can stand alone behind a colon. What a rule book names by itself stays as it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.language import Language
from core.rules.book import RuleBook
from core.rules.durations import Duration
from core.rules.explain.nouns import Named, in_words
from core.rules.grammar import Unless


def events(book: RuleBook, rule: Named, t: Language) -> str:
    """What a rule counts."""
    credit = "actor" if isinstance(rule, Unless) else rule.credit
    return t.listed(event(book, name, credit, t) for name in rule.when)


def event(book: RuleBook, name: str, credit: str, t: Language) -> str:
    """Events of one type; a signal by the name that the book gives it."""
    if name in book.signals:
        return name.replace("_", " ").replace("-", " ")
    received = _received(t).get(name) if credit in ("author", "target") else None
    return received or _done(t).get(name) or in_words(name.replace(".", " ").replace("-", " "))


def _done(t: Language) -> dict[str, str]:
    return {
        "message.posted": t.gettext("posts"),
        "thread.started": t.gettext("threads that got an answer"),
        "thread.replied": t.gettext("replies"),
        "reaction.added": t.gettext("reactions"),
        "member.joined": t.gettext("arrivals"),
        "member.active": t.gettext("visits"),
        "command.used": t.gettext("commands"),
        "voice.session_ended": t.gettext("voice sessions"),
        "poll.voted": t.gettext("votes"),
        "reply.marked_helpful": t.gettext("helpful marks given"),
        "kudos.given": t.gettext("kudos given"),
        "nomination.made": t.gettext("nominations"),
        "donation.made": t.gettext("donations"),
        "commit.pushed": t.gettext("commits"),
        "newsletter.subscribed": t.gettext("newsletter subscriptions"),
        "newsletter.replied": t.gettext("replies to newsletters"),
        "event.attended": t.gettext("visits of events"),
        "code.claimed": t.gettext("codes used"),
        "invite.accepted": t.gettext("invitations accepted"),
        "invite.matured": t.gettext("invited people who stayed"),
        "action.validated": t.gettext("deeds confirmed by a moderator"),
        "member.anniversary": t.gettext("anniversaries here"),
        "member.milestone": t.gettext("milestones here"),
        "message.aged": t.gettext("messages that grew old"),
        "period.closed": t.gettext("periods completed here"),
        "points.earned": t.gettext("gains of points"),
    }


def _received(t: Language) -> dict[str, str]:
    return {
        "thread.replied": t.gettext("replies from others"),
        "reaction.added": t.gettext("reactions received"),
        "reply.marked_helpful": t.gettext("helpful marks received"),
        "kudos.given": t.gettext("kudos received"),
        "poll.voted": t.gettext("votes received"),
        "nomination.made": t.gettext("nominations received"),
    }


def fact(name: str, t: Language) -> str:
    """A fact as one thing: "channel"."""
    known = {
        "actor": t.gettext("person"),
        "author": t.gettext("person"),
        "target": t.gettext("person"),
        "participants": t.gettext("person"),
        "mentions": t.gettext("person"),
        "day": t.gettext("day"),
        "date": t.gettext("day"),
        "weekday": t.gettext("weekday"),
        "hour": t.gettext("hour"),
        "time": t.gettext("time of day"),
        "source": t.gettext("source"),
        "channel": t.gettext("channel"),
        "channel_id": t.gettext("channel"),
        "thread": t.gettext("thread"),
        "message": t.gettext("message"),
        "object": t.gettext("thing"),
        "emoji": t.gettext("emoji"),
        "kind": t.gettext("kind"),
        "event": t.gettext("event"),
        "name": t.gettext("name"),
        "post_kind": t.gettext("kind of message"),
        "actor_role": t.gettext("role"),
        "length": t.gettext("length in characters"),
        "words": t.gettext("number of words"),
        "minutes": t.gettext("minutes"),
        "amount": t.gettext("amount"),
        "points": t.gettext("points"),
        "years": t.gettext("years"),
        "days": t.gettext("days"),
        "age": t.gettext("time since opening"),
        "delay": t.gettext("time since the post"),
        "idle": t.gettext("silence before"),
        "place": t.gettext("place"),
        "region": t.gettext("region"),
        "course": t.gettext("course"),
        "repository": t.gettext("repository"),
        "repo": t.gettext("repository"),
    }
    return known.get(name, in_words(name))


def period(name: str, t: Language) -> str:
    return {
        "day": t.gettext("day"),
        "week": t.gettext("week"),
        "month": t.gettext("month"),
        "quarter": t.gettext("quarter"),
        "year": t.gettext("year"),
    }.get(name, name)


def now(name: str, t: Language) -> str:
    """The period that is open."""
    return {
        "day": t.gettext("today"),
        "week": t.gettext("this week"),
        "month": t.gettext("this month"),
        "quarter": t.gettext("this quarter"),
        "year": t.gettext("this year"),
    }.get(name, name)


def weekday(name: str, t: Language) -> str:
    return {
        "monday": t.gettext("Monday"),
        "tuesday": t.gettext("Tuesday"),
        "wednesday": t.gettext("Wednesday"),
        "thursday": t.gettext("Thursday"),
        "friday": t.gettext("Friday"),
        "saturday": t.gettext("Saturday"),
        "sunday": t.gettext("Sunday"),
    }.get(name.casefold(), name)


def role(name: str, t: Language) -> str:
    """Who gives by hand."""
    return {
        "moderator": t.gettext("moderators"),
        "manager": t.gettext("managers"),
        "admin": t.gettext("admins"),
    }.get(name, name)


def units(count: int, unit: str, t: Language) -> str:
    """So many days, weeks, ...: a length, or a run."""
    match unit:
        case "second":
            return t.counted("{n} second", "{n} seconds", count)
        case "minute":
            return t.counted("{n} minute", "{n} minutes", count)
        case "hour":
            return t.counted("{n} hour", "{n} hours", count)
        case "day":
            return t.counted("{n} day", "{n} days", count)
        case "week":
            return t.counted("{n} week", "{n} weeks", count)
        case "month":
            return t.counted("{n} month", "{n} months", count)
        case "quarter":
            return t.counted("{n} quarter", "{n} quarters", count)
        case _:
            return t.counted("{n} year", "{n} years", count)


def length(duration: Duration, t: Language) -> str:
    return units(duration.count, duration.unit, t)


def figure(value: int | Decimal, t: Language) -> str:
    """In the digits of the language; a fraction keeps its places."""
    return t.number(value) if value == int(value) else f"{value:f}"


def either(values: Sequence[str], t: Language) -> str:
    return t.gettext(" or ").join(values)
