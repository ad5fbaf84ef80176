"""`plaudit bulk …`, and single decisions by the operator: grant, revoke, validate."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from bot import options
from bot.options import AsJson

app = typer.Typer(help="Grant, revoke or validate many at once.", no_args_is_help=True)
single = typer.Typer()
Community = Annotated[str | None, typer.Option("--community", metavar="ID", help="Which one, where there are several.")]
File = Annotated[
    Path, typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False, help="Columns: member, …, reason, note, at.")
]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="Of the batch. Default: the file's name.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would happen.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Member = Annotated[str, typer.Option("--member", metavar="WHO", help="A name, or an account as slack:T024BE7LD/U7.")]
Achievement = Annotated[str, typer.Option("--achievement", metavar="ID", help="Its id or name.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="For the record.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="What the person reads. Default: the reason.")]


@app.command("grant", short_help="Give badges to many.")
def bulk_grant(
    file: File, name: Name = None, dry_run: DryRun = False, yes: Yes = False, community: Community = None
) -> None:
    """Give a badge to everybody in the file, all or nothing. The weekly digest names them; no message for each."""
    _bulk("grant", file, name, community, dry_run=dry_run, yes=yes)


@app.command("revoke", short_help="Take badges back from many.")
def bulk_revoke(
    file: File, name: Name = None, dry_run: DryRun = False, yes: Yes = False, community: Community = None
) -> None:
    """Take a badge back from everybody in the file, all or nothing. Each is told privately, with the note."""
    _bulk("revoke", file, name, community, dry_run=dry_run, yes=yes)


@app.command("validate", short_help="Confirm what many did.")
def bulk_validate(
    file: File, name: Name = None, dry_run: DryRun = False, yes: Yes = False, community: Community = None
) -> None:
    """Confirm what everybody in the file did (column kind), all or nothing; rules count it."""
    _bulk("validate", file, name, community, dry_run=dry_run, yes=yes)


@app.command(short_help="Take a whole batch back.")
def undo(batch: Annotated[str, typer.Argument(metavar="BATCH")], community: Community = None) -> None:
    """Take back exactly what this batch said, and nothing else."""
    from bot import bulk

    typer.echo(f"Taken back: {bulk.undo(options.settings(), community, batch, _now())} lines.")


@app.command("list", short_help="Show the batches.")
def list_(community: Community = None, as_json: AsJson = False) -> None:
    """Show every batch: its name, what it did, and how much of it still stands."""
    from bot import bulk

    found = bulk.batches(options.settings(), community)
    typer.echo(bulk.as_json(found) if as_json else "\n".join(bulk.as_lines(found)))


@single.command(short_help="Give a badge by hand.")
def grant(
    member: Member, achievement: Achievement, reason: Reason, note: Note = "", community: Community = None
) -> None:
    """Give a badge by hand, as the operator. A running bot tells the person."""
    _one("grant", member, achievement, reason, note, community)


@single.command(short_help="Take a badge back.")
def revoke(
    member: Member, achievement: Achievement, reason: Reason, note: Note = "", community: Community = None
) -> None:
    """Take a badge back, as the operator. A running bot tells the person privately."""
    _one("revoke", member, achievement, reason, note, community)


@single.command(short_help="Confirm what somebody did.")
def validate(
    member: Member,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="What was done, as workshop.")],
    reason: Reason,
    note: Note = "",
    community: Community = None,
) -> None:
    """Confirm what somebody did elsewhere, as the operator; rules count it."""
    _one("validate", member, kind, reason, note, community)


@single.command("undo", short_help="Take one decision back.")
def undo_one(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="As it was told. Default: show all.")] = None,
    community: Community = None,
) -> None:
    """Take back one badge that you gave or took, or one action that you confirmed; what followed from it goes too."""
    from bot import bulk

    settings = options.settings()
    if name is None:
        typer.echo("\n".join(bulk.as_names(bulk.alone_standing(settings, community))))
        return
    fact = bulk.undo_one(settings, community, name, _now())
    typer.echo(f"Taken back: {name}, {fact.target}.")


def _now() -> int:
    return time.time_ns() // 1_000


def _bulk(deed: str, file: Path, name: str | None, community: str | None, *, dry_run: bool, yes: bool) -> None:
    from bot import bulk
    from core.bulk import DEEDS

    settings = options.settings()
    wanted = bulk.job(next(d for d in DEEDS if d == deed), file, name)
    rows = bulk.preview(settings, community, wanted, _now())
    bulk.show(rows, wanted)
    if any(row.fate == "refused" for row in rows):
        typer.echo("Nothing was changed: mend the refused lines first.", err=True)
        raise typer.Exit(1)
    if dry_run or not any(row.fate == "new" for row in rows):
        typer.echo("Nothing was changed.")
        return
    if not yes and not typer.confirm("Do it?"):
        typer.echo("Nothing was changed.")
        raise typer.Exit(1)
    number = bulk.carry_out(settings, community, wanted, _now())
    typer.echo(f"Done: {number} lines. To take exactly these back: plaudit bulk undo {wanted.name}")


def _one(deed: str, member: str, thing: str, reason: str, note: str, community: str | None) -> None:
    from bot import bulk
    from core.bulk import DEEDS, Line

    line = Line(1, member.strip(), thing.strip(), reason.strip(), note.strip())
    now = _now()
    row = bulk.one(options.settings(), community, next(d for d in DEEDS if d == deed), line, now)
    typer.echo(f"Done: {deed} {row.what}, {row.who}. To take it back: plaudit undo {deed}-{now}")
