"""The command that explains: why."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import options
from bot.options import Events, Rules, Until

app = typer.Typer()


@app.command(short_help="Say why a member has a badge, or why not.")
def why(
    achievement: Annotated[str, typer.Argument(metavar="ACHIEVEMENT", help="Its id in the rule book.")],
    member: Annotated[str, typer.Option("--member", metavar="ACCOUNT", help="Whom it is about, as slack:T1/U7.")],
    missing: Annotated[bool, typer.Option("--not", help="What did not count and why, and what is missing.")] = False,
    rules: Rules = None,
    events: Events = None,
    until: Until = None,
) -> None:
    """Say which facts counted for a member's badge; with --not, or where they do not have it, which did not count and
    for which reason, and what is missing. Only reads, and works beside a running bot. What happened in private channels
    is not shown."""
    now = options.moment(until)
    options.account(member)
    from bot.explanations import Question, as_lines, explain

    found = explain(options.settings(), Question(member, achievement, rules, tuple(events or ()), now))
    typer.echo("\n".join(as_lines(found, missing=missing)))
