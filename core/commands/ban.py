"""`/plaudit ban @member reason…` and `unban`: everything somebody earned is taken back, and given back again."""

from __future__ import annotations

from core.bans import ban_id
from core.commands.asked import Asked
from core.commands.kudos import gifts_of
from core.commands.moderation import Case, done, open_case
from core.events import WITHDRAW, Account, Statement
from core.giving import Say
from core.plan import BANNED
from core.requests import Answer


async def answer(asked: Asked) -> Answer:
    """Raises Refusal where the person may not, without a reason, and for somebody who is banned already."""
    case = await open_case(asked)
    if await _is_banned(asked, case):
        raise asked.refuse(asked.t.gettext("{name} is banned already.").format(name=case.person.name))
    said = _ban(asked, case.person.account, case.reason)
    text = asked.t.gettext("{name} is banned: what they earned is taken back. To lift it: /plaudit unban.")
    return Answer(done(text.format(name=case.person.name)), changes=(Say(said, alive=False),))


async def lift(asked: Asked) -> Answer:
    """What the ban took comes back."""
    case = await open_case(asked, reason_needed=False)
    if not await _is_banned(asked, case):
        raise asked.refuse(asked.t.gettext("{name} is not banned here.").format(name=case.person.name))
    source, id_ = _identity(case.person.account)
    back = Statement(
        source, id_, asked.request.at, op=WITHDRAW, reason=case.reason or "unbanned", by=asked.request.account
    )
    text = asked.t.gettext("The ban of {name} is lifted: what it took is given back.")
    return Answer(done(text.format(name=case.person.name)), changes=(Say(back, alive=True),))


async def marks(asked: Asked) -> Answer:
    """The button on the moderators' card: what they gave to others counts no more, as long as the ban stands."""
    t, account = asked.t, asked.pressed or ""
    if "/" not in account:
        raise asked.refuse(t.gettext("Who is it about? Name the person."))
    if asked.is_own(account):
        raise asked.refuse(t.gettext("Not for yourself: ask another moderator."))
    fact = await gifts_of(asked).fact(*_identity(account))
    name = (await asked.person(account)).name
    if fact is None:
        raise asked.refuse(t.gettext("{name} is not banned here.").format(name=name))
    if fact.facts.get("marks") is True:
        raise asked.refuse(t.gettext("The marks of {name} are taken back already.").format(name=name))
    said = _ban(asked, account, "", marks=True)
    text = asked.aloud.gettext("The marks that {name} gave to others are taken back.")
    return Answer(done(text.format(name=name)), private=False, changes=(Say(said, alive=True),))


async def _is_banned(asked: Asked, case: Case) -> bool:
    return await gifts_of(asked).fact(*_identity(case.person.account)) is not None


def _ban(asked: Asked, account: Account, reason: str, *, marks: bool = False) -> Statement:
    request = asked.request
    source, id_ = _identity(account)
    facts = {"marks": True} if marks else {}
    by = request.account
    return Statement(
        source, id_, request.at, BANNED, actor=by, target=account, facts=facts, reason=reason or None, by=by
    )


def _identity(account: Account) -> tuple[str, str]:
    source, _, user = account.partition("/")
    return source, ban_id(user)
