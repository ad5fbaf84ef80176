"""`plaudit claims …`: what people say they did elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import options
from bot.options import AsJson

app = typer.Typer(help="What people say they did elsewhere.", no_args_is_help=True)
Community = Annotated[str | None, typer.Option("--community", metavar="ID", help="Which one, where there are several.")]
Numbers = Annotated[list[int], typer.Argument(metavar="NUMBER…", help="As plaudit claims list shows them.")]


@app.command("list", short_help="Show the claims that wait.")
def list_(community: Community = None, as_json: AsJson = False) -> None:
    """Show every claim that nobody has decided on, the oldest first."""
    from bot import claims

    found = claims.look(options.settings(), community)
    typer.echo(claims.as_json(*found) if as_json else "\n".join(claims.as_lines(*found)))


@app.command(short_help="Say yes to claims.")
def approve(
    numbers: Numbers,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="For the log.")] = "",
    community: Community = None,
) -> None:
    """Approve these claims: all, or none where one of them is not open. A running bot tells the people."""
    from bot import claims

    number = claims.decide(options.settings(), community, numbers, reason, approve=True)
    typer.echo(f"Approved: {number}.")


@app.command(short_help="Say no to claims.")
def decline(
    numbers: Numbers,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="The people will read it.")],
    community: Community = None,
) -> None:
    """Decline these claims: all, or none where one of them is not open. A running bot tells the people, with the
    reason."""
    from bot import claims

    number = claims.decide(options.settings(), community, numbers, reason, approve=False)
    typer.echo(f"Declined: {number}.")
