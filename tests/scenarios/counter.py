"""Where people hand in claims and get answers: forms on both platforms, in the same words."""

from __future__ import annotations

from typing import Any

from tests.scenarios.pages import discord_text, slack_text
from tests.scenarios.street import Street
from tests.scenarios.streets import DiscordStreet, SlackStreet
from tests.scenarios.town import PATIENCE, Platform, Town

TODAY = "2026-03-18"  # a town begins on this day
Json = dict[str, Any]


class Counter:
    """`street`: everything that needs no form."""

    street: Street

    def __init__(self, town: Town) -> None:
        self.town = town

    async def claim(self, who: str, what: str, **written: str) -> str:
        """Fill the form of /claim in; returns what the person is shown."""
        form = await self._open(who)
        values = {"what": self._value(form, what), "day": TODAY, **written}
        return await self._send(who, form, values)

    async def options(self, who: str) -> list[str]:
        """What the form offers; it is closed again."""
        found = [text for text, _ in self._pairs(await self._open(who))]
        await self._dismiss(who)
        return found

    async def fill(self, who: str, label: str, **written: str) -> str:
        """Press a button in the moderators' channel that opens a form, and fill it in."""
        return await self._send(who, await self._press_open(who, label), written)

    async def press(self, who: str, label: str) -> str:
        return await self.street.press(who, label, "mods")

    async def cards(self, words: str) -> list[str]:
        """Cards with these words in the moderators' channel, as soon as there is one."""
        found: list[str] = []

        def there() -> list[str]:
            found[:] = [text for text in self.street.said("mods") if words in text]
            return found

        await self.town.until(there)
        return found

    async def told(self, who: str, words: str) -> str:
        """The private note with these words, as soon as the platform can show it."""
        raise NotImplementedError

    async def fill_own(self, who: str, label: str, **written: str) -> str:
        """Press a button of the latest private note that has it, and fill in the form, if one opens."""
        raise NotImplementedError

    async def press_last(self, who: str, label: str) -> str:
        """Press a button of the latest private answer; returns what stands there then."""
        raise NotImplementedError

    async def _open(self, who: str) -> Any:
        raise NotImplementedError

    async def _press_open(self, who: str, label: str) -> Any:
        raise NotImplementedError

    async def _send(self, who: str, form: Any, values: dict[str, str]) -> str:
        raise NotImplementedError

    async def _dismiss(self, who: str) -> None:
        """Close the form; Discord tells nobody."""

    def _value(self, form: Any, label: str) -> str:
        return next(value for text, value in self._pairs(form) if text == label)

    def _pairs(self, form: Any) -> list[tuple[str, str]]:
        raise NotImplementedError


def counter_of(town: Town, platform: Platform) -> Counter:
    return SlackCounter(town) if platform == "slack" else DiscordCounter(town)


class SlackCounter(Counter):
    street: SlackStreet

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.street = SlackStreet(town)

    def _user(self, who: str) -> str:
        return self.street.side.people[who]

    def _top(self, who: str) -> Json | None:
        stack = self.town.slack.modals.get(self._user(who))
        return stack[-1].body if stack else None

    async def _open(self, who: str) -> Json:
        await self.street.stage.command(who, self.street.side.channels["general"], "/claim")
        return await self._form(who)

    async def _form(self, who: str) -> Json:
        await self.town.slack.until(lambda: self._top(who), PATIENCE)
        return self._top(who) or {}

    async def _press_open(self, who: str, label: str) -> Json:
        post = (await self.street.posts_of(label, "mods"))[-1]
        await self.street._click(who, "mods", post["ts"], post["blocks"], label)
        return await self._form(who)

    async def _send(self, who: str, form: Json, values: dict[str, str]) -> str:
        kinds = {b["block_id"]: b["element"]["type"] for b in form["blocks"]}
        given = {name: {"value": _typed(kinds[name], text)} for name, text in values.items()}
        attempt = await self.town.slack.submit(self._user(who), given)
        assert attempt.ok
        shown = slack_text(self._top(who) or {})
        await self._dismiss(who)
        return shown

    async def _dismiss(self, who: str) -> None:
        while self.town.slack.modals[self._user(who)]:
            await self.town.slack.close_modal(self._user(who))

    def _pairs(self, form: Json) -> list[tuple[str, str]]:
        options = next(b["element"]["options"] for b in form["blocks"] if b["block_id"] == "what")
        return [(o["text"]["text"], o["value"]) for o in options]

    async def told(self, who: str, words: str) -> str:
        held = "SELECT COUNT(*) FROM outbox WHERE state = 'held' AND destination LIKE ?"

        def there() -> bool:
            return any(words in text for text in self.street.whispered(who))

        await self.town.until(lambda: there() or self.town.number(held, f'%"{self.street.account(who)}"%'))
        if not there():
            await self.street.ask(who, "/plaudit help")
        await self.town.until(there)
        return next(text for text in reversed(self.street.whispered(who)) if words in text)

    async def fill_own(self, who: str, label: str, **written: str) -> str:
        before = len(self.street.whispered(who))
        await self._press_own(who, label)
        await self.town.slack.until(lambda: self._top(who) or len(self.street.whispered(who)) > before, PATIENCE)
        if (form := self._top(who)) is not None:
            return await self._send(who, form, written)
        return self.street.whispered(who)[-1]

    async def press_last(self, who: str, label: str) -> str:
        before = self.street.whispered(who)
        await self._press_own(who, label)
        await self.town.slack.until(lambda: self.street.whispered(who) != before, PATIENCE)
        return self.street.whispered(who)[-1]

    async def _press_own(self, who: str, label: str) -> None:
        shown = self.town.slack.ephemerals_for(self._user(who))
        note = next(e for e in reversed(shown) if label in str(e.blocks))
        await self.street._click(who, "general", note.ts, note.blocks, label)


