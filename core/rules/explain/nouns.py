"""What an event, a signal and a fact are called when they are counted."""

from __future__ import annotations

from decimal import Decimal

from core.rules.book import RuleBook
from core.rules.conditions import Counting, Source
from core.rules.explain.english import counted, listed, several, singular
from core.rules.grammar import Step, Unless

Forms = tuple[str, str]  # one, several
Named = Source | Step | Unless

_DONE: dict[str, Forms] = {
    "message.posted": ("post", "posts"),
    "thread.started": ("thread that got an answer", "threads that got an answer"),
    "thread.replied": ("reply", "replies"),
    "reaction.added": ("reaction", "reactions"),
    "member.joined": ("arrival", "arrivals"),
    "member.active": ("visit", "visits"),
    "command.used": ("command", "commands"),
    "voice.session_ended": ("voice session", "voice sessions"),
    "poll.voted": ("vote", "votes"),
    "reply.marked_helpful": ("helpful mark given", "helpful marks given"),
    "kudos.given": ("kudos given", "kudos given"),
    "nomination.made": ("nomination", "nominations"),
    "donation.made": ("donation", "donations"),
    "commit.pushed": ("commit", "commits"),
    "newsletter.subscribed": ("newsletter subscription", "newsletter subscriptions"),
    "newsletter.replied": ("reply to a newsletter", "replies to newsletters"),
    "action.validated": ("deed confirmed by a moderator", "deeds confirmed by a moderator"),
    "member.anniversary": ("anniversary here", "anniversaries here"),
    "member.milestone": ("milestone here", "milestones here"),
    "message.aged": ("message that grew old", "messages that grew old"),
    "period.closed": ("period completed here", "periods completed here"),
    "points.earned": ("gain of points", "gains of points"),
}
_RECEIVED: dict[str, Forms] = {
    "thread.replied": ("reply from others", "replies from others"),
    "reaction.added": ("reaction received", "reactions received"),
    "reply.marked_helpful": ("helpful mark received", "helpful marks received"),
    "kudos.given": ("kudos received", "kudos received"),
    "poll.voted": ("vote received", "votes received"),
    "nomination.made": ("nomination received", "nominations received"),
}
_FROM: dict[str, Forms] = {  # the same before "from five other people"
    "reply.marked_helpful": ("helpful mark", "helpful marks"),
    "kudos.given": ("kudos", "kudos"),
    "poll.voted": ("vote", "votes"),
}
_PLACES: dict[str, Forms] = {  # what is counted as different, and the word before it
    "day": ("on", "day"),
    "date": ("on", "day"),
    "weekday": ("on", "weekday"),
    "actor": ("from", "person"),
    "author": ("for", "person"),
    "target": ("for", "person"),
    "participants": ("with", "person"),
    "mentions": ("of", "person"),
    "channel": ("in", "channel"),
    "channel_id": ("in", "channel"),
    "thread": ("in", "thread"),
    "message": ("on", "message"),
    "object": ("on", "thing"),
    "repository": ("in", "repository"),
    "repo": ("in", "repository"),
    "course": ("in", "course"),
    "region": ("in", "region"),
    "place": ("at", "place"),
    "tag": ("on", "tag"),
    "ticket": ("on", "ticket"),
    "issue": ("on", "issue"),
    "pull_request": ("on", "pull request"),
}
_TO = {  # the word before the people whom something is done to
    " to": frozenset({"thread.replied", "reaction.added", "reply.marked_helpful", "kudos.given", "nomination.made"}),
    " by": frozenset({"invite.accepted", "invite.matured"}),
}
_STRONG = frozenset(  # words behind the noun that do not end in -ed
    {
        *("given", "made", "cast", "won", "sent", "read", "taken", "done", "set", "built", "written", "met", "seen"),
        *("bought", "sold", "held", "kept", "found", "begun", "broken", "left", "lent", "paid", "put", "run", "said"),
        *("shown", "spent", "spoken", "taught", "told", "thrown", "worn", "new", "complete"),
    }
)


def nouns(book: RuleBook, rule: Named) -> Forms:
    """What one counted event of a rule is called, and several of them."""
    credit = "actor" if isinstance(rule, Unless) else rule.credit
    others = isinstance(rule, Counting) and counts_others(rule)
    found = [_noun(book, name, credit, others) for name in rule.when]
    return listed([one for one, _ in found], "or"), listed([many for _, many in found], "or")


def counts_others(rule: Counting) -> bool:
    """Whether different people are counted who are all not the member: "from five other people"."""
    return rule.distinct == "actor" and rule.credit in ("author", "target") and not rule.self_


def _noun(book: RuleBook, name: str, credit: str, others: bool) -> Forms:
    if name in book.signals:
        word = name.replace("_", " ").replace("-", " ")
        return word, several(word)
    if others:
        return _FROM.get(name) or _DONE.get(name) or _composed(name)
    received = _RECEIVED.get(name) if credit in ("author", "target") else None
    return received or _DONE.get(name) or _composed(name)


def _composed(name: str) -> Forms:
    """ "ticket.resolved" is a ticket resolved; "post.edit" a post edit."""
    words = name.replace("_", ".").replace("-", ".").split(".")
    verb = next((n for n, word in enumerate(words) if n and _participle(word)), len(words))
    noun, rest = " ".join(words[:verb]), "".join(f" {word}" for word in words[verb:])
    one = singular(noun) if rest else noun
    return one + rest, several(one) + rest


def _participle(word: str) -> bool:
    return word.endswith("ed") or word in _STRONG


def about_itself(rule: Named, fact: str) -> bool:
    """Whether a fact names the very thing that all events of a rule are about: `ticket` of "ticket.resolved"."""
    if not rule.when or any("." not in name or name in _DONE for name in rule.when):
        return False  # a signal, or an event that is called otherwise
    things = [name.replace(".", "_").rpartition("_")[0] for name in rule.when]
    return all(f"_{fact}_" in f"_{thing}_" for thing in things)


def in_words(fact: str) -> str:
    """The name of a fact as words."""
    return fact.replace("_", " ")


def place(fact: str) -> Forms:
    """The word before a fact and the fact as a thing: ("in", "channel")."""
    return _PLACES.get(fact, ("with", in_words(fact)))


def before_values(rule: Counting) -> str:
    """What stands before the different values that a rule counts: " in" channels, " to" people, or a comma."""
    fact = rule.distinct or ""
    if fact not in ("author", "target"):
        return f" {place(fact)[0]}"
    return next((word for word, names in _TO.items() if names.issuperset(rule.when)), ",")


def different(rule: Counting, goal: int | Decimal, word: str | None = None) -> str:
    """As " in five different channels", " from five other people", with what joins it to the noun."""
    before, one = before_values(rule), place(rule.distinct or "")[1]
    others = counts_others(rule)
    if others and goal == 1 and word is None:
        return f"{before} another {one}"
    between = word or ("other" if others else "different" if goal != 1 else "")
    return f"{before} {counted(goal, f'{between} {one}'.strip())}"


def unit(fact: str) -> Forms:
    """What a progress line counts when it counts different values: ("person", "people")."""
    one = place(fact)[1]
    return one, several(one)


def measured(rule: Counting) -> str:
    """What `sum` and `best` add up or compare, in words: "minutes", "points"."""
    fact = rule.sum or rule.best or ""
    if fact == "amount" and set(rule.when) == {"points.earned"}:
        return "points"
    return in_words(fact)
