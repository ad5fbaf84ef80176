"""What an edge says to one person by itself: when something went wrong, and where a thing is to be found."""

from __future__ import annotations

from core.cards import Card, note
from core.language import Language


def sorry(t: Language) -> Card:
    return note(t.gettext("I could not look that up just now. Please try again in a minute."), tone="error")


def unsure(t: Language) -> Card:
    """The platform does not say what the person may do."""
    return note(t.gettext("I could not check your rights just now. Please try again in a minute."), tone="error")


def not_said(t: Language, platform: str) -> Card:
    """What counts, but could not be said in the channel."""
    if platform == "slack":
        text = t.gettext("It counts, but I may not write in this channel: /invite me, and I can say it here.")
    else:
        text = t.gettext("It counts, but I may not write in this channel. A server admin can let me.")
    return note(text, tone="error")


def not_stored(t: Language) -> Card:
    return note(t.gettext("I could not write that down just now. Please try again in a minute."), tone="error")


def failed(t: Language) -> Card:
    text = t.gettext("Something went wrong on my side; it is written down. Please try again in a minute.")
    return note(text, tone="error")


def said_below(t: Language) -> str:
    return t.gettext("Said below, for everyone.")


def handed(t: Language) -> Card:
    """A file, on Slack."""
    return note(t.gettext("Your file is in our direct messages: open Plaudit under Apps."))


def not_handed(t: Language) -> Card:
    text = t.gettext(
        "I could not hand you the file. An operator can make it with plaudit export, or give me the scopes files:write "
        "and im:write."
    )
    return note(text, tone="error")


def busy(t: Language) -> Card:
    """Somebody else was faster, several times."""
    return note(t.gettext("Somebody else is changing the same thing. Please try again in a moment."), tone="error")


def under_way(t: Language) -> Card:
    """An erasure that takes longer than a person waits."""
    return note(t.gettext("You are being erased. It takes a moment longer; there is nothing more to do for you."))


def of_nobody(t: Language) -> Card:
    """Where no community is served."""
    text = t.gettext(
        "This server is not part of a community that I look after. An operator can add it to the rule book."
    )
    return note(text)
