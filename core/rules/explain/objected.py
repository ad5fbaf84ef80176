"""Why something does not count, in a few words: for languages other than English, where each kind has one text."""

from __future__ import annotations

from core.language import Language
from core.rules.explain.words import fact


def objection(kind: str, t: Language) -> str:
    """`kind`: as in `core.diagnosis`, its first word says what it is."""
    word, _, rest = kind.partition(" ")
    if word == "where":
        name = rest.partition(" ")[0]
        return t.gettext("did not fit ({fact})").format(fact=fact(name, t))
    return _known(t).get(word, t.gettext("does not count here"))


def _known(t: Language) -> dict[str, str]:
    return {
        "withdrawn": t.gettext("was withdrawn"),
        "cancelled": t.gettext("was cancelled by something else"),
        "self": t.gettext("one's own"),
        "bot": t.gettext("came from a bot"),
        "cap": t.gettext("over the limit"),
        "repeat": t.gettext("counted already for the same"),
        "late": t.gettext("came too late"),
        "ignored": t.gettext("in a channel where nothing counts"),
        "private": t.gettext("in a private channel, where nothing counts"),
        "short": t.gettext("too few so far"),
        "opted": t.gettext("in a time of opting out"),
        "dates": t.gettext("outside the days that count"),
        "only_in": t.gettext("where this badge cannot be earned"),
        "value": t.gettext("says too little to count"),
        "absence": t.gettext("not after a long silence"),
        "reset": t.gettext("before the rule began anew"),
        "frame": t.gettext("in another time"),
        "thing": t.gettext("on another thing"),
        "rest": t.gettext("on a day that is left out"),
        "few": t.gettext("in a time with too few"),
        "order": t.gettext("before its turn"),
        "others": t.gettext("counts for somebody else"),
    }
