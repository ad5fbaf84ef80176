"""`plaudit challenges …`: what was made in the chat."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import options

app = typer.Typer(help="Challenges that were made in the chat.", no_args_is_help=True)


@app.command("list", short_help="Show all challenges.")
def list_() -> None:
    """Show every challenge with its days and its state. Only reads, and works beside a running bot."""
    from bot.challenge_export import as_lines, find

    typer.echo("\n".join(as_lines(find(options.settings()))))


@app.command(short_help="Print challenges as lines for rules.toml.")
def export(
    challenge: Annotated[str | None, typer.Argument(metavar="ID", help="Only this one. Default: all of them.")] = None,
) -> None:
    """Print the rules of challenges as they would stand in rules.toml. Pasted there, a rule is the same one: from then
    on it is changed in the file."""
    from bot.challenge_export import as_toml, find_rules

    typer.echo(as_toml(find_rules(options.settings(), challenge)), nl=False)
