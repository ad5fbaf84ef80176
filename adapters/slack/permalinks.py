"""Addresses of messages: a channel that stands for one of its messages becomes a link to that message. Pure."""

from __future__ import annotations

from dataclasses import replace

from core.cards import Card, Channel, Line, Link, Span
from core.texts import clean


def linked(card: Card, source: str, workspace: str) -> Card:
    """The card with links to messages of this workspace. `workspace`: its address, as `https://acme.slack.com/`;
    without one the links lead to the channels."""
    if not workspace:
        return card
    return replace(
        card,
        sections=tuple(
            replace(section, lines=tuple(_line(line, source, workspace) for line in section.lines))
            for section in card.sections
        ),
    )


def _line(line: Line, source: str, workspace: str) -> Line:
    return tuple(_span(span, source, workspace) for span in line)


def _span(span: Span, source: str, workspace: str) -> Span:
    if not isinstance(span, Channel) or span.source != source or span.message is None:
        return span
    return Link(address(workspace, span.id, span.message, span.thread), "#" + clean(span.name).removeprefix("#"))


def address(workspace: str, channel: str, message: str, thread: str | None) -> str:
    """As Slack itself writes it; a reply is named with its thread, or Slack would show the channel around it."""
    there = f"{workspace.rstrip('/')}/archives/{channel}/p{message.replace('.', '')}"
    return there if thread in (None, message) else f"{there}?thread_ts={thread}&cid={channel}"
