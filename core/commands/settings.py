"""`/plaudit settings`: announcements, boards, opting out, time zone. A change says the full new state."""

from __future__ import annotations

from dataclasses import replace

from core.announcements import QUIETER
from core.cards import Button, Card, Line, Section, Text, line
from core.commands.asked import Asked
from core.commands.language_choice import in_it, language_line
from core.commands.zone_choice import choose, chosen, zone_line
from core.events import Statement
from core.languages import LANGUAGES
from core.records import NO_CHOICE, ChoiceRow
from core.requests import Answer

ANNOUNCE = ("channel", "private", "dm", "digest", "none", "default")
BOARDS = ("shown", "anonymous", "hidden")
TRACKING = ("on", "off")
DIGEST = ("private", "off")
NEWSLETTER = ("named", "off")
CHOICES: dict[str, tuple[str, ...]] = {
    "announce": ANNOUNCE,
    "boards": BOARDS,
    "tracking": TRACKING,
    "digest": DIGEST,
    "newsletter": NEWSLETTER,
    "language": (*LANGUAGES, "default"),
}
ZONE = "timezone"


async def answer(asked: Asked) -> Answer:
    now = await _choice(asked)
    wish = asked.pressed or asked.argument("choice") or _named(asked)
    if not wish or wish == QUIETER:
        return asked.answer(_card(asked, now))
    wanted, zone = _changed(asked, now, wish)
    said = [changed(asked, wanted)] if wanted != now else []
    said += [chosen(asked, zone)] if zone is not None else []
    card = _card(in_it(asked, wanted), wanted, zone, changed=bool(said))
    return replace(asked.answer(card), statements=tuple(said))


async def _choice(asked: Asked) -> ChoiceRow:
    """What holds for the person; where people are asked first, whoever said nothing is not counted."""
    found = await asked.records.choice(asked.member)
    silent = found is NO_CHOICE and asked.book.community.opt_in
    tracked = found.tracked and not silent
    return replace(found, tracked=tracked, language=asked.people.languages.get(asked.member))


def _named(asked: Asked) -> str:
    """A choice that came as options of the command (`announce: private`), as on Discord."""
    return " ".join(f"{key}={asked.argument(key)}" for key in (*CHOICES, ZONE) if asked.argument(key))


def _changed(asked: Asked, now: ChoiceRow, wish: str) -> tuple[ChoiceRow, str | None]:
    """The choices as they are to be, and the time zone where one was named. Raises Refusal for what is no setting."""
    zone: str | None = None
    for part in wish.replace(":", "=").casefold().split():
        key, is_named, value = part.partition("=")
        if not is_named:  # "private" alone can only mean one thing
            key, value = next((k for k, values in CHOICES.items() if part in values), ""), part
        if key == ZONE:
            zone = choose(asked, value)
            continue
        if value not in CHOICES.get(key, ()):
            raise asked.refuse(_what_can_be_written(asked), Button("settings", asked.t.gettext("My settings")))
        now = _with(now, key, value)
    return now, zone


def _what_can_be_written(asked: Asked) -> str:
    ways = asked.t.listed((*(f"{key}={'|'.join(values)}" for key, values in CHOICES.items()), f"{ZONE}=Europe/Lisbon"))
    return asked.t.gettext("That is no setting. Write one of these: {ways}.").format(ways=ways)


def _with(choice: ChoiceRow, key: str, value: str) -> ChoiceRow:
    match key:
        case "announce":
            return replace(choice, announce=None if value == "default" else value)
        case "boards":
            return replace(choice, hidden=value == "hidden", anonymous=value == "anonymous")
        case "digest":
            return replace(choice, digest=value == "private")
        case "language":
            return replace(choice, language=None if value == "default" else value)
        case "newsletter":
            return replace(choice, named=value == "named")
        case _:
            return replace(choice, tracked=value == "on")


def changed(asked: Asked, choice: ChoiceRow) -> Statement:
    """The person's new state, whole: the latest statement says everything."""
    account = asked.request.account
    return Statement(
        source=account.partition("/")[0],
        id=f"settings:{account}/{asked.request.id}",
        at=asked.request.at,
        type="member.settings_changed",
        actor=account,
        facts={
            "announce": choice.announce or "default",
            "boards": "hidden" if choice.hidden else "anonymous" if choice.anonymous else "shown",
            "tracking": "on" if choice.tracked else "off",
            **({"digest": "private"} if choice.digest else {}),
            **({"newsletter": "named"} if choice.named else {}),
            **({"language": choice.language} if choice.language else {}),
        },
        by=account,
    )


