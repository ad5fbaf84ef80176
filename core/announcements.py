"""What is said when a badge is earned, given or taken back, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from core.cards import Button, Card, Line, Mention, Section, Text
from core.events import Account, Value
from core.language import ENGLISH, Language, fill
from core.losses import because
from core.ports import Destination

Announce = Literal["thread", "channel", "reaction", "private", "digest", "none"]
Digest = Literal["digest"]
DIGEST: Final[Digest] = "digest"

# From the most public to silence. A person's choice counts where it lies further down than the rule's.
_QUIETER: tuple[str, ...] = ("channel", "thread", "reaction", "digest", "private", "none")
LONGEST_ARGUMENT = 80  # with the verb within the 90 characters that a button holds
LONGEST_DECISION = 75  # with the longer verb that the form comes back as
QUIETER = "quieter"
"""What the button for the settings carries under a private note: from there it is counted."""
_CHATS = ("slack", "discord")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an award was earned, in the platform's own ids.

    `channel` is the one that messages go to (on Discord the thread itself), `thread` the root of the thread,
    `message` the post it was about.
    """

    source: str
    channel: str | None = None
    message: str | None = None
    thread: str | None = None
    private: bool = False


def place_of(source: str, facts: Mapping[str, Value]) -> Place:
    """The place that a fact's `message`, `thread`, `channel_id` and `private` name."""
    room, message = _split(facts.get("message"))
    thread_room, root = _split(facts.get("thread"))
    stamped = facts.get("channel_id")
    channel = room or thread_room or (stamped if isinstance(stamped, str) else None)
    return Place(source, channel, message, root, facts.get("private") is True)


def _split(fact_id: Value | None) -> tuple[str | None, str | None]:
    """Channel and message of `message:{channel}/{message}`."""
    if not isinstance(fact_id, str) or not fact_id.startswith("message:"):
        return None, None
    channel, _, message = fact_id.removeprefix("message:").rpartition("/")
    return channel or None, message or None


def where_to(
    announce: Announce,
    choice: str | None,
    account: Account,
    place: Place | None,
    rooms: Mapping[str, str],
    *,
    quiet: bool = False,
    emoji: str | None = None,
) -> Destination | Digest | None:
    """Where to say that `account` earned something: a destination, the digest, or nowhere.

    `announce`: what the rule says; `choice`: what the person chose (channel, private, digest, none, dm; None: as
    the rule says), which wins where it is quieter. `rooms`: the announcements channel by source or platform
    (`slack`). `quiet`: the first days after the start. What was earned in a private channel stays in it.
    """
    asked_directly = choice == "dm" and announce != "none"
    mode = "direct" if asked_directly else _quietest(announce, None if choice == "dm" else choice)
    if quiet and mode != "none":
        mode = "none" if mode in ("private", "direct") else DIGEST
    if mode == DIGEST:
        return None if place is not None and place.private else DIGEST
    if mode == "none":
        return None
    if mode == "direct":
        return Destination(account.partition("/")[0], "direct", account=account)
    if mode == "private":
        return _private(account, place)
    return _public(mode, account, place, rooms, emoji)


def _quietest(announce: str, choice: str | None) -> str:
    return max((announce, choice or announce), key=_QUIETER.index)


def _private(account: Account, place: Place | None) -> Destination:
    """An ephemeral message: in the channel where it was earned, if that is on the person's own platform."""
    source = account.partition("/")[0]
    here = place if place is not None and place.source == source else Place(source)
    return Destination(source, "private", here.channel, here.thread, here.message, account)


def _public(
    mode: str, account: Account, place: Place | None, rooms: Mapping[str, str], emoji: str | None
) -> Destination | None:
    if place is None or place.channel is None or not _is_chat(place.source):
        return _announcements(place.source if place else "", account, place, rooms)
    if mode == "reaction" and emoji and place.message:
        return Destination(place.source, "reaction", place.channel, None, place.message, account, emoji)
    if mode != "channel" and (place.thread or place.message):
        return Destination(place.source, "thread", place.channel, place.thread, place.message, account)
    return Destination(place.source, "channel", place.channel, account=account)


def _announcements(source: str, account: Account, place: Place | None, rooms: Mapping[str, str]) -> Destination | None:
    """Without a channel it goes to the announcements channel, on the platform where the person is."""
    if place is not None and place.private:
        return _private(account, place)
    home = source if _is_chat(source) else account.partition("/")[0]
    room = rooms.get(home) or rooms.get(home.partition(":")[0])
    return Destination(home, "channel", room, account=account) if room else None


def _is_chat(source: str) -> bool:
    return source.partition(":")[0] in _CHATS


@dataclass(frozen=True, slots=True)
class Badge:
    """The achievement as people see it. `emoji`: Slack's short name. `role`: the name of what it gives."""

    id: str
    name: str
    emoji: str | None = None
    role: str | None = None
    tier: str | None = None

    def title(self) -> Text:
        return Text(f"{self.name}: {self.tier}" if self.tier else self.name, bold=True)


def awarded(badge: Badge, person: Mention, evidence: str | None = None, t: Language = ENGLISH) -> Card:
    """For everybody in the channel. `evidence`: what was done, as a sentence without its full stop."""
    head = _told(
        badge,
        t.gettext("{person} earned {badge}"),
        t.gettext("{person} earned {badge} and the role {role}"),
        evidence,
        person=person,
    )
    return Card((Section((head,)),), emoji=badge.emoji, buttons=(_how(badge, person.account, t),), tone="award")


