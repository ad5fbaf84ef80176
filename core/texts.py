"""Facts of a message's text. The text itself is never kept: an edge calls this and forgets what it read.

Both platforms write mark-up into their texts (Slack: `<@U1>`, `<https://…|label>`, `&amp;`, `:tada:`;
Discord: `<@1>`, `[label](https://…)`, `<:name:1>`). One function reads both, so that the same words give the
same facts everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from core.events import Account, Value

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
_SLACK_LINK = re.compile(r"<(?:https?|mailto|tel|ftp):[^<>|\s]*(?:\|([^<>]*))?>", re.IGNORECASE)
_NAMED_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\(<?https?://[^()\s]*\)", re.IGNORECASE)
_BARE_LINK = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
_EMOJI = re.compile(r"<a?:\w{1,100}:\d{1,25}>|:(?:[+-]1|[a-z0-9_'+-]*[a-z][a-z0-9_'+-]{0,99}):(?::skin-tone-[2-6]:)?")
_NAMED = re.compile(r"<(?:[@#!/]|t:)[^<>\n]{1,3000}>")
_LINE_MARK = re.compile(r"^[ \t]*(?:(?:>|&gt;){1,3}|#{1,3}(?=\s)|[-*•](?=\s))[ \t]*", re.MULTILINE)
_STRESS = re.compile(r"(?<![^\W_])[*_~|]{1,3}(?=\S)|(?<=\S)[*_~|]{1,3}(?![^\W_])")
_QUESTION = frozenset("?？؟⁇⁈⁉❓❔")
_JOINERS = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")
ISOLATES = ("\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}")
"""Around what keeps its own direction inside a text that runs the other way."""
_PICTURE = "\N{WHITE LARGE SQUARE}"  # stands for one emoji while counting: a character, but no word


def whole(text: str) -> str:
    """The text without halves of surrogate pairs, which platforms let through and nothing can store."""
    return text.encode("utf-8", "replace").decode()


def facts_of(text: str, mentions: Sequence[Account] = ()) -> dict[str, Value]:
    """What rules may ask about a text: `length`, `words`, `has_link`, `has_code`, `has_question` and, where
    somebody is named, `mentions` (each account once, in their order).

    `length` counts the characters a reader sees, runs of blanks as one: mark-up, names of people and channels
    and invisible characters count nothing, an emoji counts one, a link its label or else its address. `words`
    counts what is separated by blanks and has a letter or a digit, addresses apart. A question mark counts
    outside links and code.
    """
    code, prose = _split_code(text)
    bare = _NAMED_LINK.sub(" ", _SLACK_LINK.sub(" ", prose))
    linked = bare != prose or _BARE_LINK.search(bare) is not None
    seen = _visible(f"{prose} {code}")
    facts: dict[str, Value] = {
        "length": len(seen),
        "words": _count_words(_BARE_LINK.sub(" ", seen)),
        "has_link": linked,
        "has_code": bool(code.strip()),
        "has_question": not _QUESTION.isdisjoint(_BARE_LINK.sub(" ", bare)),
    }
    return facts | ({"mentions": tuple(dict.fromkeys(mentions))} if mentions else {})


def _split_code(text: str) -> tuple[str, str]:
    """The code in the text without its back-ticks, and everything else."""
    blocks: list[str] = []

    def take(found: re.Match[str]) -> str:
        blocks.append(found.group().strip("`"))
        return " "

    prose = _CODE.sub(take, text)
    return " ".join(blocks), prose


def _visible(text: str) -> str:
    """What a reader sees, blanks collapsed, each emoji as one character."""
    text = _SLACK_LINK.sub(lambda m: m.group(1) or m.group()[1:-1], text)
    text = _NAMED_LINK.sub(lambda m: m.group(1), text)
    text = _NAMED.sub("", _EMOJI.sub(_PICTURE, text))
    text = _STRESS.sub("", _LINE_MARK.sub("", text))
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return " ".join("".join(c for c in text if not _invisible(c)).split())


def clean(text: str) -> str:
    """A name or text from somewhere as one line that cannot disturb what stands around it: no line breaks, no
    control, direction or zero-width characters. Joiners stay between characters that may need them (emoji,
    scripts that join letters), and isolates in pairs, which turn nothing around them."""
    kept = [c for i, c in enumerate(text) if c.isspace() or c in ISOLATES or not _disturbs(text, i)]
    return paired(" ".join("".join(kept).split()))


def paired(text: str) -> str:
    """Without the isolates that nothing closes, and the ends of none."""
    if ISOLATES[0] not in text and ISOLATES[1] not in text:
        return text
    opened: list[int] = []
    kept = list(text)
    for i, c in enumerate(text):
        if c == ISOLATES[0]:
            opened.append(i)
        elif c == ISOLATES[1] and opened:
            opened.pop()
        elif c == ISOLATES[1]:
            kept[i] = ""
    for i in opened:
        kept[i] = ""
    return "".join(kept)


def _disturbs(text: str, at: int) -> bool:
    character = text[at]
    if character in _JOINERS:
        around = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
        return len(around) < 2 or any(c.isascii() or c in _JOINERS for c in around)
    return unicodedata.category(character) in ("Cf", "Cc", "Cs", "Co", "Cn")


def _invisible(character: str) -> bool:
    """Without a width of its own: formats, controls but blanks, selectors, joined accents, skin tones."""
    if character.isascii():
        return not character.isprintable() and not character.isspace()
    return unicodedata.category(character) in ("Cf", "Cc", "Cs", "Mn", "Me") or "🏻" <= character <= "🏿"


def _count_words(text: str) -> int:
    return sum(any(c.isalnum() for c in token) for token in text.split())
