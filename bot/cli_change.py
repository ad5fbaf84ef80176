"""Commands that change the rules of a community that has a history: diff, apply."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import options
from bot.options import AsJson, Events

app = typer.Typer()


@app.command(short_help="Compare two rule books: who gains, who loses.")
def diff(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="[OLD] NEW", help="Two rule books, or one to be compared with the book in force."),
    ],
    events: Events = None,
    as_json: AsJson = False,
) -> None:
    """Decide the same history under two rule books and say for each badge who would gain it and who would lose it, with
    an example of each. Nothing is stored."""
    import json

    from bot.comparison import diff as compare
    from bot.difference_report import as_json as for_programs
    from bot.difference_report import as_lines

    if len(files) > 2:
        raise typer.BadParameter("name one or two rule books", param_hint="[OLD] NEW")
    found = compare(options.settings(), files, events or ())
    if as_json:
        typer.echo(json.dumps(for_programs(found), indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join(as_lines(found)).rstrip())


@app.command(short_help="Bring a new rule book into force.")
def apply(
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The new rule book; it may be the file itself, edited.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Check a rule book, show what it would change, ask, and bring it into force, in the database and in the file:
    whole or not at all. A running bot takes it up within a second or two, without a restart."""
    from bot.applying import carry_out, prepare
    from bot.difference_report import as_lines
    from bot.gaps import warnings

    settings = options.settings()
    proposal = prepare(settings, new)
    if proposal.changes_nothing:
        typer.echo("This book is in force already; nothing to do.")
        return
    if proposal.differences is not None:
        typer.echo("\n".join(as_lines(proposal.differences)).rstrip() + "\n")
    for warning in warnings(settings, proposal.book):
        typer.echo(f"{warning}\n")
    if not yes and not typer.confirm("Bring this book into force?"):
        typer.echo("Nothing was changed.")
        raise typer.Exit(1)
    number = carry_out(settings, proposal)
    typer.echo(f"In force now: revision {number}, {proposal.file}.")