def earned_privately(
    badge: Badge, evidence: str | None = None, next_step: str | None = None, t: Language = ENGLISH
) -> Card:
    """For the person alone. `next_step`: a whole sentence about what is nearest, or None."""
    head = _told(badge, t.gettext("You earned {badge}"), t.gettext("You earned {badge} and the role {role}"), evidence)
    lines = (head,) if next_step is None else (head, fill(t.gettext("Next: {step}"), step=next_step))
    buttons = (
        Button("achievements", t.gettext("My achievements")),
        Button("settings", t.gettext("Quieter, please"), QUIETER),
    )
    return Card((Section(lines),), emoji=badge.emoji, buttons=buttons, tone="award")


def granted(badge: Badge, person: Mention, by: str, reason: str, t: Language = ENGLISH) -> Card:
    """Given by hand: `by` is the giver's name, `reason` what they said."""
    head = _told(
        badge,
        t.gettext("{person} received {badge}"),
        t.gettext("{person} received {badge} and the role {role}"),
        None,
        person=person,
    )
    said = fill(t.gettext("{giver}: “{reason}”"), giver=by, reason=_one_line(reason))
    buttons = (_how(badge, person.account, t),)
    return Card((Section((head, said)),), emoji=badge.emoji, buttons=buttons, tone="award")


def granted_privately(badge: Badge, by: str, reason: str, t: Language = ENGLISH) -> Card:
    head = _told(badge, t.gettext("You received {badge}"), t.gettext("You received {badge} and the role {role}"), None)
    said = fill(t.gettext("{giver}: “{reason}”"), giver=by, reason=_one_line(reason))
    buttons = (_how(badge, "", t), Button("settings", t.gettext("Quieter, please"), QUIETER))
    return Card((Section((head, said)),), emoji=badge.emoji, buttons=buttons, tone="award")


def revoked(badge: Badge, reason: str, numbers: str | None = None, t: Language = ENGLISH, decision: str = "") -> Card:
    """For the person alone, with no drama. `reason`: what happened, a clause; `numbers`: as "4 of 5 now". `decision`:
    what a moderator may be asked to look at again."""
    why = _clause(because(reason, t))
    head = fill(_taken_back(reason, numbers, t), badge=badge.title(), reason=why, numbers=numbers or "")
    lines: tuple[Line, ...] = (head, fill(_remainder(badge, t), role=_role(badge)))
    buttons = [Button("why", t.gettext("Details"), badge.id)]
    if decision and len(decision) <= LONGEST_DECISION:
        buttons.append(Button("appeal", t.gettext("Ask a moderator"), decision))
    return Card((Section(lines),), buttons=tuple(buttons), tone="quiet")


def run_out(badge: Badge, *, while_true: bool, again: bool, t: Language = ENGLISH) -> Card:
    """For the person alone: the time of a badge is over. `while_true`: it is held only while its rule is met; `again`:
    it can be earned anew."""
    head = t.gettext("{badge} was yours for a time, and that time is over.")
    if while_true:
        head = t.gettext("{badge} pauses: it is held while its rule is met, and at the moment it is not.")
    role = t.gettext("The role {role} goes with it.") if badge.role else ""
    outlook = t.gettext("It can be earned again.") if again else ""
    if while_true:
        outlook = t.gettext("As soon as it is met again, the badge is back by itself.")
    lines = [fill(head, badge=badge.title())]
    if more := f"{role} {outlook}".strip():
        lines.append(fill(more, role=_role(badge)))
    buttons = (Button("why", t.gettext("Details"), badge.id),)
    return Card((Section(tuple(lines)),), buttons=buttons, tone="quiet")


def _taken_back(reason: str, numbers: str | None, t: Language) -> str:
    if not reason.strip():
        return t.gettext("{badge} was taken back.")
    if not numbers:
        return t.gettext("{badge} was taken back: {reason}.")
    return t.gettext("{badge} was taken back: {reason} ({numbers}).")


def _remainder(badge: Badge, t: Language) -> str:
    if badge.role is None:
        return t.gettext("Nothing else changes. If it looks wrong, ask a moderator.")
    return t.gettext("The role {role} goes with it. If it looks wrong, ask a moderator.")


def _told(badge: Badge, plain: str, with_role: str, evidence: str | None, **places: Mention) -> Line:
    sentence = with_role if badge.role else plain
    # A whole sentence stands by itself; a clause follows a colon.
    ending = "." if not evidence else ". {evidence}." if evidence[0].isupper() else ": {evidence}."
    return fill(sentence + ending, badge=badge.title(), role=_role(badge), evidence=_clause(evidence or ""), **places)


def _role(badge: Badge) -> Text:
    return Text(badge.role or "", bold=True)


def _how(badge: Badge, account: Account, t: Language) -> Button:
    """Whoever presses it asks about the person on the card, where both names fit into a button."""
    both = f"{badge.id} {account}".strip()
    return Button("why", t.gettext("How it was earned"), both if len(both) <= LONGEST_ARGUMENT else badge.id)


def _clause(words: str) -> str:
    return _one_line(words).rstrip(".")


def _one_line(words: str) -> str:
    return " ".join(words.split())
