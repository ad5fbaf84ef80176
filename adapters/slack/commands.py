"""What people can type: the registry of commands, and what a typed line asks. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.slack.typed import plain, unescape
from core.challenge_choices import asks
from core.commands.settings import CHOICES, ZONE
from core.events import Account
from core.rights import may


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; without `verb` the first word says what is asked."""

    name: str
    verb: str | None
    description: str
    hint: str


COMMANDS = (
    Command("/achievements", "achievements", "What you have earned and what comes next", "[@member]"),
    Command("/leaderboard", "leaderboard", "Who has done a lot for this community", "[board] [week|month|all|last …]"),
    Command("/kudos", "kudos", "Thank somebody, in front of everybody here", "@member for …"),
    Command("/rewards", "rewards", "What you can have for your points", "[history]"),
    Command("/team", "team", "Your team, which there are, and joining one", "[join TEAM|leave|list|@member]"),
    Command("/challenge", "challenge", "Challenges: join, see where they stand, make one", "[NAME|new|archive]"),
    Command("/claim", "claim", "Say what you did elsewhere, or use a code", "[code]"),
    Command(
        "/plaudit",
        None,
        "Why a badge was given, your settings, and more",
        "[why|why-not|settings|privacy|export|erase|"
        "grant|revoke|validate|confirm|decline|claims|fairness|audit|pause|freeze|ban|unban|"
        "kudos|rewards|mylink|link|unlink|people|duties|handback|setup|help] …",
    ),
)


def asks_a_right(verb: str, arguments: Mapping[str, str]) -> bool:
    """Whether it is not for everybody."""
    return not may("member", verb) or (verb in _ABOUT_OTHERS and "member" in arguments)


@dataclass(frozen=True, slots=True)
class Asked:
    """`arguments` as in `core.requests.Request`; a `member` that was typed as a plain name is `@name` still."""

    verb: str
    arguments: Mapping[str, str] = field(default_factory=dict)


_ABOUT_OTHERS = frozenset({"why-not", "team", "team-join", "team-leave"})
_BY_NAME = {c.name: c for c in COMMANDS}
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_PERSON_LAST = re.compile(r"(?<!\S)(?:<@[^>]+>|@\S+)$")
_PERSON_FIRST = re.compile(r"(?:<@[^>]+>|@\S+)(?!\S)")
# A link that stands alone; one inside other text belongs to the reason.
_LINK = re.compile(r"(?<!\S)(?:<(https?://[^|>\s]+)(?:\|[^>]*)?>|(https?://[^\s<>]+))(?!\S)")
_NOTE = " | "  # what comes before it is for the record, what comes after it for the person
_PRIVATE = frozenset({"link", "unlink"})
_SETTINGS = {*CHOICES, ZONE}


def asked(command: str, text: str, source: str) -> Asked:
    """What a slash command asks. An unknown word after `/plaudit` asks for help, and comes with it."""
    known = _BY_NAME.get(command)
    rest = text.strip()
    if known is not None and known.verb is not None:
        return _read(known.verb, rest, source)
    word, _, rest = rest.partition(" ")
    if word.lower() == "link":
        return _linking(rest.strip())
    return _read(word.lower(), rest.strip(), source)


def _linking(rest: str) -> Asked:
    """`link`, `link CODE`, `link email ADDRESS`, `link github …`."""
    word, _, more = rest.partition(" ")
    if word.lower() == "email":
        address = plain(more.strip()).removeprefix("mailto:")
        return Asked("link-email", _given({"address": address}))
    if word.lower() in ("github", "gitlab"):
        return _forge(more.strip())
    return Asked("link", _given({"code": unescape(rest)}))


def _forge(more: str) -> Asked:
    """`github`, `github gist`, `github gist ADDRESS`."""
    word, _, address = more.partition(" ")
    if word.lower() != "gist":
        return Asked("link-forge")
    if not address.strip():
        return Asked("link-gist")
    return Asked("link-gist-read", {"address": plain(address.strip())})


def mentioned(text: str, me: str, source: str) -> Asked | None:
    """What `@Plaudit …` at the start of a message asks; None where the bot is only talked about."""
    bot, _, rest = text.strip().partition(">")
    if not re.fullmatch(rf"<@{re.escape(me)}(?:\|.*)?", bot):
        return None
    word, _, rest = rest.strip().partition(" ")
    verb = word.lower().strip("/!.?:,")
    if verb and verb not in _READERS:
        return None
    if verb in _PRIVATE:  # everybody here reads along
        rest = ""
    return _read(verb or "help", rest.strip(), source)


def _read(verb: str, rest: str, source: str) -> Asked:
    if verb == "challenge":
        return Asked(*asks(unescape(rest)))
    if verb == "team":
        return Asked(*_team(rest, source))
    read = _READERS.get(verb)
    return Asked(verb, read(rest, source)) if read else Asked("help", _given({"word": unescape(verb)}))


def _achievements(rest: str, source: str) -> dict[str, str]:
    who, _ = _member(rest, source)
    return {"member": who} if who and who != "@me" else {}


def _leaderboard(rest: str, source: str) -> dict[str, str]:
    """A board, a time, or both, in words that the desk knows."""
    return {"period": unescape(rest.lower())} if rest else {}


def _claim(rest: str, source: str) -> dict[str, str]:
    return {"code": unescape(rest)} if rest else {}


def _rewards(rest: str, source: str) -> dict[str, str]:
    return {"choice": unescape(rest)} if rest else {}


