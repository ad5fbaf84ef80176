"""`plaudit roster …`: teams, joiners and leavers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import options

app = typer.Typer(help="Teams, joiners and leavers.", no_args_is_help=True)


@app.callback()
def roster() -> None:
    """Teams, joiners and leavers."""


@app.command("import", short_help="Take over a CSV file: FILE.csv.")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, help="account, email or name; team, from, until, joined, left."
        ),
    ],
    source: Annotated[
        str, typer.Option("--source", metavar="SOURCE", help="Whose roster it is, as roster:hr or hr:acme.")
    ] = "roster:hr",
    community: Annotated[
        str | None, typer.Option("--community", metavar="ID", help="Which one, where there are several.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    skip_unknown: Annotated[
        bool, typer.Option("--skip-unknown", help="Leave out lines that name nobody who is known.")
    ] = False,
) -> None:
    """Show who joins, leaves and changes teams by this file, and take it over.

    The file is the whole roster of its source: what is no longer in it ends today. The past stays. The same file again
    changes nothing.
    """
    from bot import roster as imports

    wish, settings = imports.Wish(file, source, skip_unknown, community), options.settings()
    try:
        found = imports.compare(settings, wish)
        for line in imports.preview(found):
            typer.echo(line)
        if dry_run or not found.found.statements:
            return
        if not yes and not typer.confirm("Take this over?"):
            typer.echo("Nothing was changed.")
            raise typer.Exit(1)
        imports.take(settings, wish)
    except imports.Refused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None
    typer.echo("Done.")