def _typed(kind: str, text: str) -> Json:
    """A field as Slack sends it back."""
    if kind == "static_select":
        return {"type": kind, "selected_option": {"text": {"type": "plain_text", "text": text}, "value": text}}
    return {"type": kind, "selected_date" if kind == "datepicker" else "value": text}


class DiscordCounter(Counter):
    street: DiscordStreet

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.street = DiscordStreet(town)

    async def _open(self, who: str) -> Any:
        street = self.street
        before = len(self.town.discord.interactions)
        await self.town.discord.until(lambda: self.town.discord.commands.by_guild[None], PATIENCE)
        await street.stage.command(who, street.side.channels["general"], "/claim")
        return self.town.discord.interactions[before]

    async def _press_open(self, who: str, label: str) -> Any:
        post = (await self.street.posts_of(label, "mods"))[-1]
        return await self._pressed(who, "mods", post, label)

    async def _pressed(self, who: str, channel: str, message: Json, label: str) -> Any:
        buttons = (b for row in message["components"] for b in row["components"])
        button = next(b for b in buttons if b["label"] == label)
        where, user = self.street.side.channels[channel], self.street.side.people[who]
        asked = await self.town.discord.click(where, user, message["id"], button["custom_id"])
        await asked.answered(PATIENCE)
        return asked

    async def _send(self, who: str, form: Any, values: dict[str, str]) -> str:
        given = {n: [text] if n == "what" else text for n, text in values.items()}
        sent = await self.town.discord.submit(form, **given)
        await self.town.discord.until(lambda: sent.messages, PATIENCE)
        return discord_text(sent.messages[0])

    def _pairs(self, form: Any) -> list[tuple[str, str]]:
        menu = next(p["component"] for p in form.modal["components"] if p["component"]["custom_id"] == "what")
        return [(o["label"], o["value"]) for o in menu["options"]]

    async def told(self, who: str, words: str) -> str:
        if not any(words in text for text in self.street.whispered(who)):
            await self.street.held(who)
            await self.street.ask(who, "/plaudit help")
        await self.town.discord.until(lambda: any(words in t for t in self.street.whispered(who)), PATIENCE)
        return next(text for text in reversed(self.street.whispered(who)) if words in text)

    async def fill_own(self, who: str, label: str, **written: str) -> str:
        asked = await self._pressed(who, "general", self._latest(who, label), label)
        if asked.modal is not None:
            return await self._send(who, asked, written)
        await self.town.discord.until(lambda: asked.messages, PATIENCE)
        return discord_text(asked.messages[0])

    async def press_last(self, who: str, label: str) -> str:
        return await self.street._click(who, self._latest(who, label), label, "general")

    def _latest(self, who: str, label: str) -> Json:
        shown = self.town.discord.private_messages(self.street.side.people[who])
        return next(m for m in reversed(shown) if label in discord_text(m).splitlines())
