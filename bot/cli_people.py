"""`plaudit people …`: who somebody is whom only another system knows."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import options
from bot.options import AsJson

app = typer.Typer(help="Who somebody is whom only another system knows.", no_args_is_help=True)
Community = Annotated[str | None, typer.Option("--community", metavar="ID", help="Which one, where there are several.")]
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="As github:acme/77, from people unmatched.")]
Member = Annotated[str, typer.Argument(metavar="MEMBER", help="An account of the chat, as slack:T024BE7LD/U7.")]


@app.command(short_help="Show people whom no chat knows.")
def unmatched(community: Community = None, as_json: AsJson = False) -> None:
    """Show people whom no chat knows: how many facts they have, what they would bring, and who they may be."""
    from bot import people

    found = people.look(options.settings(), community)
    typer.echo(people.as_json(found) if as_json else "\n".join(people.as_lines(found)))


@app.command(short_help="Say who somebody is.")
def match(
    account: Account,
    member: Member,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="How you know; for the audit trail.")],
    community: Community = None,
) -> None:
    """Say that an account is somebody of the chat: what it did counts for them. It may be of the chat itself, as a
    second account in the same workspace. They can part it with /plaudit unlink."""
    from bot import people

    people.match(options.settings(), community, account, member, reason)
    typer.echo(f"{account} is {member} now.")


@app.command(short_help="Take an account out of a person.")
def part(
    account: Account,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; for the audit trail.")],
    community: Community = None,
) -> None:
    """Say that an account is a person of its own: each has what it earned by itself, the others stay together."""
    from bot import people

    others = people.part(options.settings(), community, account, reason)
    typer.echo(f"{account} is a person of its own now, without {', '.join(others)}.")


@app.command(short_help="Say who somebody is not.")
def reject(account: Account, member: Member, community: Community = None) -> None:
    """Say that an account is not this person: they are not suggested again."""
    from bot import people

    people.reject(options.settings(), community, account, member)
    typer.echo("Noted.")


@app.command(short_help="Show how often suggestions are right.")
def accuracy(community: Community = None, as_json: AsJson = False) -> None:
    """Show how many suggestions moderators confirmed, and how many people who linked themselves are who was
    suggested."""
    from bot import people

    found = people.accuracy(options.settings(), community)
    if as_json:
        import orjson

        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
    else:
        typer.echo("\n".join(found.lines()))
