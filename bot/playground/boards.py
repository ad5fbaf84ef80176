"""Who holds what in the demo, read from the bot's own database: with a checksum that says whether anything changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from adapters.discord.emoji import character
from adapters.storage.overview import HeldBadge, Overview, overview
from adapters.storage.reading import reading
from bot.playground.community import CAST, Community
from core.events import Account
from core.rules.book import RuleBook

Json = dict[str, Any]
_SHOWN = 12  # characters of the checksum


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the cast behind an account: what they are called there, and on which platform."""

    key: str
    name: str
    platform: str


def known_accounts(community: Community) -> dict[Account, Known]:
    """Everybody's accounts on both stand-ins."""
    slack = {community.slack_side.account(p.key): Known(p.key, p.name, "slack") for p in CAST}
    return slack | {community.discord_side.account(p.key): Known(p.key, p.nick, "discord") for p in CAST}


def read_overview(url: str, book: RuleBook) -> Overview:
    """Works beside a running bot and beside none. Raises ConfigurationError if the file cannot be read."""
    with reading(url) as histories:
        return overview(histories(book.community.id))


def checksum(found: Overview) -> str:
    """The same for the same awards, with their dates and evidence, and the same scores."""
    said = json.dumps([[asdict(b) for b in found.badges], found.scores], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:_SHOWN]


def board(found: Overview, book: RuleBook, known: Mapping[Account, Known]) -> Json:
    """Everybody who holds something, those with most badges first, then by name."""
    held: dict[Account, list[HeldBadge]] = {}
    for badge in found.badges:
        held.setdefault(badge.member, []).append(badge)
    scores = dict(found.scores)
    rows = [_row(m, held.get(m, []), scores.get(m, 0), book, known) for m in sorted({*held, *scores})]
    rows.sort(key=lambda row: (-len(row["badges"]), row["name"], row["platform"]))
    return {"people": rows, "checksum": checksum(found), "awards": len(found.badges)}


def _row(member: Account, held: list[HeldBadge], score: int, book: RuleBook, known: Mapping[Account, Known]) -> Json:
    who = known.get(member) or Known("", member, member.partition(":")[0])
    badges = [_badge(badge, book) for badge in held]
    return {"member": member, "key": who.key, "name": who.name, "platform": who.platform, "score": score} | {
        "badges": badges
    }


def _badge(held: HeldBadge, book: RuleBook) -> Json:
    rule = book.achievements.get(held.achievement)
    return {
        "id": held.achievement,
        "name": rule.name if rule is not None else held.achievement,
        "sign": (character(rule.emoji) if rule is not None and rule.emoji else None) or "🏅",
        "at": held.earned_at,
        "pending": held.state == "pending",
    }
