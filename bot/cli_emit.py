"""`plaudit emit`: say from a script or a build what happened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot import options

app = typer.Typer()
TRY_LATER = 75  # sysexits.h: it may work another time


@app.command(short_help="Tell a running bot what happened.")
def emit(
    type_: Annotated[str, typer.Argument(metavar="TYPE", help="What happened, as build.passed.")],
    source: Annotated[str, typer.Option("--source", metavar="SOURCE", help="Where it happened, as ci:acme.")],
    actor: Annotated[str | None, typer.Option(metavar="ACCOUNT", help="Who did it, as slack:T1/U7.")] = None,
    author: Annotated[str | None, typer.Option(metavar="ACCOUNT", help="Who made the thing acted on.")] = None,
    target: Annotated[str | None, typer.Option(metavar="ACCOUNT", help="The person named.")] = None,
    name: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="Its name: the same id counts once. Default: made of what is said."),
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it happened, as 2026-07-01T00:00:00Z. Default: now.")
    ] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option("--fact", metavar="NAME=VALUE", help="A fact, as minutes=25; may be given several times."),
    ] = None,
    url: Annotated[str, typer.Option(metavar="URL", help="Where the bot listens.")] = "http://127.0.0.1:8080",
    secret_env: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The variable with the secret. Default: PLAUDIT_HOOK_<SOURCE>_SECRET."),
    ] = None,
    secret_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="The file with the secret, instead."),
    ] = None,
    within: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, max=3600, help="How long to try before giving up.")
    ] = 60.0,
) -> None:
    """Send one signed event to a running bot, and try again while it cannot be reached.

    The same command again is the same event and counts once. Where every run counts, name it: --id "$CI_JOB_ID".

    Exit codes: 0 the bot has it, 2 it will not take it, 75 it could not be reached in time.
    """
    import os
    import time

    from bot.emission import NotTaken, compose, deliver, find_secret, read_facts
    from bot.sender import Target
    from core.errors import MalformedStatement

    when = options.moment(at, "--at")
    people = {"actor": actor, "author": author, "target": target}
    try:
        said = {"source": source, "id": name, "type": type_, **people, "facts": read_facts(fact or ())}
        statement = compose(said, when, time.time_ns() // 1_000)
        where = Target(url, source, find_secret(source, os.environ, secret_env, secret_file))
        answer = deliver(where, statement.body, within)
    except (MalformedStatement, ValueError) as error:
        _stop(str(error), 2)
    except NotTaken as error:
        _stop(f"Plaudit did not take it: {error}", TRY_LATER if error.again else 2)
    if answer.ignored:
        _stop(f"Plaudit keeps it, but no rule can count it: {'; '.join(answer.ignored)}", 2)
    typer.echo(_told(type_, statement.id, new=bool(answer.said.get("new")), named=statement.named))


def _told(type_: str, name: str, *, new: bool, named: bool) -> str:
    known = "Plaudit has it" if new else "Plaudit had it already"
    hint = "" if named else " The same command again is the same event; give --id where every run counts."
    return f"{known}: {type_} {name}.{hint}"


def _stop(reason: str, code: int) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(code)
