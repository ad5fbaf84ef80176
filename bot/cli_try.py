"""Commands that try rules out: simulate, test, init."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import options
from bot.options import AsJson, Events, Rules, Until

app = typer.Typer()


@app.command("test", short_help="Run the examples of a rule book.")
def examples(
    rules: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A rule book, or a folder of them. Default: PLAUDIT_RULES.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run the examples ([[example]]) of the rule book and of the file *.examples.toml beside it. Nothing is stored."""
    from bot.fixtures import run, show

    outcomes = run(rules or options.settings().rules)
    typer.echo(show(outcomes, as_json=as_json))
    if any(outcome.failures for outcome in outcomes):
        raise typer.Exit(1)


@app.command(short_help="Write a first rule book from a template.")
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to. Default: here.")] = Path(),
    template: Annotated[
        str, typer.Option("--template", metavar="NAME", help="What the community is for; --list names them.")
    ] = "new-community",
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Name the templates and stop.")] = False,
) -> None:
    """Write rules.toml and rules.examples.toml from a template, with comments that say what to change."""
    from bot.templates import describe, write

    for line in describe() if listed else write(folder, template, force=force):
        typer.echo(line)


@app.command(short_help="Ask what an event, or a member's history, would earn.")
def simulate(
    rules: Rules = None,
    event: Annotated[
        list[str] | None,
        typer.Option("--event", metavar="JSON", help="An event that might happen; may be given several times."),
    ] = None,
    events: Events = None,
    member: Annotated[
        str | None, typer.Option("--member", metavar="ACCOUNT", help="Only about this member, as slack:T1/U7.")
    ] = None,
    achievement: Annotated[
        str | None, typer.Option("--achievement", metavar="ID", help="Only about this achievement.")
    ] = None,
    until: Until = None,
    as_json: AsJson = False,
) -> None:
    """Show what would change if an event happened, or what a member's history gives and why not more. Nothing is
    stored."""
    now, who = options.moment(until), options.account(member)
    from bot.simulation import Question
    from bot.simulation import simulate as ask
    from bot.simulation_text import as_json as in_json
    from bot.simulation_text import as_lines
    from core.errors import MalformedStatement

    question = Question(tuple(event or ()), tuple(events or ()), who, achievement, now)
    try:
        answer = ask(options.settings(), rules, question)
    except MalformedStatement as error:  # of --event: what a history holds and nobody can read is left out
        raise typer.BadParameter(str(error), param_hint="--event") from None
    typer.echo(in_json(answer) if as_json else "\n".join(as_lines(answer)))
