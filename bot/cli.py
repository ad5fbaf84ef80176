"""The command line. Each command reads its options and calls one function; what it needs is imported only then, so
that `plaudit --help` answers at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot import (
    cli_audit,
    cli_bulk,
    cli_challenges,
    cli_change,
    cli_claims,
    cli_codes,
    cli_data,
    cli_digest,
    cli_emit,
    cli_fairness,
    cli_people,
    cli_rewards,
    cli_roster,
    cli_rules,
    cli_shadow,
    cli_try,
    cli_webhooks,
    cli_why,
    options,
)
from bot.options import AsJson, Rules, Until

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
app.add_typer(cli_change.app)
app.add_typer(cli_data.app)
app.add_typer(cli_try.app)
app.add_typer(cli_emit.app)
app.add_typer(cli_why.app)
app.add_typer(cli_audit.app)
app.add_typer(cli_shadow.app)
app.add_typer(cli_rules.app, name="rules")
app.add_typer(cli_claims.app, name="claims")
app.add_typer(cli_challenges.app, name="challenges")
app.add_typer(cli_bulk.single)
app.add_typer(cli_bulk.app, name="bulk")
app.add_typer(cli_roster.app, name="roster")
app.add_typer(cli_fairness.app)
app.add_typer(cli_codes.app, name="codes")
app.add_typer(cli_rewards.app, name="rewards")
app.add_typer(cli_digest.app, name="digest")
app.add_typer(cli_people.app, name="people")
app.add_typer(cli_codes.links, name="links")
app.add_typer(cli_webhooks.app, name="webhooks")


@app.command(short_help="Connect to Slack and Discord, and work.")
def run() -> None:
    """Connect to Slack and Discord and work until you stop it (Ctrl+C or SIGTERM)."""
    import asyncio

    settings = options.settings()
    settings.require_platform()
    from bot.runner import run as work

    asyncio.run(work(settings))


@app.command(short_help="Try everything here, without any account.")
def demo(
    once: Annotated[bool, typer.Option("--once", help="Play one story, print it and stop; no browser.")] = False,
    port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65_535, help="Where the page is; 0 picks a free port.")
    ] = 8000,
    language: Annotated[
        Literal["en", "de", "es", "ja", "ar"], typer.Option(help="What the bot says in channels, on the page.")
    ] = "en",
) -> None:
    """Try everything on this computer: a small Slack and a small Discord in one page. Needs no account."""
    if once and language != "en":
        raise typer.BadParameter("--once tells its story in English; leave it out to read the page in other languages")
    import asyncio

    from bot.demo import demo as play
    from bot.logs import configure

    configure()
    asyncio.run(play(once=once, port=port, language=language))


@app.command(short_help="Find the mistakes in a rule book.")
def check(
    rules: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A rule book, or a folder of them. Default: PLAUDIT_RULES.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: errors and warnings.")] = False,
    no_history: Annotated[
        bool, typer.Option("--no-history", help="Do not try the rules on what happened in the last ninety days.")
    ] = False,
) -> None:
    """Read the rule book and say what is wrong with it: file, line, key, and what to write instead."""
    from bot.checks import show

    if not show(rules, as_json=as_json, replay=not no_history):
        raise typer.Exit(78)


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
    until: Until = None,
    as_json: AsJson = False,
) -> None:
    """Show which badges, progress and scores these events give under these rules. Nothing is stored."""
    now = options.moment(until)
    from bot.replays import replay as decide

    decide(rules or options.settings().rules, events or [Path("-")], now, as_json)


@app.command(short_help="Compare what is stored with what the log gives.")
def verify() -> None:
    """Decide everything again from the log and compare it with what is stored. Works beside a running bot."""
    from bot.verification import verify as compare

    options.tell(compare(options.settings()), "All in order: what is stored is what the log gives.")


@app.command(short_help="Print the log as JSON lines.")
def log(
    ignored: Annotated[
        bool, typer.Option("--ignored", help="What came and was not counted, with the reason, instead of the log.")
    ] = False,
) -> None:
    """Print the log as JSON lines. Works beside a running bot; `plaudit replay` reads it."""
    from bot import logbook

    show = logbook.ignored if ignored else logbook.log
    show(options.settings(), sys.stdout.buffer)


@app.command(short_help="Create the database, or bring it up to date.")
def migrate() -> None:
    """Create the database, or bring it to this version. `plaudit run` does it by itself, after a backup."""
    from bot.migrations import migrate as bring_up_to_date

    typer.echo(bring_up_to_date(options.settings()))


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

    import_slack_export(options.settings(), file, source, grant_roles=grant_roles)


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

    typer.echo(link(application, options.settings()))
