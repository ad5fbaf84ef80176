"""One question with everything that is needed to answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.calendar import Calendar
from core.cards import Button, Card, Mention, note
from core.challenge_boards import Challenges
from core.claims import Claims
from core.duties import Duties
from core.errors import PlauditError
from core.events import Account
from core.fairness import Findings
from core.giving import Gifts
from core.language import Language
from core.languages import ours
from core.link_codes import Links
from core.members import Member, People
from core.memberships import Teams
from core.records import PersonRow, Records
from core.requests import Answer, Request
from core.rewards import Rewards
from core.rules.book import RuleBook
from core.setups import Setups


class Refusal(PlauditError):
    """A question that cannot be answered as it was asked: the card says why, and what to do instead."""

    def __init__(self, card: Card) -> None:
        super().__init__("refused")
        self.card = card


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, and what it is answered from."""

    request: Request
    book: RuleBook
    records: Records
    calendar: Calendar
    t: Language
    people: People = field(default_factory=People)
    claims: Claims | None = None
    links: Links | None = None
    gifts: Gifts | None = None
    findings: Findings | None = None
    rewards: Rewards | None = None
    challenges: Challenges | None = None
    setups: Setups | None = None
    teams: Teams | None = None
    duties: Duties | None = None

    @property
    def aloud(self) -> Language:
        """The community's language, for what others read too; `t` is that of the person who asks."""
        return ours(self.book)

    @property
    def member(self) -> Member:
        return self.people.member(self.request.account)

    def is_own(self, account: Account) -> bool:
        """Whether this is somebody's account who asks, as links are now."""
        return self.people.member(account) == self.member

    @property
    def arguments(self) -> Mapping[str, str]:
        return self.request.arguments

    @property
    def pressed(self) -> str | None:
        """The raw argument of the button, None for a command."""
        return self.request.arguments.get("argument")

    def argument(self, name: str) -> str:
        """What was typed, without blanks around it; "" where nothing was."""
        return self.request.arguments.get(name, "").strip()

    def named(self) -> Account:
        """The account of the person that was named, "" where nobody was. Raises Refusal for a name nobody has here."""
        account = self.argument("member")
        if account and not self._is_here(account):  # a typed @name that the platform could not resolve
            text = self.t.gettext("I know nobody here called “{typed}”. Pick the person from the list as you type.")
            raise self.refuse(text.format(typed=short(account)))
        return account

    def _is_here(self, account: Account) -> bool:
        """Whether it is an account, and of this community: what is said of another one would be stored there."""
        source, slash, _ = account.partition("/")
        ours = self.book.community.sources
        return bool(slash) and not source.startswith("@") and (ours is None or source in ours)

    async def person(self, account: Account) -> PersonRow:
        """Who it is; somebody unknown is called by the platform's id."""
        known = await self.records.people((account,))
        return known.get(account) or unknown(account)

    def answer(self, card: Card) -> Answer:
        """Only for the person who asked; in place of the card whose button brought us here."""
        return Answer(card, private=True, replace=bool(self.pressed))

    def refuse(self, text: str, *buttons: Button) -> Refusal:
        return Refusal(note(text, tone="error", buttons=buttons))


def unknown(account: Account) -> PersonRow:
    return PersonRow(account, account.partition("/")[2] or account)


def mention(person: PersonRow) -> Mention:
    """The person's name, without pinging them."""
    return Mention(person.account, person.name)


def short(words: str) -> str:
    """What somebody typed, fit to be said back to them."""
    return words if len(words) <= 60 else f"{words[:59]}…"
