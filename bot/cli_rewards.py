"""`plaudit rewards …`: what rewards cost."""

from __future__ import annotations

import typer

from bot import options
from bot.cli_claims import Community
from bot.options import AsJson

app = typer.Typer(help="What members take for their points.", no_args_is_help=True)


@app.callback()
def rewards() -> None:
    """What members take for their points."""


@app.command("report", short_help="Show what this month's rewards cost.")
def report(community: Community = None, as_json: AsJson = False) -> None:
    """Show what is redeemed this month, by team, where it leads, and what an award and an active member cost."""
    import time

    from bot import rewards as books

    book, found = books.look(options.settings(), community, time.time_ns() // 1_000)
    typer.echo(books.as_json(book, found) if as_json else "\n".join(books.as_lines(book, found)))
