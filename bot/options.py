"""What several commands read from their command line and their environment, and how they end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

Rules = Annotated[
    Path | None,
    typer.Option("--rules", metavar="FILE", help="The rule book. Default: PLAUDIT_RULES, else rules.toml."),
]
Until = Annotated[str | None, typer.Option(metavar="TIME", help="What counts as now, as 2026-07-01T00:00:00Z.")]
Events = Annotated[
    list[Path] | None,
    typer.Option(
        "--events",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="What happened, one JSON object per line. Default: the log of the database.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]


def settings() -> Settings:
    """Settings of this process; from here on the log knows what to mask. Raises ConfigurationError."""
    import os

    from bot.logs import configure
    from bot.settings import read

    found = read(os.environ)
    configure(found.secrets())
    return found


def account(written: str | None) -> str | None:
    """Whom `--member` names. Raises BadParameter for what is no account."""
    from core.errors import MalformedStatement
    from core.lines import read_account

    try:
        return read_account(written) if written is not None else None
    except MalformedStatement as error:
        raise typer.BadParameter(str(error), param_hint="--member") from None


def moment(until: str | None, option: str = "--until") -> int | None:
    """UTC microseconds of `--until`, or of another option. Raises BadParameter for what is no time."""
    from core.times import read_time

    try:
        return read_time(until) if until is not None else None
    except ValueError as error:
        raise typer.BadParameter(f'"{until}" {error}', param_hint=option) from None


def tell(differences: Sequence[str], well: str) -> None:
    """Each difference on a line of its own, and exit code 1; where there is none, that all is well."""
    for line in differences:
        typer.echo(line)
    if differences:
        raise typer.Exit(1)
    typer.echo(well)
