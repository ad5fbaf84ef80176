"""What people may ask. Each verb has one module whose `answer` turns a question into a card and statements."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from core.calendar import Calendar, zone
from core.cards import Card
from core.claims import Claims
from core.commands import (
    achievements,
    audit,
    ban,
    claim,
    claim_appeals,
    claim_decisions,
    claim_lists,
    claim_undoing,
    confirm,
    decline,
    erase,
    export,
    fairness,
    freeze,
    grant,
    helpful,
    kudos,
    leaderboard,
    link,
    nominate,
    pause,
    privacy,
    revoke,
    second,
    settings,
    suggestions,
    unlink,
    validate,
    why,
    why_not,
)
from core.commands import help as help_
from core.commands import people as people_
from core.commands.asked import Asked, Refusal
from core.events import Account
from core.fairness import Findings
from core.givers import entries_of
from core.giving import Gifts
from core.language import Language
from core.link_codes import Links
from core.members import People
from core.records import Records
from core.requests import Answer, Request, Suggestion
from core.rights import NEEDED, may
from core.rules.book import RuleBook

__all__ = ["VERBS", "answer", "erased", "home", "suggest"]

Verb = Callable[[Asked], Awaitable[Answer]]

VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "achievements": achievements.answer,
        "leaderboard": leaderboard.answer,
        "why": why.answer,
        "why-not": why_not.answer,
        "settings": settings.answer,
        "grant": grant.answer,
        "revoke": revoke.answer,
        "validate": validate.answer,
        "validate-undo": validate.undo,
        "confirm": confirm.answer,
        "decline": decline.answer,
        "pause": pause.answer,
        "freeze": freeze.answer,
        "help": help_.answer,
        "privacy": privacy.answer,
        "export": export.answer,
        "grant-confirm": second.confirm,
        "grant-decline": second.decline,
        "ban": ban.answer,
        "unban": ban.lift,
        "ban-marks": ban.marks,
        "kudos": kudos.answer,
        "kudos-undo": kudos.undo,
        "helpful": helpful.answer,
        "nominate": nominate.answer,
        "nominate-send": nominate.send,
        "nominate-give": nominate.give,
        "erase": erase.answer,
        "erase-confirm": erase.confirm,
        "erase-confirmed": erase.confirmed,
        "claim": claim.answer,
        "claim-send": claim.send,
        "claim-reply": claim.reply,
        "claim-replied": claim.replied,
        "claim-approve": claim_decisions.approve,
        "claim-decline": claim_decisions.decline,
        "claim-declined": claim_decisions.declined,
        "claim-undo": claim_undoing.answer,
        "claim-undone": claim_undoing.undone,
        "claim-ask": claim_decisions.ask,
        "claim-asked": claim_decisions.asked_for,
        "claims": claim_lists.answer,
        "audit": audit.answer,
        "claims-confirm": claim_lists.confirm,
        "claims-approve": claim_lists.approve,
        "link": link.answer,
        "link-yes": link.confirm,
        "link-no": link.decline,
        "link-email": link.email,
        "link-email-send": link.mail,
        "link-forge": link.forge,
        "unlink": unlink.answer,
        "unlink-yes": unlink.confirm,
        "people": people_.answer,
        "people-match": people_.match,
        "people-reject": people_.reject,
        "fairness-fine": fairness.fine,
        "fairness-look": fairness.look,
        "appeal": claim_appeals.answer,
        "appeal-send": claim_appeals.send,
        "appeal-restore": claim_appeals.restore,
        "appeal-restored": claim_appeals.restored,
        "appeal-keep": claim_appeals.keep,
        "appeal-kept": claim_appeals.kept,
    }
)


async def answer(
    request: Request,
    book: RuleBook,
    records: Records,
    people: People | None = None,
    claims: Claims | None = None,
    gifts: Gifts | None = None,
    links: Links | None = None,
    findings: Findings | None = None,
) -> Answer:
    """The answer to a question, always only for the person who asked. A verb nobody knows gets the help.

    Its statements are not stored yet. `request.at` is now (UTC microseconds).
    """
    asked = replace(_asked(request, book, records, people), claims=claims, gifts=gifts, links=links)
    asked = replace(asked, findings=findings)
    gives = request.verb == "grant" and bool(entries_of(book, request))  # the one exception: see [[givers]]
    if request.verb in VERBS and not (may(request.role, request.verb) or gives):
        return Answer(_not_for_you(asked).card)
    try:
        return await VERBS.get(request.verb, help_.answer)(asked)
    except Refusal as refusal:
        return Answer(refusal.card)


def erased(request: Request, book: RuleBook, records: Records) -> Answer:
    """What somebody is told who was erased and asks about their privacy."""
    return privacy.erased(_asked(request, book, records, None))


async def suggest(
    request: Request,
    argument: str,
    typed: str,
    book: RuleBook,
    records: Records,
    people: People | None = None,
) -> list[Suggestion]:
    """At most 25 lines for the autocomplete field `argument` of the request's command."""
    return await suggestions.suggest(_asked(request, book, records, people), argument, typed)


async def home(account: Account, book: RuleBook, records: Records, at: int, people: People | None = None) -> Card:
    """The badge case: earned and under way."""
    request = Request("home", account.partition("/")[0], account, "achievements", at)
    return await achievements.own(_asked(request, book, records, people), achievements.MANY)


def _not_for_you(asked: Asked) -> Refusal:
    t = asked.t
    match NEEDED.get(asked.request.verb, "admin"):
        case "creator":
            text = t.gettext("Only those who run challenges can do that. To become one, ask a moderator.")
        case "moderator":
            text = t.gettext("Only moderators can do that. If something is wrong, tell one of them.")
        case "manager":
            text = t.gettext("Only managers can do that. A moderator can ask one for you.")
        case _:
            text = t.gettext("Only admins can do that.")
    return asked.refuse(text)


def _asked(request: Request, book: RuleBook, records: Records, people: People | None) -> Asked:
    c = book.community
    calendar = Calendar(c.timezone, c.day_starts, c.week_starts)
    # English is the only language so far; the reader's own comes with its translations.
    language = Language("en", zone(c.timezone))
    return Asked(request, book, records, calendar, language, people or People())
