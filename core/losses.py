"""Why something was taken back, where nobody wrote a reason: stored in English, told in the language of the reader."""

from __future__ import annotations

from core.language import Language


def because(reason: str, t: Language) -> str:
    """A reason as its reader knows it; what a person wrote stays as it is."""
    return _known(t).get(reason, reason)


def _known(t: Language) -> dict[str, str]:
    """By what is stored."""
    return {
        "given by somebody who was banned": t.gettext("given by somebody who was banned"),
        "something it rested on was withdrawn": t.gettext("something it rested on was withdrawn"),
        "it is held by the member that this account is linked with": t.gettext(
            "it is held by the member that this account is linked with"
        ),
        "accounts were linked or parted, and it rested on that": t.gettext(
            "accounts were linked or parted, and it rested on that"
        ),
        "something it rested on does not count any more": t.gettext("something it rested on does not count any more"),
        "moderators did not count it": t.gettext("moderators did not count it"),
        "the rule changed, and this no longer meets it": t.gettext("the rule changed, and this no longer meets it"),
        "handed back": t.gettext("handed back"),
    }
