"""The command that looks at rules on trial."""

from __future__ import annotations

import typer

from bot import options
from bot.options import AsJson

app = typer.Typer()


@app.command(short_help="Show what rules on trial would have done.")
def shadow(as_json: AsJson = False) -> None:
    """Show for each rule with status = "shadow" how many people would have it, how many it would have reached in each
    of the last four weeks, and the latest of them. Works beside a running bot."""
    from bot import trials

    found = trials.find(options.settings())
    typer.echo(trials.as_json(found) if as_json else "\n".join(trials.as_lines(found)))
