"""What people read about rewards: members who have points, and managers who hand out and mind the budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.badges import name_of
from core.cards import Button, Card, Line, Section, Text, line
from core.claim_cards import mention
from core.events import Account
from core.language import ENGLISH, Language, fill
from core.rewards import Entry, Hindrance, Payout, Till, left
from core.rules.book import RuleBook
from core.rules.ranks import level_number
from core.rules.rewards import POINTS, Eligible, Reward

Names = Mapping[Account, str]
MOST_SHOWN = 8
"""Rewards on one card: more buttons are hard to tell apart."""


def points(number: int, book: RuleBook, t: Language = ENGLISH) -> str:
    """As `300 points`, or whatever the community calls them."""
    rewards = book.rewards
    if rewards is None or rewards.currency == POINTS:
        return t.counted("{n} point", "{n} points", number)
    return f"{t.number(number)} {rewards.unit(number)}"


def shop(
    book: RuleBook,
    till: Till,
    entries: Sequence[Entry],
    offers: Sequence[tuple[str, Hindrance | None]],
    page: int,
    t: Language = ENGLISH,
) -> Card:
    """What the member has, where it came from, and what there is for it. `offers`: ids, with what stands against each;
    `page` from 0."""
    shown = offers[page * MOST_SHOWN : (page + 1) * MOST_SHOWN]
    sections = [Section(_balance(till, book, t))]
    if entries:
        sections.append(Section(tuple(entry(e, book, t) for e in entries), t.gettext("Latest")))
    lines = [row for name, against in shown for row in _offer(name, book.shelf[name], against, till, book, t)]
    sections.append(Section(tuple(lines or [line(t.gettext("There is nothing to redeem yet."))]), t.gettext("Rewards")))
    buttons = [
        Button("rewards-redeem", t.gettext("Redeem: {name}").format(name=book.shelf[name].name), name)
        for name, against in shown
        if against is None
    ]
    buttons += [Button("rewards", t.gettext("History"), "history")] if entries else []
    if len(offers) > (page + 1) * MOST_SHOWN:
        buttons.append(Button("rewards", t.gettext("More rewards"), f"page:{page + 1}"))
    return Card(tuple(sections), line(t.gettext("Rewards")), buttons=tuple(buttons))


def _balance(till: Till, book: RuleBook, t: Language) -> tuple[Line, ...]:
    have = Text(points(till.balance, book, t), bold=True)
    text = t.gettext("You have {have}.")
    if till.balance < 0:
        text = t.gettext("You have {have}: a badge was taken back after its points were spent. Nothing else changes.")
    lines = [fill(text, have=have)]
    if till.kept_back:
        why = t.gettext("Kept back for an account that was linked with yours and redeemed more than it has: {points}.")
        lines.append(line(why.format(points=points(till.kept_back, book, t))))
    return tuple(lines)


def _offer(
    name: str, reward: Reward, against: Hindrance | None, till: Till, book: RuleBook, t: Language
) -> Iterable[Line]:
    parts = [points(reward.price, book, t)]
    rest = left(reward, name, till)
    if rest:
        parts.append(t.counted("{n} left", "{n} left", rest))
    if reward.per_person is not None:
        parts.append(t.counted("{n} for each person", "{n} for each person", reward.per_person))
    yield line(Text(reward.name, bold=True), " · " + " · ".join(parts))
    if reward.description:
        yield line(reward.description)
    if against is not None:
        yield line(Text(reason(against, reward, till, book, t), italic=True))


def reason(against: Hindrance, reward: Reward | None, till: Till, book: RuleBook, t: Language = ENGLISH) -> str:
    """One sentence: why not, and where it helps, when or how it would go."""
    if reward is None or against == "unknown":
        return t.gettext("There is no such reward any more. /rewards shows what there is.")
    match against:
        case "not yet":
            return t.gettext("From {day} on.").format(day=t.written(reward.from_) if reward.from_ else "")
        case "over":
            return t.gettext("It was there until {day}.").format(day=t.written(reward.until) if reward.until else "")
        case "who":
            return t.gettext("For {whom}.").format(whom=_whom(reward.who, book, t))
        case "sold out":
            return t.gettext("None is left.")
        case "enough":
            return t.gettext("You have had as many as one person can have.")
        case "points":
            return t.gettext("It takes {n} more.").format(n=points(reward.price - till.balance, book, t))
        case "team":
            return t.gettext("What your team can redeem this month is used up. It goes on next month.")
        case "month":
            return t.gettext("What can be redeemed this month is used up. It goes on next month.")


def _whom(who: Eligible | None, book: RuleBook, t: Language) -> str:
    if who is None:
        return t.gettext("everybody")
    parts = [t.gettext("the role {name}").format(name=name) for name in who.role or ()]
    parts += [t.gettext("the team {name}").format(name=name) for name in who.team or ()]
    number = level_number(book, who.level) if who.level is not None else None
    if number is not None:
        parts.append(t.gettext("the level {name} and above").format(name=book.levels[number].name))
    return t.listed(parts)


def entry(e: Entry, book: RuleBook, t: Language = ENGLISH) -> Line:
    """One line of the ledger: how much, what for, when."""
    amount = f"+{t.number(e.points)}" if e.points > 0 else t.number(e.points)
    return line(Text(amount, bold=True), f" · {_what(e, book, t)} · {t.date(e.at)}")


def _what(e: Entry, book: RuleBook, t: Language) -> str:
    if e.payout is not None:
        text = t.gettext("{name}: given back") if e.points > 0 else "{name}"
    elif e.cause == "revalued":
        text = t.gettext("{name}: worth something else now")
    else:
        text = t.gettext("{name}: taken back") if e.points < 0 else "{name}"
    return text.format(name=e.what if e.payout is not None else name_of(book, e.what))


def history(
    till: Till, entries: Sequence[Entry], taken: Sequence[Payout], book: RuleBook, t: Language = ENGLISH
) -> Card:
    """Everything that was earned and spent lately, and what became of what was redeemed."""
    sections = [Section(_balance(till, book, t))]
    if taken:
        sections.append(Section(tuple(_taken(p, t) for p in taken), t.gettext("Redeemed")))
    if entries:
        sections.append(Section(tuple(entry(e, book, t) for e in entries), t.gettext("Earned and spent")))
    return Card(tuple(sections), line(t.gettext("Your points")), buttons=(Button("rewards", t.gettext("Rewards")),))


def _taken(payout: Payout, t: Language) -> Line:
    """With the reason, too: a private note may have come while nobody was there to read it."""
    reason = f" · {payout.reason}" if payout.reason else ""
    return line(Text(payout.name, bold=True), f" · {t.date(payout.at)} · {state(payout, t)}{reason}")


def state(payout: Payout, t: Language = ENGLISH) -> str:
    """Where it stands, for whoever redeemed it."""
    match payout.state:
        case "asked":
            return t.gettext("waits for a manager's yes")
        case "open":
            return t.gettext("somebody will get in touch")
        case "handed out":
            return t.gettext("handed out")
        case "declined":
            return t.gettext("declined, points given back")
        case "refunded":
            return t.gettext("points given back")


def question(name: str, key: str, book: RuleBook, till: Till, t: Language = ENGLISH) -> Card:
    """Asks once more. The button knows the price that was shown, and answers once."""
    reward = book.shelf[name]
    text = t.gettext("{reward} for {price}? You keep {rest}.")
    rest = points(till.balance - reward.price, book, t)
    head = fill(text, reward=Text(reward.name, bold=True), price=points(reward.price, book, t), rest=rest)
    buttons = (
        Button("rewards-yes", t.gettext("Redeem"), f"{name}:{reward.price}:{key}", "primary"),
        Button("rewards", t.gettext("Back")),
    )
    return Card((Section((head,)),), buttons=buttons)


def done(payout: Payout, book: RuleBook, t: Language = ENGLISH) -> Card:
    """What the member reads afterwards."""
    text = t.gettext("Done: {reward}. Somebody will get in touch.")
    if payout.state == "asked":
        text = t.gettext("Done: {reward}. A manager looks at it first; if they say no, you have your points back.")
    elif payout.state != "open":
        text = t.gettext("{reward}: {state}.")
    head = fill(text, reward=Text(payout.name, bold=True), state=state(payout, t))
    return Card((Section((head,)),), buttons=(Button("rewards", t.gettext("Rewards")),))


# ---- for managers


def review(payout: Payout, book: RuleBook, names: Names, t: Language = ENGLISH) -> Card:
    """Who gets what, and what is to be done with it."""
    text = t.gettext("{person} redeemed {reward} for {price}.")
    reward, price = Text(payout.name, bold=True), points(payout.price, book, t)
    lines = [fill(text, person=mention(payout.account, names), reward=reward, price=price)]
    lines.append(_standing(payout, names, t))
    title = t.gettext("Reward #{id}").format(id=payout.id)
    return Card((Section(tuple(lines)),), line(title), buttons=_review_buttons(payout, t))


def _standing(payout: Payout, names: Names, t: Language) -> Line:
    by = mention(payout.by or "", names)
    match payout.state:
        case "asked":
            return line(t.gettext("It waits for a manager's yes."))
        case "open" if payout.by is None:
            return line(t.gettext("To be handed out by a manager."))
        case "open":
            return fill(t.gettext("Approved by {by}. To be handed out."), by=by)
        case "handed out":
            return fill(t.gettext("Handed out by {by}."), by=by)
        case "declined":
            return fill(t.gettext("Declined by {by}: {reason}"), by=by, reason=payout.reason or "–")
        case "refunded":
            return fill(t.gettext("Refunded by {by}: {reason}"), by=by, reason=payout.reason or "–")


def _review_buttons(payout: Payout, t: Language) -> tuple[Button, ...]:
    number = str(payout.id)
    refund = Button("rewards-refund", t.gettext("Refund…"), number)
    match payout.state:
        case "asked":
            yes = Button("rewards-approve", t.gettext("Approve"), number, "primary")
            return (yes, Button("rewards-decline", t.gettext("Decline…"), number))
        case "open":
            return (Button("rewards-handed", t.gettext("Handed out"), number, "primary"), refund)
        case "handed out":
            return (refund,)
        case _:
            return ()


def told(payout: Payout, book: RuleBook, t: Language = ENGLISH) -> Card:
    """For the member alone: what became of it."""
    reward, price = Text(payout.name, bold=True), points(payout.price, book, t)
    match payout.state:
        case "open":
            text = t.gettext("{reward} was approved. Somebody will get in touch.")
        case "handed out":
            text = t.gettext("{reward} was handed out to you. If you do not have it, tell a moderator.")
        case "declined":
            text = t.gettext("{reward} was declined: {reason} You have your {price} back.")
        case _:
            text = t.gettext("{reward} was taken back: {reason} You have your {price} back.")
    head = fill(text, reward=reward, price=price, reason=_sentence(payout.reason))
    return Card((Section((head,)),), buttons=(Button("rewards", t.gettext("Rewards")),), tone="quiet")


def _sentence(reason: str | None) -> str:
    said = reason or "–"
    return said if said.endswith((".", "!", "?")) else f"{said}."


def warning(spent: int, cap: int, month: str, book: RuleBook, t: Language = ENGLISH) -> Card:
    """Once in a month, to the moderators' channel."""
    text = t.gettext("Rewards in {month}: {spent} of {cap} are redeemed. At the cap, members wait for the next month.")
    return Card((Section((line(text.format(month=month, spent=points(spent, book, t), cap=t.number(cap))),)),))
