"""Slack's mrkdwn as nodes. Pure."""

from __future__ import annotations

import re
from html import unescape

from bot.playground.views import nodes
from bot.playground.views.nodes import Json, Known, Nodes

_TOKEN = re.compile(
    r"<(?P<angle>[^<>\n]+)>"
    r"|```(?P<pre>.+?)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|:(?P<emoji>[a-z0-9_+'-]+):"
    r"|(?<![^\W_])\*(?P<b>(?=\S)[^*\n]+(?<=\S))\*(?![^\W_])"
    r"|(?<!\w)_(?P<i>(?=\S)[^_\n]+(?<=\S))_(?!\w)"
    r"|(?<![^\W_])~(?P<s>(?=\S)[^~\n]+(?<=\S))~(?![^\W_])",
    re.DOTALL,
)


def parse(text: str, known: Known) -> list[Nodes]:
    """The lines of a text."""
    return [_line(line, known) for line in text.split("\n")]


def _line(line: str, known: Known) -> Nodes:
    if line.startswith("&gt;"):
        return [nodes.wrap("quote", _inline(line.removeprefix("&gt;").strip(), known, 0))]
    return _inline(line, known, 0)


def _inline(source: str, known: Known, depth: int) -> Nodes:
    made = nodes.scan(source, _TOKEN, lambda found, deeper: _node(found, known, deeper), depth)
    return [n | {"v": unescape(n["v"])} if n["t"] == "text" else n for n in made]


def _node(found: re.Match[str], known: Known, depth: int) -> Json:
    kind, value = found.lastgroup or "", found[found.lastgroup or 0]
    match kind:
        case "angle":
            return _angle(value, known, depth)
        case "pre" | "code":
            return nodes.code(unescape(value), block=kind == "pre")
        case "emoji":
            return nodes.emoji(value)
        case _:
            return nodes.wrap(kind, _inline(value, known, depth))


def _angle(value: str, known: Known, depth: int) -> Json:
    """`<@U1>`, `<#C1|name>`, `<!date^…|…>`, `<https://…|label>`."""
    what, _, label = value.partition("|")
    match what[:1]:
        case "@":
            return nodes.person(what[1:], known)
        case "#":
            return nodes.channel(what[1:], known)
        case "!":
            return _special(what[1:], unescape(label))
    return nodes.link(unescape(what), _inline(label, known, depth) if label else [nodes.text(unescape(what))])


def _special(what: str, label: str) -> Json:
    kind, _, rest = what.partition("^")
    seconds, _, form = rest.partition("^")
    if kind == "date" and seconds.isdigit():
        return nodes.time(int(seconds), "datetime" if "{time" in form else "date", label)
    return nodes.text(label or f"@{kind}")
