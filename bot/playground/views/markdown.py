"""Discord's Markdown as nodes. Pure."""

from __future__ import annotations

import re

from bot.playground.views import nodes
from bot.playground.views.nodes import Json, Known, Nodes

_TOKEN = re.compile(
    r"\\(?P<escaped>[^\w\s])"
    r"|```(?P<pre>.+?)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<b>(?:\\.|(?!\*\*).)+)\*\*"
    r"|~~(?P<s>(?:\\.|(?!~~).)+)~~"
    r"|\*(?P<i>(?=\S)(?:\\.|[^*\\])+)\*"
    r"|(?<!\w)_(?P<i2>(?=\S)(?:\\.|[^_\\])+)_(?!\w)"
    r"|\[(?P<label>(?:\\.|[^\]\\])+)\]\((?P<href>[^\s()]+)\)"
    r"|<@&(?P<role>\d+)>|<@!?(?P<person>\d+)>|<#(?P<channel>\d+)>"
    r"|<t:(?P<time>\d+)(?::(?P<style>[A-Za-z]))?>"
    r"|<a?:(?P<emoji>\w+):\d+>"
    r"|(?P<url>https?://[^\s<>]+)"
)
_STARTS = {"-# ": "small", "> ": "quote", "# ": "heading", "## ": "heading", "### ": "heading"}
_FULL = frozenset("fF")


def parse(text: str, known: Known) -> list[Nodes]:
    """The lines of a text."""
    return [_line(line, known) for line in text.replace("\u200b", "").split("\n")]


def _line(line: str, known: Known) -> Nodes:
    for start, kind in _STARTS.items():
        if line.startswith(start):
            return [nodes.wrap(kind, _inline(line.removeprefix(start), known, 0))]
    return _inline(line, known, 0)


def _inline(source: str, known: Known, depth: int) -> Nodes:
    return nodes.scan(source, _TOKEN, lambda found, deeper: _node(found, known, deeper), depth)


def _node(found: re.Match[str], known: Known, depth: int) -> Json:
    given = {name: value for name, value in found.groupdict().items() if value is not None}
    match given:
        case {"escaped": value}:
            return nodes.text(value)
        case {"pre": value}:
            return nodes.code(value, block=True)
        case {"code": value}:
            return nodes.code(value)
        case {"b": value}:
            return nodes.wrap("b", _inline(value, known, depth))
        case {"s": value}:
            return nodes.wrap("s", _inline(value, known, depth))
        case {"i": value} | {"i2": value}:
            return nodes.wrap("i", _inline(value, known, depth))
        case {"label": label, "href": href}:
            return nodes.link(href, _inline(label, known, depth))
        case {"url": url}:
            return nodes.link(url, [nodes.text(url)])
    return _named(given, known)


def _named(given: dict[str, str], known: Known) -> Json:
    """What Discord writes between angle brackets."""
    match given:
        case {"person": which}:
            return nodes.person(which, known)
        case {"role": which}:
            return nodes.text("@" + known.roles.get(which, which))
        case {"channel": which}:
            return nodes.channel(which, known)
        case {"time": seconds, **rest}:
            return nodes.time(int(seconds), "datetime" if rest.get("style", "f") in _FULL else "date", "")
    return nodes.emoji(given["emoji"])
