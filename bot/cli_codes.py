"""`plaudit codes …` and `plaudit links …`: what stands on posters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import options
from bot.cli_claims import Community

app = typer.Typer(help="Codes for workshops and events.", no_args_is_help=True)
links = typer.Typer(help="Links whose visits count.", no_args_is_help=True)
Name = Annotated[str, typer.Option("--name", metavar="NAME", help="What people read, as “Spring workshop”.")]


@app.command(short_help="Make a code.")
def new(
    name: Name,
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="When it closes, as 2026-07-01T20:00:00Z.")],
    from_: Annotated[str | None, typer.Option("--from", metavar="TIME", help="When it opens. Default: now.")] = None,
    capacity: Annotated[int, typer.Option(metavar="N", help="How many people can use it.")] = 100,
    type_: Annotated[str, typer.Option("--type", metavar="TYPE", help="The event that rules count.")] = "code.claimed",
    achievement: Annotated[
        str | None, typer.Option(metavar="ID", help="Give this badge by hand, instead of an event for rules.")
    ] = None,
    qr: Annotated[
        Path | None, typer.Option("--qr", metavar="FILE", help="Draw the page's address: a .svg or .png file.")
    ] = None,
    community: Community = None,
) -> None:
    """Make a code that people use once each, on its page or with /claim. It is shown this once."""
    opens, closes = options.moment(from_), options.moment(until)
    from bot import posters
    from core.claim_codes import Code

    settings = options.settings()
    wanted = Code(name, type_, achievement, capacity, 0, opens or 0, closes or 0)
    posters.require_drawable(settings, qr)
    characters = posters.new_code(settings, community, wanted)
    typer.echo("\n".join(posters.told(settings, characters, wanted, qr)))


@app.command("list", short_help="Show the codes.")
def list_(community: Community = None) -> None:
    """Show every code by its name: how many used it, whether it is open, what it stands for."""
    from bot import posters

    typer.echo("\n".join(posters.code_lines(options.settings(), community)))


@app.command(short_help="Close a code.")
def close(name: Annotated[str, typer.Argument(metavar="NAME")], community: Community = None) -> None:
    """Nobody can use it from now on; what was counted stays."""
    from bot import posters

    posters.close_code(options.settings(), community, name)
    typer.echo(f"Closed: {name}.")


@links.command("new", short_help="Make a link.")
def new_link(
    name: Name,
    to: Annotated[str, typer.Option("--to", metavar="ADDRESS", help="Where it leads.")],
    fact: Annotated[
        list[str] | None, typer.Option("--fact", metavar="NAME=VALUE", help="What each visit says; several times.")
    ] = None,
    community: Community = None,
) -> None:
    """Make a link. `/plaudit mylink NAME` gives members their own, and visits through it count for them."""
    from bot import posters

    pairs = [text.partition("=") for text in fact or ()]
    if any(not mark or not key for key, mark, _ in pairs):
        raise typer.BadParameter("write NAME=VALUE", param_hint="--fact")
    typer.echo(posters.new_link(options.settings(), community, name, to, {key: value for key, _, value in pairs}))


@links.command("list", short_help="Show the links.")
def list_links(community: Community = None) -> None:
    """Show every link: where it leads, and how often it was followed."""
    from bot import posters

    typer.echo("\n".join(posters.link_lines(options.settings(), community)))
