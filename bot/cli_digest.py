"""`plaudit digest …`: the week, for other places than the chat."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import options
from bot.cli_claims import Community

app = typer.Typer(help="The week, for a newsletter.", no_args_is_help=True)


@app.callback()
def digest() -> None:
    """The week, for other places than the chat."""


@app.command("block", short_help="Print the week's thanks for a newsletter.")
def block(
    html: Annotated[bool, typer.Option("--html", help="As HTML: a heading and a list.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown, which is also the default.")] = False,
    week: Annotated[
        str | None, typer.Option("--week", metavar="WEEK", help="As 2026-W46. Default: the last whole one.")
    ] = None,
    community: Community = None,
) -> None:
    """Print who did much in a week, as a block for a newsletter: only people who agreed to that in their settings
    (newsletter=named), in the order of the alphabet. Works beside a running bot."""
    import time

    from adapters.mail.blocks import as_html, as_markdown
    from bot.newsletter import look

    if html and markdown:
        raise typer.BadParameter("choose one of --html and --markdown")
    found = look(options.settings(), community, week, time.time_ns() // 1_000)
    if not found.people:
        typer.echo(
            "Nobody who agreed to be named (/plaudit settings newsletter=named) did much in that week.", err=True
        )
        return
    typer.echo(as_html(found) if html else as_markdown(found), nl=False)
