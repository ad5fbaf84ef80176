"""One platform while the story plays: people act, and what must follow is waited for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from adapters.discord.emoji import character
from bot.demo.transcript import Transcript
from bot.demo.watch import Said, Watch
from bot.playground.stages import Stage
from bot.playground.stages.refusals import NotAllowed

PATIENCE = 30.0  # seconds; on a busy machine, with a broken line in between
_AGAIN = 0.1


class DidNotHappen(Exception):
    """Something that the story needs did not happen in time."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message of the story."""

    channel: str
    id: str


class Show:
    """`pace`: seconds before each act, for people who watch. `strict`: what does not follow ends the story; else it
    goes on, because the watcher may have played before."""

    def __init__(
        self,
        stage: Stage,
        watch: Watch,
        transcript: Transcript | None = None,
        *,
        pace: float = 0.0,
        patience: float = PATIENCE,
        strict: bool = True,
    ) -> None:
        self.stage = stage
        self.watch = watch
        self.posts: dict[str, Post] = {}
        self._transcript = transcript
        self._pace = pace
        self._patience = patience
        self._strict = strict

    @property
    def name(self) -> str:
        return self.watch.name

    @property
    def trusted(self) -> str:
        """What the platform calls the role or user group."""
        return "@trusted-helper" if self.name == "Slack" else "Trusted helper"

    # -- acts

    async def say(self, who: str, channel: str, text: str) -> Post:
        await self._before(who, channel, f"writes: {text}")
        where = self.stage.side.channels[channel]
        return Post(where, await self.stage.say(who, where, text))

    async def reply(self, who: str, to: Post, text: str) -> Post:
        await self._before(who, self._name(to), f"answers: {text}")
        return Post(to.channel, await self.stage.reply(who, to.channel, to.id, text))

    async def react(self, who: str, to: Post, emoji: str) -> None:
        await self._before(who, self._name(to), f"reacts with {character(emoji)}")
        await self.stage.react(who, to.channel, to.id, emoji)

    async def unreact(self, who: str, to: Post, emoji: str) -> None:
        await self._before(who, self._name(to), f"takes {character(emoji)} back")
        await self.stage.unreact(who, to.channel, to.id, emoji)

    async def delete(self, who: str, which: Post) -> None:
        await self._before(who, self._name(which), "deletes an answer")
        await self.stage.delete(who, which.channel, which.id)

    async def open_home(self, who: str) -> None:
        await self._before(who, "", "opens the Home tab")
        await self.stage.open_home(who)

    async def ask(self, who: str, channel: str, line: str, *expected: str) -> str:
        """Run a command until its answer says all that is expected: facts on their way may still arrive."""
        await self._before(who, channel, f"types {line}")
        until = time.monotonic() + self._patience
        while True:
            answer = await self._answer(who, self.stage.side.channels[channel], line)
            if all(word in answer.text for word in expected) or not self._strict:
                break
            if time.monotonic() > until:
                self._report()
                raise DidNotHappen(f"{self.name}: {line} does not say {', '.join(expected)}")
            if self._transcript is not None:
                self._transcript.skip(self.name, answer)
            await asyncio.sleep(_AGAIN)
        self._report()
        return answer.text

    async def ask_for_note(self, who: str, channel: str, line: str, *words: str) -> None:
        """Run a command until a note that says all this comes with an answer: it waits for somebody's next question,
        once it is known that nothing else can show it."""
        await self._before(who, channel, f"types {line}")
        until = time.monotonic() + self._patience
        while not self.noted(who, *words) and time.monotonic() < until:
            answer = await self._answer(who, self.stage.side.channels[channel], line)
            if self._transcript is not None and not all(word in answer.text for word in words):
                self._transcript.skip(self.name, answer)
            await asyncio.sleep(_AGAIN)

    async def press(self, who: str, label: str, expected: str) -> None:
        """Press a button that only this person sees, and wait for what is said then."""
        button = self.watch.button(who, label)
        if button is None:
            raise DidNotHappen(f"{self.name}: there is no button {label}")
        await self._before(who, "", f"presses {label}")
        await self.stage.press(who, button.channel, button.message, button.button, button.value)
        await self.expect(f"{expected} is said", lambda: self.noted(who, expected))

    async def _answer(self, who: str, channel: str, line: str) -> Said:
        """The first private word that follows."""
        known = {s.id for s in self.watch.notes(who)}

        def fresh() -> list[Said]:
            return [s for s in self.watch.notes(who) if s.id not in known and s.text]

        try:
            await self.stage.command(who, channel, line)
            await self.watch.until(fresh, self._patience)
        except (TimeoutError, NotAllowed) as error:
            raise DidNotHappen(f"{self.name}: no answer to {line} ({error})") from error
        return fresh()[0]

    # -- what must follow

    async def expect(self, what: str, predicate: Callable[[], object]) -> None:
        """Wait for it. Raises DidNotHappen when it does not come in time."""
        try:
            await self.watch.until(predicate, self._patience)
        except TimeoutError:
            self._report()
            if self._strict:
                raise DidNotHappen(f"{self.name}: {what}") from None
            return
        self._report()
        if self._transcript is not None:
            self._transcript.good(f"{self.name}: {what}")

    def told(self, *words: str, channel: str | None = None, thread: bool | None = None) -> list[Said]:
        """Public messages of the bot that hold all these words."""
        found = [s for s in self.watch.posts(channel) if all(w in s.text for w in words)]
        return [s for s in found if thread is None or s.thread == thread]

    def noted(self, who: str, *words: str) -> list[Said]:
        """Private words to this person that hold all these words."""
        return [s for s in self.watch.notes(who) if all(w in s.text for w in words)]

    def trouble(self, text: str) -> None:
        """Say in the transcript what the platform does now."""
        if self._transcript is not None:
            self._transcript.happened(self.name, text)

    async def _before(self, who: str, channel: str, text: str) -> None:
        if self._pace:
            await asyncio.sleep(self._pace)
        if self._transcript is not None:
            self._transcript.act(self.name, channel, who, text)

    def _report(self) -> None:
        if self._transcript is not None:
            self._transcript.catch_up()

    def _name(self, post: Post) -> str:
        names = {which: name for name, which in self.stage.side.channels.items()}
        return names.get(post.channel, "")
