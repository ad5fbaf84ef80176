"""Awards that are told aloud, held against what their channel heard lately: now, together with others, or weekly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from core.awards import Award, Happened
from core.effects import Telling, destination_from, place_from, rooms_of
from core.members import Member
from core.noise import HOUR, Announcement, Heard, Room, State, verdict
from core.plan import Plan
from core.ports import Outgoing, Transaction
from core.rules.noise import Noise

ALOUD = frozenset({"channel", "thread"})
_AWARD = "award:"
Told = tuple[int, Happened, Sequence[Outgoing]]
"""The id of an award, what happened to it, and what is to be sent for that."""


def hushed(tx: Transaction, plan: Plan, decided: Sequence[Told], telling: Telling) -> list[Outgoing]:
    """What of it is sent now; what waits is noted in the same transaction."""
    noise = plan.book.noise
    everything = [out for _, _, found in decided for out in found]
    rooms = {room for out in everything if (room := room_of(out)) is not None} if noise is not None else ()
    if noise is None or not rooms:
        return everything
    heard = tx.heard(sorted(rooms), telling.now - HOUR)
    weekly = told_weekly(tx, plan, [h.after for _, h, _ in decided if h.after is not None])
    sent: list[Outgoing] = []
    noted: list[Announcement] = []
    for id_, h, found in decided:
        for out in found:
            room = room_of(out)
            if room is None or h.after is None:
                sent.append(out)
                continue
            at = _when(h.after, room, heard, noise, plan, telling.now, may=weekly(h.after, room))
            noted.append(_noted(id_, h.after, room, at, telling.now))
            sent += [out] if at == telling.now else []
    tx.announce(noted)
    return sent


def room_of(out: Outgoing) -> Room | None:
    """The channel that hears it; None for what nobody hears: private notes, reactions, roles, moderators' cards."""
    if out.kind != "card" or not out.cause.startswith(_AWARD):
        return None
    to = destination_from(out.destination)
    return Room(to.source, to.channel) if to.kind in ALOUD and to.channel is not None else None


def _when(
    award: Award, room: Room, heard: dict[Room, Heard], noise: Noise, plan: Plan, now: int, *, may: bool
) -> int | None:
    importance = plan.wanted[award.achievement].rule.importance
    before = heard.get(room, Heard())
    at = verdict(importance, now, before, noise, plan.calendar, may_wait_for_digest=may)
    heard[room] = before.after(at, now)
    return at


def _noted(id_: int, award: Award, room: Room, at: int | None, now: int) -> Announcement:
    state: State = "digest" if at is None else "told" if at <= now else "waiting"
    message = told_alone(id_) if state == "told" else ""
    return Announcement(room, id_, award.decided_at, state, now if at is None else at, message)


def told_alone(award: int) -> str:
    """What a message about one award is called here: unlike in the outbox, without its person."""
    return f"award:{award}"


class Weekly:
    """Whether the digest may tell an award: it is posted on the platform of its room, and names nobody who hides and no
    private channel."""

    def __init__(self, posted: Collection[str], choices: Mapping[Member, tuple[str | None, bool, bool]]) -> None:
        self._posted = posted
        self._choices = choices

    def __call__(self, award: Award, room: Room) -> bool:
        _, hidden, _ = self._choices.get(award.member, (None, False, True))
        place = place_from(award.place)
        posted = room.source.partition(":")[0] in self._posted
        return posted and not hidden and (place is None or not place.private)


def told_weekly(tx: Transaction, plan: Plan, awards: Iterable[Award]) -> Weekly:
    return Weekly(rooms_of(plan, "digest"), tx.choices({a.member for a in awards}))