def _kudos(rest: str, source: str) -> dict[str, str]:
    """`@member for WORDS`; the "for" may be left out."""
    who, rest = _member(rest, source)
    words = re.sub(r"^for\b[\s:,]*", "", rest, flags=re.IGNORECASE)
    return _given({"member": who, "reason": plain(words)})


def _named_link(rest: str, source: str) -> dict[str, str]:
    return {"name": unescape(rest)} if rest else {}


def _why(rest: str, source: str) -> dict[str, str]:
    name = unescape(rest).strip("\"'“”„ ")
    return {"achievement": name} if name else {}


def _why_not(rest: str, source: str) -> dict[str, str]:
    """`NAME`, `NAME @member` or `@member NAME`."""
    found = _PERSON_LAST.search(rest) or _PERSON_FIRST.match(rest)
    if found is None:
        return _why(rest, source)
    who, _ = _member(found.group(), source)
    name = rest[: found.start()] + rest[found.end() :]
    return {**_why(name.strip(), source), **({"member": who} if who != "@me" else {})}


def _team(rest: str, source: str) -> tuple[str, dict[str, str]]:
    """`join NAME`, `join NAME @member`, `leave`, `leave @member`, `list`, `@member`."""
    word, _, more = rest.partition(" ")
    verb = f"team-{word.lower()}" if word.lower() in ("join", "leave", "list") else "team"
    named = _why_not(rest if verb == "team" else more.strip(), source)
    return verb, {"team" if key == "achievement" else key: value for key, value in named.items()}


def _settings(rest: str, source: str) -> dict[str, str]:
    """`announce private`, `announce=private` and `announce: private` are the same."""
    parts = re.split(r"[\s=:]+", rest.lower().strip())
    if len(parts) == 2 and parts[0] in _SETTINGS:
        return {"choice": f"{parts[0]}={parts[1]}"}
    return {"choice": unescape(rest)} if rest else {}


def _award(rest: str, source: str) -> dict[str, str]:
    return _about_member(rest, source, "achievement")


def _validate(rest: str, source: str) -> dict[str, str]:
    return _about_member(rest, source, "kind")


def _about_member(rest: str, source: str, key: str) -> dict[str, str]:
    """`@member THING reason… | note…`: what is missing is left out, and the desk asks for it."""
    who, rest = _member(rest, source)
    thing, _, said = rest.partition(" ")
    said, _, note = said.strip().partition(_NOTE)
    reason, proof = _proof(said.strip())
    said_of = {"reason": reason, "proof": proof, "note": unescape(note).strip()}
    return _given({"member": who, key: unescape(thing), **said_of})


def _ban(rest: str, source: str) -> dict[str, str]:
    """`@member reason…`."""
    who, reason = _member(rest, source)
    return _given({"member": who, "reason": unescape(reason)})


def _pause(rest: str, source: str) -> dict[str, str]:
    """`@member FROM UNTIL reason…`."""
    who, rest = _member(rest, source)
    first, last, reason = (*rest.split(maxsplit=2), "", "", "")[:3]
    return _given({"member": who, "from": first, "until": last, "reason": unescape(reason)})


def _freeze(rest: str, source: str) -> dict[str, str]:
    """`@member DAY` or `@member DAY NAME`."""
    who, rest = _member(rest, source)
    day, _, name = rest.partition(" ")
    return _given({"member": who, "day": day, **_why(name, source)})


def _given(arguments: dict[str, str]) -> dict[str, str]:
    return {k: v for k, v in arguments.items() if v}


def _member(rest: str, source: str) -> tuple[Account, str]:
    """The person named first, and what follows."""
    found = _MENTION.match(rest)
    if found:
        return f"{source}/{found.group(1)}", rest[found.end() :].strip()
    name, _, after = rest.partition(" ")
    if not name:
        return "", ""
    return f"@{unescape(name.removeprefix('@')).lower()}", after.strip()


def _proof(said: str) -> tuple[str, str]:
    """The reason without its first link, and the link. A reason that is only a link stays a reason too."""
    found = _LINK.search(said)
    if found is None:
        return unescape(said), ""
    proof = unescape(found.group(1) or found.group(2))
    without = " ".join((said[: found.start()] + said[found.end() :]).split())
    return unescape(without) or proof, proof


def _account(rest: str, source: str) -> dict[str, str]:
    return {"account": unescape(rest)} if rest else {}


def _nothing(rest: str, source: str) -> dict[str, str]:
    return {}


_READERS = {
    "achievements": _achievements,
    "leaderboard": _leaderboard,
    "why": _why,
    "why-not": _why_not,
    "settings": _settings,
    "privacy": _nothing,
    "export": _nothing,
    "erase": _nothing,
    "grant": _award,
    "revoke": _award,
    "validate": _validate,
    "confirm": _award,
    "decline": _award,
    "ban": _ban,
    "unban": _ban,
    "pause": _pause,
    "freeze": _freeze,
    "kudos": _kudos,
    "challenge": _nothing,
    "claim": _claim,
    "rewards": _rewards,
    "team": _nothing,
    "mylink": _named_link,
    "link": _nothing,
    "unlink": _account,
    "people": _nothing,
    "setup": _nothing,
    "duties": _nothing,
    "handback": _why,
    "claims": _nothing,
    "fairness": _nothing,
    "audit": _achievements,
    "help": _nothing,
}
