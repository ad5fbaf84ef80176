"""What the digests say: for everybody, for moderators, and for those who asked for one of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from adapters.storage import own_digests
from adapters.storage.history import SqlHistory
from adapters.storage.moderating import moderation
from adapters.storage.participation import weeks
from adapters.storage.store import Store
from bot.challenges import with_challenges
from bot.health import Health
from bot.rewards import budget
from core import digests
from core.cards import Card
from core.commands.own_digest import own_digest
from core.digests import Due
from core.effects import destination_json
from core.languages import ours
from core.members import Member, voice
from core.moderation_digest import moderation_digest
from core.participation import participation
from core.pictures import with_digest
from core.ports import Destination, Outgoing
from core.records import DigestFacts
from core.serving import Served

OWN = own_digests.JOB
AT_ONCE = 50
"""About so many people's own digests are written in one tick: others wait for it."""
MOST_ASKED = 60
"""So many active people are asked what is near for them: a digest may not take minutes."""
NEAR = 0.6


async def community_card(store: Store, community: str, due: Due) -> Card | None:
    """What everybody reads about a week; None where there is nothing to tell."""
    plan = store.communities.served[community].plan
    facts = await store.records(community).digest(due.start, due.end, *digests.score_days(due, plan.calendar))
    facts = replace(facts, near=await _near(store, community, facts))
    card = await with_challenges(digests.digest(facts, plan.book, ours(plan.book)), store, community)
    return with_digest(card, plan.book.pictures.on)


async def moderators_card(store: Store, health: Health, community: str, due: Due) -> Card | None:
    """What only moderators read about it."""
    served = store.communities.served[community]
    facts = await store.look(lambda db: moderation(SqlHistory(db, community), due.start, due.end, store.now()))
    there = await store.look(lambda db: weeks(SqlHistory(db, community), served.people, due.end))
    quiet, rewards = await health.quiet(community, due.end), await budget(store, community)
    facts = replace(facts, quiet=quiet, rewards=rewards, participation=participation(there))
    return moderation_digest(facts, served.plan.book, ours(served.plan.book))


async def post_own(store: Store, community: str, due: Due, at_once: int = AT_ONCE) -> bool:
    """Send their own to those who asked for it, part by part: the next ones with the next call, once each however many
    processes try. True once everybody was looked at, and nobody else said so before."""
    served, now = store.communities.served[community], store.now()
    waiting = await store.look(lambda db: own_digests.waiting(SqlHistory(db, community), due.name))
    some = own_digests.first(waiting, at_once)
    there = [(member, await _own(store, served, member, due, now)) for part in some.values() for member in part]
    parcels = {member: parcel for member, parcel in there if parcel is not None}
    last = len(some) == len(waiting)
    return await store.perform(lambda db: own_digests.post(db, community, due, some, parcels, now, last=last))


async def _own(store: Store, served: Served, member: Member, due: Due, now: int) -> Outgoing | None:
    account = voice(member, served.people.accounts(member))
    if account is None:
        return None
    records = store.records(served.plan.community)
    card = await own_digest(account, served.plan.book, records, served.people, due.start, due.end)
    if card is None:
        return None
    to = Destination(account.partition("/")[0], "direct", account=account)
    return Outgoing(f"{OWN}:{due.name}", to.source, "card", destination_json(to), card, now)


async def _near(store: Store, community: str, facts: DigestFacts) -> dict[str, int]:
    """For how many of the active people each badge is near, without saying for whom."""
    active = [a.award.member for a in facts.awards if a.choice.tracked]
    active += [h.person.account for h in facts.helpers if h.choice.tracked]
    found: dict[str, int] = {}
    for member in _some(active):
        for progress in await store.records(community).progress(member):
            if NEAR <= progress.nearness < 1:
                found[progress.achievement] = found.get(progress.achievement, 0) + 1
    return found


def _some(members: Iterable[Member]) -> list[Member]:
    return sorted(set(members))[:MOST_ASKED]
