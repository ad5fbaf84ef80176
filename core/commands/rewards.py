"""`/rewards`: what a member has, what there is for it, and redeeming it."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

from core.cards import Button
from core.commands.asked import Asked
from core.commands.kudos import refuse_untracked
from core.requests import Answer
from core.reward_cards import done, history, question, reason, shop
from core.rewards import Hindrance, Payout, Redeem, Rewards, Till, hindrance, redeemed
from core.rights import may

FEW = 5
MANY = 15
HISTORY = "history"
_HIDDEN = ("over", "unknown")


async def answer(asked: Asked) -> Answer:
    rewards = opened(asked)
    wish = asked.pressed or asked.argument("choice")
    till = await rewards.till(asked.member)
    if wish.lower() == HISTORY:
        entries, taken = await rewards.entries(asked.member, MANY), await rewards.of_member(asked.member, MANY)
        return asked.answer(history(till, entries, taken, asked.book, asked.t))
    offers = [(name, against) for name in asked.book.shelf if (against := _against(asked, name, till)) not in _HIDDEN]
    page = wish.removeprefix("page:")
    number = int(page) if page.isdecimal() and len(page) < 4 else 0
    entries = await rewards.entries(asked.member, FEW)
    card = shop(asked.book, till, entries, offers, number, asked.t)
    return asked.answer(replace(card, buttons=(*card.buttons, *await _waiting(asked, rewards))))


async def redeem(asked: Asked) -> Answer:
    """Asks once more before the points are gone. Raises Refusal where it cannot be had."""
    rewards, name = opened(asked), asked.pressed or ""
    await refuse_untracked(asked)
    till = await rewards.till(asked.member)
    _refuse(asked, name, till)
    return asked.answer(question(name, _key(asked), asked.book, till, asked.t))


async def confirmed(asked: Asked) -> Answer:
    """The yes. However often it is pressed, it is one redemption."""
    rewards, t = opened(asked), asked.t
    name, price, key = [*(asked.pressed or "").split(":"), "", "", ""][:3]
    till = await rewards.till(asked.member)  # before the answer is looked for: what it counts in may be that one
    before = await rewards.answered(key)
    if before is not None:
        return asked.answer(done(_own(asked, before), asked.book, t))
    await refuse_untracked(asked)
    _refuse(asked, name, till)
    if price != str(asked.book.shelf[name].price) or not key:
        raise asked.refuse(t.gettext("Its price has changed meanwhile. /rewards shows what it is now."))
    order = Redeem(key, asked.request.account, name, int(price), asked.request.channel)
    taken = redeemed(asked.book, order, 0, None, asked.request.at)
    return Answer(done(taken, asked.book, t), replace=True, changes=(order,))


async def _waiting(asked: Asked, rewards: Rewards) -> tuple[Button, ...]:
    """For managers, where something waits for them."""
    if not may(asked.request.role, "rewards-waiting") or not (await rewards.waiting(1))[1]:
        return ()
    return (Button("rewards-waiting", asked.t.gettext("What waits")),)


def opened(asked: Asked) -> Rewards:
    """Raises Refusal in a community without rewards."""
    if asked.book.rewards is None or asked.rewards is None:
        raise asked.refuse(asked.t.gettext("This community has no rewards."))
    return asked.rewards


def _against(asked: Asked, name: str, till: Till) -> Hindrance | None:
    return hindrance(asked.book, name, till, asked.calendar.day(asked.request.at))


def _refuse(asked: Asked, name: str, till: Till) -> None:
    against = _against(asked, name, till)
    if against is not None:
        raise asked.refuse(reason(against, asked.book.shelf.get(name), till, asked.book, asked.t))


def _own(asked: Asked, payout: Payout) -> Payout:
    """Raises Refusal for somebody else's."""
    if not asked.is_own(payout.account):
        raise asked.refuse(asked.t.gettext("That was somebody else's question. Write /rewards for yours."))
    return payout


def _key(asked: Asked) -> str:
    """A mark of this question, which says nothing about who asked it."""
    r = asked.request
    return blake2b(f"{r.source} {r.account} {r.id}".encode(), digest_size=6).hexdigest()
