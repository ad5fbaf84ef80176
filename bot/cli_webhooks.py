"""`plaudit webhooks …`: what other programs are told."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from bot import options
from bot.options import AsJson

app = typer.Typer(help="What other programs are told.", no_args_is_help=True)
Name = Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only this webhook.")]


@app.command("list", short_help="Show who is told what.")
def list_(as_json: AsJson = False) -> None:
    """Show every webhook of the rule book in force: where it goes, what it is told, and whether it works."""
    from bot import webhooks

    found = webhooks.look(options.settings())
    typer.echo(webhooks.list_json(found) if as_json else "\n".join(webhooks.list_lines(found)))


@app.command(short_help="Show what was sent and what was not.")
def deliveries(
    name: Name = None,
    state: Annotated[
        Literal["waiting", "sent", "failed"] | None, typer.Option("--state", help="Only what is in this state.")
    ] = None,
    most: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many, the latest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show for each document when it was made, how often it was tried, and what came of it."""
    from bot import webhooks

    found = webhooks.deliveries(options.settings(), name, state, most)
    typer.echo(webhooks.deliveries_json(found) if as_json else "\n".join(webhooks.deliveries_lines(found)))


@app.command(short_help="Try again what has failed.")
def replay(
    name: Name = None,
    id_: Annotated[
        list[str] | None, typer.Option("--id", metavar="ID", help="This one; may be given several times.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="What was made since then, as 2026-07-01T00:00:00Z.")
    ] = None,
) -> None:
    """Try again what has failed, from the beginning and under the same ids. Without options: all of it."""
    moment = options.moment(since)
    from bot import webhooks

    number = webhooks.replay(options.settings(), name, id_ or (), moment)
    typer.echo(
        f"{number} to be tried again; a running bot does it within a second." if number else "Nothing has failed."
    )


@app.command(short_help="Send a trial document now.")
def test(name: Annotated[str, typer.Argument(metavar="NAME", help="Its name in the rule book.")]) -> None:
    """Send a document of the type plaudit.test, and say what was answered. Whoever takes it and was switched off is
    switched on again."""
    from bot import webhooks

    typer.echo("\n".join(webhooks.test(options.settings(), name)))
