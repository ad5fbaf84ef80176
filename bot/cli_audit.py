"""The command that shows who did what: audit."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import options
from bot.options import AsJson

app = typer.Typer()


@app.command(short_help="Show who granted, revoked, linked or changed what, and why.")
def audit(
    by: Annotated[str | None, typer.Option(metavar="ACCOUNT", help="Only what this person did.")] = None,
    about: Annotated[str | None, typer.Option(metavar="ACCOUNT", help="Only what is about this person.")] = None,
    what: Annotated[str, typer.Option(metavar="TYPE", help="Only this kind of act, or a part of it, as revoked.")] = "",
    text: Annotated[str, typer.Option(metavar="TEXT", help="Only with this in the reason or the change.")] = "",
    since: Annotated[str | None, typer.Option(metavar="TIME", help="Not before, as 2026-07-01T00:00:00Z.")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Only before then.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for a spreadsheet.")] = False,
) -> None:
    """Show administrative acts, the newest first: who did what to whom, when, why, and what changed by it. Only reads,
    and works beside a running bot."""
    from adapters.storage.audit import FOREVER, Wanted
    from bot import audit as trail

    first, end = options.moment(since, "--since"), options.moment(until)
    wanted = Wanted(
        what=what,
        text=text,
        since=-FOREVER if first is None else first,
        until=FOREVER if end is None else end,
        most=limit,
    )
    found = trail.find(options.settings(), wanted, options.account(by), options.account(about))
    if as_json:
        typer.echo(trail.as_json_text(found))
    else:
        typer.echo(trail.as_csv(found) if as_csv else "\n".join(trail.as_lines(found)))
