"""What people read about linking: cards and mails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.cards import Button, Card, Line, Link, Section, Text, line, note
from core.claim_codes import grouped
from core.events import Account
from core.language import ENGLISH, Language, fill
from core.likeness import Stranger
from core.link_codes import TRAILER, Joined, Outcome, Parted, called, key_of, place

LONGEST_LABEL = 40
MOST_SHOWN = 5
Names = Mapping[Account, str]


def overview(accounts: Sequence[Account], names: Names, code: str, t: Language = ENGLISH) -> Card:
    """Which accounts are one person, and the code for the next one."""
    here = [line(called(a, names.get(a))) for a in accounts]
    lines = (
        fill(t.gettext("Your code: {code}. It is good for 15 minutes, once."), code=Text(grouped(code), bold=True)),
        line(t.gettext("In your other chat, write /plaudit link and the code. Give it to nobody else.")),
    )
    alone = t.gettext("This account is linked with no other.")
    sections = (
        Section(tuple(here) if len(here) > 1 else (line(alone),), t.gettext("You are")),
        Section(lines, t.gettext("Link another chat")),
    )
    buttons = [Button("link-email", t.gettext("By e-mail…")), Button("link-forge", t.gettext("GitHub or GitLab"))]
    buttons += [Button("unlink", t.gettext("Part an account…"))] if len(here) > 1 else []
    return Card(sections, line(t.gettext("Your accounts")), buttons=tuple(buttons))


def question(other: str, own: str, token: str, t: Language = ENGLISH) -> Card:
    """Both sides, before they become one person."""
    head = fill(
        t.gettext("This code is of {other}. Link it with {own}?"),
        other=Text(other, bold=True),
        own=Text(own, bold=True),
    )
    more = t.gettext("Both are one person then: what either did counts together. Say yes only if both are you.")
    return Card((Section((head, line(more))),), buttons=_yes_or_no(token, t))


def posted(account: Account, name: str, token: str, t: Language = ENGLISH, *, signed_in: bool = False) -> Card:
    """Somebody put the code there, or signed in by its link: is it the one who asked for it?"""
    text = t.gettext("Your code was posted by {who}. Is that you?")
    if signed_in:
        text = t.gettext("Your link was used by {who}. Is that you?")
    head = fill(text, who=Text(called(account, name), bold=True))
    more = t.gettext(
        "If it is: what this account did counts for you from then on. If not, say no and ask for a new code."
    )
    return Card((Section((head, line(more))),), buttons=_yes_or_no(token, t))


def _yes_or_no(token: str, t: Language) -> tuple[Button, ...]:
    return Button("link-yes", t.gettext("Link us"), token, "primary"), Button("link-no", t.gettext("No"), token)


def instructions(code: str, t: Language = ENGLISH, *, sign_in: str | None = None, gists: bool = False) -> Card:
    """What to post on a forge. `sign_in`: where to sign in at GitHub instead; `gists`: a gist may hold the code too."""
    lines = (
        line(t.gettext("Write this, on a line of its own, as an issue or a comment on one in a connected repository:")),
        line(Text(f"{TRAILER}: {grouped(code)}", bold=True)),
        line(
            t.gettext("Then I ask you here; if you see nothing, write /plaudit link. The code is good for 15 minutes.")
        ),
    )
    sections = (Section(lines), *(Section((way,)) for way in _other_ways(sign_in, gists, t)))
    buttons = (Button("link-gist", t.gettext("It is in a gist…")),) if gists else ()
    return Card(sections, line(t.gettext("Link GitHub or GitLab")), buttons=buttons)


def _other_ways(sign_in: str | None, gists: bool, t: Language) -> Iterator[Line]:
    if gists:
        yield line(t.gettext("On GitHub it may stand in a gist of yours too: press the button then."))
    if sign_in is not None:
        text = t.gettext("Or {sign_in}: nothing has to be posted. This link is yours alone, give it to nobody.")
        yield fill(text, sign_in=Link(sign_in, t.gettext("sign in at GitHub")))


def joined(j: Joined, t: Language = ENGLISH) -> Card:
    """What changed, as "You are one person here now: 3 badges, 2 of them from Discord."."""
    badges = t.counted("{n} badge", "{n} badges", j.badges)
    text = t.gettext("You are one person here now: {badges}.")
    if j.brought:
        text = t.gettext("You are one person here now: {badges}, {n} of them from {place}.")
    fresh = t.counted(" {n} is new, earned by both together.", " {n} are new, earned by both together.", j.fresh)
    said = text.format(badges=badges, n=j.brought, place=place(j.other)) + (fresh if j.fresh else "")
    buttons = (Button("achievements", t.gettext("My achievements")), Button("unlink", t.gettext("Part an account…")))
    return note(said, buttons=buttons)


def told(j: Joined, t: Language = ENGLISH) -> Card:
    """The same for the one whose code it was."""
    badges = t.counted("{n} badge", "{n} badges", j.badges)
    text = t.gettext(
        "Your code was used: your accounts are one person now, with {badges}. If that was not you, part them."
    )
    return note(text.format(badges=badges), buttons=(Button("unlink", t.gettext("Part an account…")),))


def refused(outcome: Outcome, other: str, t: Language = ENGLISH) -> Card:
    """Why nothing was linked."""
    match outcome:
        case "own":
            text = t.gettext("This is your own code. Write it in your other chat, not here.")
        case "already":
            text = t.gettext("You are one person with {other} already.")
        case "same place":
            text = t.gettext(
                "You and {other} both have an account in the same place. A moderator can have them linked."
            )
        case "taken":
            text = t.gettext("{other} belongs to somebody here already. Ask a moderator.")
        case "locked":
            text = t.gettext("Too many codes that were not right. Try again in ten minutes.")
        case _:
            text = t.gettext("This code does not work. Look at each character again, or ask for a new one.")
    return note(text.format(other=other), tone="error", buttons=(Button("link", t.gettext("New code")),))


def choice(accounts: Sequence[Account], names: Names, t: Language = ENGLISH) -> Card:
    """Which account is to leave."""
    text = t.gettext("Which account is to be a person of its own again? The others stay together.")
    buttons = tuple(Button("unlink", called(a, names.get(a))[:LONGEST_LABEL], key_of(a)) for a in accounts)
    return note(text, buttons=buttons)


def parting(account: Account, name: str, t: Language = ENGLISH) -> Card:
    text = t.gettext("{account} leaves, with what it did. Each has what it earned by itself, as before the link.")
    buttons = (
        Button("unlink-yes", t.gettext("Part them"), key_of(account), "danger"),
        Button("link", t.gettext("Keep them")),
    )
    return Card((Section((fill(text, account=Text(called(account, name), bold=True)),)),), buttons=buttons)


def parted(account: Account, name: str, p: Parted, t: Language = ENGLISH) -> Card:
    text = t.gettext("Done. {account} is a person of its own: {left}. The others: {stayed}.")
    one, many = "{n} badge", "{n} badges"
    left, stayed = t.counted(one, many, p.leaves), t.counted(one, many, p.stays)
    return note(text.format(account=called(account, name), left=left, stayed=stayed))


def mail(code: str, t: Language = ENGLISH) -> tuple[str, str]:
    """Subject and text."""
    text = t.gettext(
        "Somebody in a chat where Plaudit is asked to link this address with their account.\n\n"
        "If it was you, write this in that chat within 15 minutes:\n\n"
        "    /plaudit link {code}\n\n"
        "If it was not you, do nothing, and give the code to nobody: whoever has it gets what you did.\n"
    )
    return t.gettext("Your code for Plaudit"), text.format(code=grouped(code))


def unknown(found: Sequence[Stranger], more: int, t: Language = ENGLISH) -> Card:
    """People whom no chat knows, for moderators."""
    lines = [row for s in found for row in _stranger(s, t)]
    if more > 0:
        lines.append(
            line(t.counted("and {n} more: plaudit people unmatched", "and {n} more: plaudit people unmatched", more))
        )
    buttons = [b for s in found for b in _decisions(s, t)]
    return Card(
        (Section(tuple(lines)),), line(t.gettext("Known from elsewhere, not from the chat")), buttons=tuple(buttons)
    )


def _stranger(s: Stranger, t: Language) -> list[Line]:
    facts = t.counted("{n} fact", "{n} facts", s.facts)
    badges = t.gettext(", would bring {badges}").format(badges=t.listed(s.badges)) if s.badges else ""
    who = (Text(called(s.account, s.name), bold=True), Text(f": {facts}{badges}."))
    if s.guess is None:
        return [who]
    text = t.gettext("Perhaps {name} on {place}: {reason} ({percent} of 100).")
    g = s.guess
    return [who, line(text.format(name=g.name, place=place(g.candidate), reason=g.reason, percent=g.percent))]


def _decisions(s: Stranger, t: Language) -> list[Button]:
    if s.guess is None:
        return []
    pair = f"{key_of(s.account)}.{key_of(s.guess.candidate)}"
    yes, no = t.gettext("{who} is {name}"), t.gettext("{who} is not {name}")
    named = {"who": s.name[:15], "name": s.guess.name[:15]}
    return [
        Button("people-match", yes.format(**named), pair, "primary"),
        Button("people-reject", no.format(**named), pair),
    ]
