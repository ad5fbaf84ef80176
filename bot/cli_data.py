"""Commands about what is kept: backup, restore, export, erase, retention."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import options

app = typer.Typer()
Member = Annotated[str, typer.Option("--member", metavar="ACCOUNT", help="Whose data, as slack:T024BE7LD/U7.")]


@app.command(short_help="Copy the database while the bot works.")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy; it must not be there yet.")],
) -> None:
    """Copy the database as it is at one moment, with a manifest beside the copy. Works beside a running bot."""
    from bot.backups import back_up

    typer.echo(back_up(options.settings(), file))


@app.command(short_help="Put a backup in the place of the database.")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What plaudit backup made; its manifest beside it.")],
    replace: Annotated[bool, typer.Option("--replace", help="Even where there is a database already.")] = False,
) -> None:
    """Check a backup, bring it to this version, take out of it who was erased since, and put it in place. The bot must
    be stopped. Whatever fails before the end changes nothing."""
    from bot.backups import restore as put_back

    differences = put_back(options.settings(), file, replace=replace)
    options.tell(differences, "Restored and in order: what is stored is what the log gives.")


@app.command(short_help="Write everything about one person to a file.")
def export(
    member: Member,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A zip file; it must not be there yet.")],
) -> None:
    """Write all that is kept about a person to a zip file: JSON and CSV. Other people in it are numbered."""
    import asyncio

    from bot.departures import export as write

    account = options.account(member) or member
    asyncio.run(write(options.settings(), account, file))
    typer.echo(f"{file}: everything about {account}. Hand it to nobody else.")


@app.command(short_help="Erase a person for good.")
def erase(
    member: Member,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the log; name nobody in it.")],
    trace: Annotated[
        list[str] | None,
        typer.Option("--trace", metavar="TEXT", help="Another name or address of theirs; may be given several times."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a person out of everything that is kept, and keep them out. Others keep what they earned. This cannot be
    undone; backups that are older are cleaned when they are restored."""
    import asyncio

    from bot.departures import erase as take_out

    account = options.account(member) or member
    if not yes and typer.prompt(f"Erase {account} for good? Type the account to confirm") != account:
        typer.echo("Nothing was erased.")
        raise typer.Exit(1)
    number = asyncio.run(take_out(options.settings(), account, trace or [], reason))
    typer.echo(f"Erased: {number} {'account' if number == 1 else 'accounts'}. Now run plaudit verify.")


@app.command(short_help="Delete old history that no rule needs.")
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Delete what is older than `[community] keep` says and no rule of the book needs, as the bot does each night. No
    badge, point or score changes. This cannot be undone; --dry-run only counts."""
    import asyncio
    import time

    from bot import retention as old

    settings = options.settings()
    found = old.look(settings, time.time_ns() // 1_000) if dry_run else asyncio.run(old.carry_out(settings))
    typer.echo(old.as_json(found) if as_json else "\n".join(old.as_lines(found, done=not dry_run)))
