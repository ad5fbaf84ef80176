"""The command line. Each command reads its options and calls one function; what it needs is imported only then, so
that `plaudit --help` answers at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    help="Plaudit notices what people do for each other in Slack and Discord, and says so.",
    epilog="New here? `plaudit demo` shows everything on this computer, without any account.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they would show local variables, tokens among them
    rich_markup_mode=None,
    context_settings={"max_content_width": 100},
)
slack = typer.Typer(help="Set up the Slack app.", no_args_is_help=True)
discord = typer.Typer(help="Set up the Discord bot.", no_args_is_help=True)
imports = typer.Typer(help="Bring in history from before the bot came.", no_args_is_help=True)
app.add_typer(slack, name="slack")
app.add_typer(discord, name="discord")
app.add_typer(imports, name="import")

Rules = Annotated[
    Path | None,
    typer.Option("--rules", metavar="FILE", help="The rule book. Default: PLAUDIT_RULES, else rules.toml."),
]


@app.command(short_help="Connect to Slack and Discord, and work.")
def run() -> None:
    """Connect to Slack and Discord and work until you stop it (Ctrl+C or SIGTERM)."""
    import asyncio

    settings = _settings()
    settings.require_platform()
    from bot.runner import run as work

    asyncio.run(work(settings))


@app.command(short_help="Try everything here, without any account.")
def demo(
    once: Annotated[bool, typer.Option("--once", help="Play one story, print it and stop; no browser.")] = False,
    port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65_535, help="Where the page is; 0 picks a free port.")
    ] = 8000,
) -> None:
    """Try everything on this computer: a small Slack and a small Discord in one page. Needs no account."""
    import asyncio

    from bot.demo import demo as play
    from bot.logs import configure

    configure()
    asyncio.run(play(once=once, port=port))


@app.command(short_help="Find the mistakes in a rule book.")
def check(
    rules: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A rule book, or a folder of them. Default: PLAUDIT_RULES.")
    ] = None,
) -> None:
    """Read the rule book and say what is wrong with it: file, line, key, and what to write instead."""
    from bot.checks import check as examine

    for line in examine(rules or _settings().rules):
        typer.echo(line)


@app.command(short_help="Decide over a history of events.")
def replay(
    rules: Rules = None,
    events: Annotated[
        list[Path] | None,
        typer.Option(
            "--events",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            allow_dash=True,
            help="Statements, one JSON object per line; may be given several times. Default: standard input.",
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="What counts as now, as 2026-07-01T00:00:00Z.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """Show which badges, progress and scores these events give under these rules. Nothing is stored."""
    now = _moment(until)
    from bot.replays import replay as decide

    decide(rules or _settings().rules, events or [Path("-")], now, as_json)


@app.command(short_help="Compare what is stored with what the log gives.")
def verify() -> None:
    """Decide everything again from the log and compare it with what is stored. Works beside a running bot."""
    from bot.verification import verify as compare

    differences = compare(_settings())
    for line in differences:
        typer.echo(line)
    if differences:
        raise typer.Exit(1)
    typer.echo("All in order: what is stored is what the log gives.")


@app.command(short_help="Print the log as JSON lines.")
def log() -> None:
    """Print the log as JSON lines. Works beside a running bot; `plaudit replay` reads it."""
    from bot.logbook import log as print_log

    print_log(_settings(), sys.stdout.buffer)


@app.command(short_help="Create the database, or bring it up to date.")
def migrate() -> None:
    """Create the database, or bring it to this version. `plaudit run` does it by itself, after a backup."""
    from bot.migrations import migrate as bring_up_to_date

    typer.echo(bring_up_to_date(_settings()))


@imports.command("slack-export", short_help="Read a Slack export: FILE.zip.")
def slack_export(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The export as Slack made it, a zip file."),
    ],
    grant_roles: Annotated[
        bool, typer.Option("--grant-roles", help="Also give the roles that go with the badges.")
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="The workspace, as slack:T024BE7LD, where the file does not say it."),
    ] = None,
) -> None:
    """Read a Slack export. Badges get their true dates, nothing is announced, no text is kept; twice does no harm."""
    from bot.imports import import_slack_export

    import_slack_export(_settings(), file, source, grant_roles=grant_roles)


@slack.command(short_help="Print the app manifest to paste into Slack.")
def manifest(
    name: Annotated[str, typer.Option(metavar="NAME", help="What the bot is called in your workspace.")] = "Plaudit",
) -> None:
    """Print the app manifest. At api.slack.com/apps: Create New App, From a manifest, paste it as JSON."""
    import json

    from adapters.slack.manifest import manifest as describe

    typer.echo(json.dumps(describe(name), indent=2, ensure_ascii=False))


@discord.command(short_help="Print the link that invites the bot.")
def invite(
    application: Annotated[
        str | None,
        typer.Argument(metavar="APPLICATION_ID", help="From the developer portal. Default: the one of DISCORD_TOKEN."),
    ] = None,
) -> None:
    """Print the link that brings the bot to your server, with just the rights it uses."""
    from bot.invitations import invite as link

    typer.echo(link(application, _settings()))


def _settings() -> Settings:
    """Settings of this process; from here on the log knows what to mask. Raises ConfigurationError."""
    import os

    from bot.logs import configure
    from bot.settings import read

    settings = read(os.environ)
    configure(settings.secrets())
    return settings


def _moment(until: str | None) -> int | None:
    from core.times import read_time

    try:
        return read_time(until) if until is not None else None
    except ValueError as error:
        raise typer.BadParameter(f'"{until}" {error}', param_hint="--until") from None
