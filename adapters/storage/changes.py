"""What a command wants changed, done in one commit."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage import challenge_changes, rewards, setups
from adapters.storage.claim_changes import Changer
from adapters.storage.giving import say
from core.challenges import Change as ChallengeChange
from core.claims import Change
from core.giving import Say
from core.requests import Changes
from core.rewards import Redeem, Settle
from core.serving import Served
from core.setups import Change as SetupChange


def carry_out(db: sa.Connection, served: Served, changes: Changes, now: int) -> bool:
    """Each kind in its own way. Raises TypeError for a mixture, which no type checker lets through either: nothing of
    it would be done rather than a part."""
    kinds = {_kind_of(change) for change in changes}
    if len(kinds) != 1:
        raise TypeError("changes of different kinds cannot be one commit")
    match kinds.pop():
        case "said":
            return say(db, served, [c for c in changes if isinstance(c, Say)], now)
        case "rewarded":
            return rewards.carry_out(db, served, [c for c in changes if isinstance(c, Redeem | Settle)], now)
        case "challenged":
            made = [c for c in changes if isinstance(c, ChallengeChange)]
            return challenge_changes.carry_out(db, served, made, now)
        case "set up":
            return setups.carry_out(db, served, [c for c in changes if isinstance(c, SetupChange)], now)
    return Changer(db, served, now).carry_out([c for c in changes if isinstance(c, Change)])


def _kind_of(change: object) -> str:
    if isinstance(change, Say):
        return "said"
    if isinstance(change, Redeem | Settle):
        return "rewarded"
    if isinstance(change, SetupChange):
        return "set up"
    return "challenged" if isinstance(change, ChallengeChange) else "claimed"