def _card(asked: Asked, choice: ChoiceRow, zone: str | None = None, changed: bool = False) -> Card:
    t = asked.t
    lines = (
        *_main(asked, choice),
        zone_line(asked, zone),
        language_line(asked, choice),
        *_weekly(asked, choice),
    )
    title = t.gettext("Saved. Your settings") if changed else t.gettext("Your settings")
    return Card((Section(lines),), line(title), buttons=_buttons(asked, choice))


async def summary(asked: Asked) -> tuple[Line, ...]:
    """What holds for the person, in few lines."""
    return _main(asked, await _choice(asked))


def _main(asked: Asked, choice: ChoiceRow) -> tuple[Line, ...]:
    t = asked.t
    return (
        _labelled(t.gettext("New badges"), _announced(asked, choice.announce)),
        _labelled(t.gettext("Boards"), _on_boards(asked, choice)),
        _labelled(t.gettext("Counting"), _counted(asked, choice)),
    )


def _labelled(label: str, value: str) -> Line:
    return (Text(label, bold=True), Text(f" · {value}"))


def _announced(asked: Asked, announce: str | None) -> str:
    t = asked.t
    return {
        "channel": t.gettext("said where they were earned"),
        "private": t.gettext("told to you alone"),
        "dm": t.gettext("told to you in a direct message"),
        "digest": t.gettext("listed in the weekly digest"),
        "none": t.gettext("not announced; you find them with /achievements"),
    }.get(announce or "", t.gettext("as each badge says"))


def _on_boards(asked: Asked, choice: ChoiceRow) -> str:
    t = asked.t
    if choice.hidden:
        return t.gettext("you are hidden")
    return t.gettext("you are listed without your name") if choice.anonymous else t.gettext("you are listed")


def _weekly(asked: Asked, choice: ChoiceRow) -> list[Line]:
    """What comes only by request, where it was asked for."""
    t = asked.t
    own = [_labelled(t.gettext("Your own digest"), t.gettext("comes each week as a direct message"))]
    named = [_labelled(t.gettext("Newsletter"), t.gettext("your name may be in it"))]
    return (own if choice.digest else []) + (named if choice.named else [])


def _counted(asked: Asked, choice: ChoiceRow) -> str:
    t = asked.t
    if choice.tracked:
        return t.gettext("what you do counts for badges")
    return t.gettext("off: nothing you do is counted, and nothing is said about you")


def _buttons(asked: Asked, choice: ChoiceRow) -> tuple[Button, ...]:
    """Only what would change something; "as each badge says" and "in the channel" mean the same."""
    t, announce = asked.t, choice.announce or "channel"
    announcing = {
        "channel": t.gettext("Announce badges"),
        "private": t.gettext("Tell only me"),
        "dm": t.gettext("Send me a message"),
        "digest": t.gettext("Only in the digest"),
        "none": t.gettext("Announce nothing"),
    }
    buttons = [Button("settings", text, f"announce={to}") for to, text in announcing.items() if to != announce]
    if choice.hidden or choice.anonymous:
        buttons.append(Button("settings", t.gettext("Show me on boards"), "boards=shown"))
    if not choice.anonymous:
        buttons.append(Button("settings", t.gettext("Boards without my name"), "boards=anonymous"))
    if not choice.hidden:
        buttons.append(Button("settings", t.gettext("Hide me on boards"), "boards=hidden"))
    wish, text = ("off", t.gettext("No digest of my own")) if choice.digest else ("private", t.gettext("My own digest"))
    buttons.append(Button("settings", text, f"digest={wish}"))
    wish, text = ("off", t.gettext("Not in newsletters")) if choice.named else ("named", t.gettext("In newsletters"))
    buttons.append(Button("settings", text, f"newsletter={wish}"))
    if choice.tracked:
        buttons.append(Button("settings", t.gettext("Opt out of everything"), "tracking=off", "danger"))
    else:
        buttons.append(Button("settings", t.gettext("Count me in again"), "tracking=on", "primary"))
    return tuple(buttons)
