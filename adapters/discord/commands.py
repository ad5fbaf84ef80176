"""The application commands: what people type after a slash."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

import discord
from discord import app_commands
from structlog.typing import FilteringBoundLogger

from adapters.discord import by_hand, challenges, menus, more, teams
from adapters.discord.answers import Answers
from adapters.discord.localisations import Localisations
from adapters.discord.normalise import account_of
from adapters.discord.rooms import source_of
from core.languages import DISCORD, LANGUAGES, preload
from core.ports import Notebook

_WAYS = [app_commands.Choice(name="e-mail", value="email"), app_commands.Choice(name="GitHub or GitLab", value="forge")]
_LANGUAGES = [app_commands.Choice(name=name, value=code) for code, name in LANGUAGES.items()]
_GUILD_ONLY = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
_REASON, _PROOF = "Why, for the record", "A link, if any"
_NOTE = "What the person reads; without it the reason"
_FIRST = "First day, as 2026-07-01; without days those that were said, to be taken back"
_DAY = "As 2026-07-01; without a day those that were said, to be taken back"
Choices = list[app_commands.Choice[str]]


class Commands:
    """Our commands and their way to the desk. Rights are checked at every call by the desk's request, not by hiding:
    what Discord hides is only a default that a server may change."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def add_to(self, tree: app_commands.CommandTree[Any]) -> None:
        """Registers everything."""
        tree.add_command(self._achievements())
        tree.add_command(self._leaderboard())
        tree.add_command(self._claim())
        tree.add_command(challenges.command(self._answers, self._reply, self._suggest("challenge", "challenge")))
        tree.add_command(by_hand.kudos(self._reply))
        tree.add_command(by_hand.rewards(self._reply))
        tree.add_command(teams.command(self._reply, self._suggest("team", "team")))
        tree.add_command(self._plaudit())
        menus.add_to(tree, self._answers)

    async def _reply(self, asked: discord.Interaction, verb: str, **arguments: str | None) -> None:
        """Defers at once (three seconds are short), asks, and fills the answer in."""
        await asked.response.defer(ephemeral=True, thinking=True)
        given = {name: value for name, value in arguments.items() if value is not None}
        await self._answers.show(asked, await self._answers.ask(asked, verb, given))

    def _achievements(self) -> app_commands.Command[Any, Any, Any]:
        @app_commands.command(name="achievements", description="What you have earned, and what is under way")
        @app_commands.describe(member="Somebody else's badge case")
        async def achievements(asked: discord.Interaction, member: discord.User | None = None) -> None:
            await self._reply(asked, "achievements", member=_account(asked, member))

        achievements.allowed_contexts = _GUILD_ONLY
        return achievements

    def _leaderboard(self) -> app_commands.Command[Any, Any, Any]:
        @app_commands.command(name="leaderboard", description="Who helped most, and where you stand")
        @app_commands.describe(board="Which one, where there are several", period="Which time it covers")
        @app_commands.autocomplete(board=self._suggest("leaderboard", "board"))
        @app_commands.autocomplete(period=self._suggest("leaderboard", "period"))
        async def leaderboard(asked: discord.Interaction, board: str | None = None, period: str | None = None) -> None:
            await self._reply(asked, "leaderboard", board=board, period=period)

        leaderboard.allowed_contexts = _GUILD_ONLY
        return leaderboard

    def _claim(self) -> app_commands.Command[Any, Any, Any]:
        @app_commands.command(name="claim", description="Say what you did elsewhere, or use a code")
        @app_commands.describe(code="From a poster or a page, if you have one")
        async def claim(asked: discord.Interaction, code: str | None = None) -> None:
            if code:
                await self._reply(asked, "claim", code=code)
            else:
                await self._answers.open(asked, "claim", {})

        claim.allowed_contexts = _GUILD_ONLY
        return claim

    def _plaudit(self) -> app_commands.Group:
        group = app_commands.Group(
            name="plaudit", description="Badges: why, settings, and more", allowed_contexts=_GUILD_ONLY
        )
        self._add_questions(group)
        for add in (
            self._add_grant,
            self._add_revoke,
            self._add_validate,
            self._add_decisions,
            self._add_streaks,
            self._add_claims,
            self._add_links,
        ):
            add(group)
        by_hand.add_to(group, self._reply)
        more.add_to(group, self._reply, self._suggest("handback", "achievement"))
        return group

    def _add_questions(self, group: app_commands.Group) -> None:
        @group.command(name="why", description="How an achievement is earned, and what counted for you")
        @app_commands.describe(achievement="Its name")
        @app_commands.autocomplete(achievement=self._suggest("why", "achievement"))
        async def why(asked: discord.Interaction, achievement: str) -> None:
            await self._reply(asked, "why", achievement=achievement)

        @group.command(name="why-not", description="What counted, what did not and why, and what is missing")
        @app_commands.describe(achievement="Its name", member="For moderators: about somebody else")
        @app_commands.autocomplete(achievement=self._suggest("why-not", "achievement"))
        async def why_not(asked: discord.Interaction, achievement: str, member: discord.User | None = None) -> None:
            await self._reply(asked, "why-not", achievement=achievement, member=_account(asked, member))

        @group.command(name="settings", description="What is announced about you, and who sees it")
        @app_commands.describe(timezone="Where you live, as Europe/Lisbon", language="What is said to you alone")
        @app_commands.autocomplete(timezone=self._suggest("settings", "timezone"))
        @app_commands.choices(language=_LANGUAGES)
        async def settings(
            asked: discord.Interaction, timezone: str | None = None, language: str | None = None
        ) -> None:
            await self._reply(asked, "settings", timezone=timezone, language=language)

        @group.command(name="privacy", description="What is kept about you and why, and how to be left out")
        async def privacy(asked: discord.Interaction) -> None:
            await self._reply(asked, "privacy")

        @group.command(name="export", description="Everything that is kept about you, as a file for you alone")
        async def export(asked: discord.Interaction) -> None:
            await self._reply(asked, "export")

        @group.command(name="erase", description="Erase everything about you; you are asked once more")
        async def erase(asked: discord.Interaction) -> None:
            await self._reply(asked, "erase")

        @group.command(name="help", description="What Plaudit does and what you can ask")
        async def help_(asked: discord.Interaction) -> None:
            await self._reply(asked, "help")

    def _add_grant(self, group: app_commands.Group) -> None:
        @group.command(name="grant", description="For moderators: give an achievement by hand")
        @app_commands.describe(member="To whom", achievement="Which one", reason=_REASON, proof=_PROOF, note=_NOTE)
        @app_commands.autocomplete(achievement=self._suggest("grant", "achievement"))
        async def grant(
            asked: discord.Interaction,
            member: discord.User,
            achievement: str,
            reason: str,
            proof: str | None = None,
            note: str | None = None,
        ) -> None:
            said = {"reason": reason, "proof": proof, "note": note}
            await self._reply(asked, "grant", member=_account(asked, member), achievement=achievement, **said)

    def _add_revoke(self, group: app_commands.Group) -> None:
        @group.command(name="revoke", description="For moderators: take an achievement back")
        @app_commands.describe(member="From whom", achievement="Which one", reason=_REASON, note=_NOTE)
        @app_commands.autocomplete(achievement=self._suggest("revoke", "achievement"))
        async def revoke(
            asked: discord.Interaction, member: discord.User, achievement: str, reason: str, note: str | None = None
        ) -> None:
            who = _account(asked, member)
            await self._reply(asked, "revoke", member=who, achievement=achievement, reason=reason, note=note)

    def _add_validate(self, group: app_commands.Group) -> None:
        @group.command(name="validate", description="For moderators: confirm something that was done")
        @app_commands.describe(member="Who did it", kind="What", reason=_REASON, proof=_PROOF, note=_NOTE)
        @app_commands.autocomplete(kind=self._suggest("validate", "kind"))
        async def validate(
            asked: discord.Interaction,
            member: discord.User,
            kind: str,
            reason: str,
            proof: str | None = None,
            note: str | None = None,
        ) -> None:
            said = {"reason": reason, "proof": proof, "note": note}
            await self._reply(asked, "validate", member=_account(asked, member), kind=kind, **said)

    def _add_decisions(self, group: app_commands.Group) -> None:
        @group.command(name="confirm", description="For moderators: say yes to a badge that a rule found")
        @app_commands.describe(member="Who has reached it", achievement="Which one")
        @app_commands.autocomplete(achievement=self._suggest("confirm", "achievement"))
        async def confirm(asked: discord.Interaction, member: discord.User, achievement: str) -> None:
            await self._reply(asked, "confirm", member=_account(asked, member), achievement=achievement)

        @group.command(name="decline", description="For moderators: say no to one; nobody is told")
        @app_commands.describe(member="Who has reached it", achievement="Which one", reason="Why, for the log")
        @app_commands.autocomplete(achievement=self._suggest("decline", "achievement"))
        async def decline(
            asked: discord.Interaction, member: discord.User, achievement: str, reason: str | None = None
        ) -> None:
            who = _account(asked, member)
            await self._reply(asked, "decline", member=who, achievement=achievement, reason=reason)

    def _add_claims(self, group: app_commands.Group) -> None:
        @group.command(name="claims", description="For moderators: what waits for your word")
        async def claims(asked: discord.Interaction) -> None:
            await self._reply(asked, "claims")

        @group.command(name="audit", description="For managers: what was done by hand lately, by whom and why")
        @app_commands.describe(member="Only what is about this person")
        async def audit(asked: discord.Interaction, member: discord.User | None = None) -> None:
            await self._reply(asked, "audit", member=_account(asked, member))

        @group.command(name="mylink", description="A link of your own: visits through it count for you")
        @app_commands.describe(name="Which link")
        async def mylink(asked: discord.Interaction, name: str | None = None) -> None:
            await self._reply(asked, "mylink", name=name)

    def _add_links(self, group: app_commands.Group) -> None:
        @group.command(name="link", description="Your accounts here and elsewhere as one person")
        @app_commands.describe(code="From the other chat or a mail", by="How to link something else than a chat")
        @app_commands.choices(by=_WAYS)
        async def link(asked: discord.Interaction, code: str | None = None, by: str | None = None) -> None:
            if by == "email" and not code:
                await self._answers.open(asked, "link-email", {})
            else:
                await self._reply(asked, "link-forge" if by and not code else "link", code=code)

        @group.command(name="unlink", description="An account of yours becomes a person of its own again")
        @app_commands.describe(account="Which one; else you can choose")
        async def unlink(asked: discord.Interaction, account: str | None = None) -> None:
            await self._reply(asked, "unlink", account=account)

        @group.command(name="people", description="For moderators: who somebody from another system is")
        async def people(asked: discord.Interaction) -> None:
            await self._reply(asked, "people")

    def _add_streaks(self, group: app_commands.Group) -> None:
        @group.command(name="pause", description="For moderators: days that break no streak, as on a holiday")
        @app_commands.describe(member="Whose streaks", first=_FIRST, until="Last day", reason="Why")
        @app_commands.rename(first="from")
        async def pause(
            asked: discord.Interaction,
            member: discord.User,
            first: str | None = None,
            until: str | None = None,
            reason: str | None = None,
        ) -> None:
            days = {"from": first, "until": until}
            await self._reply(asked, "pause", member=_account(asked, member), **days, reason=reason)

        @group.command(name="freeze", description="For moderators: one day that breaks no streak")
        @app_commands.describe(member="Whose streak", day=_DAY, achievement="Only this one; else all")
        @app_commands.autocomplete(achievement=self._suggest("freeze", "achievement"))
        async def freeze(
            asked: discord.Interaction, member: discord.User, day: str | None = None, achievement: str | None = None
        ) -> None:
            await self._reply(asked, "freeze", member=_account(asked, member), day=day, achievement=achievement)

    def _suggest(self, verb: str, argument: str) -> Any:
        async def complete(asked: discord.Interaction, typed: str) -> Choices:
            found = await self._answers.suggest(asked, verb, argument, typed)
            return [app_commands.Choice(name=s.label, value=s.value) for s in found]

        return complete


def _account(asked: discord.Interaction, member: discord.User | discord.Member | None) -> str | None:
    return account_of(source_of(asked.guild_id or 0), member.id) if member is not None else None


async def definition_hash(tree: app_commands.CommandTree[Any]) -> str:
    """Changes when anything people see of the commands changes, in any language."""
    translator = Localisations()
    definitions = [await command.get_translated_payload(tree, translator) for command in tree.get_commands()]
    return hashlib.sha256(json.dumps(definitions, sort_keys=True).encode()).hexdigest()


async def sync(
    tree: app_commands.CommandTree[Any], application: int, notebook: Notebook, log: FilteringBoundLogger
) -> None:
    """Registers the commands, if they changed. Once for all servers: one request covers those that come later too,
    and Discord takes only 200 new commands a day per server."""
    for language in DISCORD:
        await asyncio.to_thread(preload, language)  # else the gateway waits for it
    key, wanted = f"discord:commands:{application}", await definition_hash(tree)
    if await notebook.read(key) == wanted:
        return
    await tree.set_translator(Localisations())
    await tree.sync()
    await notebook.write({key: wanted})
    log.info("discord: commands registered")
