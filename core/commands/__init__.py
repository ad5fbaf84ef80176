"""What people may ask. Each verb has one module whose `answer` turns a question into a card and statements."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from core.cards import Card
from core.challenge_boards import Challenges
from core.claims import Claims
from core.commands import (
    achievements,
    audit,
    ban,
    challenge,
    challenge_ending,
    challenge_making,
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
    handback,
    helpful,
    kudos,
    leaderboard,
    link,
    nominate,
    pause,
    pauses,
    payouts,
    privacy,
    revoke,
    rewards,
    second,
    settings,
    setup,
    suggestions,
    team,
    unlink,
    validate,
    why,
    why_not,
)
from core.commands import duties as duties_
from core.commands import help as help_
from core.commands import home as home_
from core.commands import people as people_
from core.commands.asked import Asked, Refusal
from core.duties import Duties
from core.events import Account
from core.fairness import Findings
from core.givers import entries_of
from core.giving import Gifts
from core.languages import theirs
from core.link_codes import Links
from core.members import People
from core.memberships import Teams
from core.records import Records
from core.requests import Answer, Request, Suggestion
from core.rewards import Rewards
from core.rights import NEEDED, may
from core.rules.book import RuleBook
from core.setups import SPEAKING, Setups, is_waiting

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
        "challenge": challenge.answer,
        "challenge-join": challenge.join,
        "challenge-leave": challenge.leave,
        "challenge-archive": challenge.archive,
        "challenge-again": challenge.again,
        "challenge-new": challenge_making.new,
        "challenge-fill": challenge_making.refill,
        "challenge-filled": challenge_making.filled,
        "challenge-more": challenge_making.more,
        "challenge-rounded": challenge_making.rounded,
        "challenge-draft": challenge_making.look,
        "challenge-start": challenge_making.start,
        "challenge-drop": challenge_making.drop,
        "challenge-end": challenge_ending.answer,
        "challenge-ended": challenge_ending.send,
        "confirm": confirm.answer,
        "decline": decline.answer,
        "pause": pause.answer,
        "freeze": freeze.answer,
        "pause-undo": pauses.take_back,
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
        "link-gist": link.gist,
        "link-gist-read": link.read_gist,
        "unlink": unlink.answer,
        "unlink-yes": unlink.confirm,
        "people": people_.answer,
        "people-match": people_.match,
        "people-reject": people_.reject,
        "fairness": fairness.answer,
        "fairness-fine": fairness.fine,
        "fairness-look": fairness.look,
        "fairness-drop": fairness.drop,
        "fairness-dropped": fairness.dropped,
        "rewards": rewards.answer,
        "rewards-redeem": rewards.redeem,
        "rewards-yes": rewards.confirmed,
        "rewards-waiting": payouts.waiting,
        "rewards-approve": payouts.approve,
        "rewards-decline": payouts.decline,
        "rewards-declined": payouts.declined,
        "rewards-handed": payouts.handed,
        "rewards-refund": payouts.refund,
        "rewards-refunded": payouts.refunded,
        "duties": duties_.answer,
        "handback": handback.answer,
        "handback-yes": handback.confirm,
        "team": team.answer,
        "team-list": team.roll,
        "team-join": team.join,
        "team-leave": team.leave,
        "setup": setup.answer,
        "setup-fill": setup.fill,
        "setup-filled": setup.filled,
        "setup-more": setup.more,
        "setup-timed": setup.timed,
        "setup-look": setup.look,
        "setup-start": setup.start,
        "setup-drop": setup.drop,
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
    rewards: Rewards | None = None,
    challenges: Challenges | None = None,
    setups: Setups | None = None,
    duties: Duties | None = None,
    teams: Teams | None = None,
) -> Answer:
    """The answer to a question, always only for the person who asked. A verb nobody knows gets the help.

    Its statements are not stored yet. `request.at` is now (UTC microseconds).
    """
    asked = replace(
        _asked(request, book, records, people),
        claims=claims,
        gifts=gifts,
        links=links,
        findings=findings,
        rewards=rewards,
        challenges=challenges,
        setups=setups,
        duties=duties,
        teams=teams,
    )
    gives = request.verb == "grant" and bool(entries_of(book, request))  # the one exception: see [[givers]]
    if request.verb in VERBS and not (may(request.role, request.verb) or gives):
        return Answer(_not_for_you(asked).card)
    if request.verb in SPEAKING and is_waiting(book):
        return Answer(setup.not_yet(asked))
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
    """The badge case: earned and under way, what badges rest on, the settings that hold."""
    request = Request("home", account.partition("/")[0], account, "achievements", at)
    return await home_.card(_asked(request, book, records, people))


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
    known = people or People()
    language = theirs(book, known.languages, known.member(request.account))
    return Asked(request, book, records, book.community.calendar, language, known)
