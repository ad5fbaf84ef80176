"""`plaudit fairness`: what looks unlike the rest of the community, for people to judge."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import options
from bot.options import AsJson

app = typer.Typer()


@app.command(short_help="Show marks that look unlike the rest of the community.")
def fairness(
    community: Annotated[
        str | None, typer.Option("--community", metavar="ID", help="Which one, where there are several.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show groups that mark each other far more than others do, bursts, and accounts that act alike, of the last
    thirty days. Only reads, and takes nothing from anybody."""
    import time

    from bot import fairness as watch

    found = watch.look(options.settings(), community, time.time_ns() // 1_000)
    typer.echo(watch.as_json(found) if as_json else "\n".join(watch.as_lines(found)))
