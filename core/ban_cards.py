"""What moderators read after a ban."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.announcements import LONGEST_ARGUMENT
from core.cards import Button, Card, Section, line
from core.claim_cards import mention
from core.effects import Telling, destination_json, moderators_of
from core.events import Account, Statement
from core.language import ENGLISH, Language, fill
from core.languages import ours
from core.plan import BANNED, REVOCATION
from core.ports import Outgoing, Transaction
from core.serving import Served


def tell_bans(tx: Transaction, served: Served, new: Sequence[Statement], telling: Telling) -> None:
    """One card for each ban among new statements, with how many badges it took."""
    bans = [s for s in new if s.type == BANNED and s.target is not None and s.facts.get("marks") is not True]
    if bans and telling.announce:
        names = tx.names([a for s in bans for a in (s.target, s.by) if a is not None])
        tx.send([out for s in bans for out in _told(served, s, _taken(s, new), names, telling.now)])


def _taken(ban: Statement, new: Sequence[Statement]) -> int:
    return sum(s.type == REVOCATION and s.id.startswith(f"{ban.source}/{ban.id}/") for s in new)


def _told(served: Served, ban: Statement, taken: int, names: Mapping[Account, str], now: int) -> Iterator[Outgoing]:
    account = ban.target or ""
    to = moderators_of(served, account)
    if to is not None:
        card = banned(account, taken, ban.reason, ban.by, names, ours(served.plan.book))
        yield Outgoing(f"{ban.source}/{ban.id}:{ban.at}", to.source, "card", destination_json(to), card, now)


def banned(
    account: Account,
    taken: int,
    reason: str | None,
    by: Account | None,
    names: Mapping[Account, str],
    t: Language = ENGLISH,
) -> Card:
    """Who, by whom and why, and what it took; the marks they gave are another question."""
    text = t.gettext("{person} was banned by {by}: {reason}") if by else t.gettext("{person} was banned: {reason}")
    head = fill(
        text, person=mention(account, names), by=mention(by or "", names), reason=reason or t.gettext("no reason given")
    )
    badges = t.counted("{n} badge was taken back.", "{n} badges were taken back.", taken)
    more = t.gettext("What they gave to others stays.")
    button = Button("ban-marks", t.gettext("Also take back the marks they gave"), account)
    buttons = (button,) if len(account) <= LONGEST_ARGUMENT else ()
    return Card((Section((head, line(f"{badges} {more}"))),), line(t.gettext("A ban")), buttons=buttons)
