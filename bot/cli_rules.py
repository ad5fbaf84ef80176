"""`plaudit rules …`: what there is to know about the rule language itself."""

from __future__ import annotations

import typer

app = typer.Typer(help="The rule language, for editors.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The rule language, for editors."""


@app.command(short_help="Print the JSON Schema of rules.toml.")
def schema() -> None:
    """Print the JSON Schema of rules.toml. Editors complete and explain keys with it."""
    import json

    from core.rules.schema import schema as describe

    typer.echo(json.dumps(describe(), indent=2, ensure_ascii=False))
