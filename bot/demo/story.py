"""The story that the demo plays, the same on both platforms: what people do, and what must follow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.demo.show import Show

MARK = "white_check_mark"
_MARKERS = ("jonas", "lena", "mei")


@dataclass(frozen=True, slots=True)
class Scene:
    title: str
    play: Callable[[Show], Awaitable[None]]


_QUESTIONS = (
    ("tomas", "How do I get a smooth finish on plywood?", "Sand to 180, seal the edges twice, then a light coat."),
    ("kofi", "Which paint survives a winter outside?", "Linseed oil paint. Slow to dry, but it lasts for years."),
    ("mei", "My printed hinge keeps snapping. Ideas?", "Print it lying on its side, so the layers run along the pin."),
    ("jonas", "Is there a library for stepper motors?", "AccelStepper does it, also with several motors at once."),
    ("lena", "How do you price a commission?", "Hours times a wage you can live on, plus material, plus a tenth."),
)


async def first_post(show: Show) -> None:
    await show.say("kofi", "general", "Hello! I build bird houses and would like to learn how to paint them.")
    await show.ask("kofi", "general", "/achievements", "Said hello")
    await show.expect("the badge waits for the digest, nothing is posted", lambda: not show.watch.posts())


async def helpful_answer(show: Show) -> None:
    show.trouble(f"({show.name} will refuse the bot's next message once: 429)")
    show.stage.refuse_next_post()
    await _answered(show, 0)
    await show.expect("the badge is in the thread", lambda: show.told("Amira", "Helpful answer", thread=True))
    await show.expect("the bot had to try twice", lambda: show.stage.refused_posts())


async def trusted_helper(show: Show) -> None:
    for number in (1, 2, 3):
        await _answered(show, number)
    show.trouble("(the bot's connection breaks without a word)")
    show.stage.cut_line()
    await _answered(show, 4)
    await show.expect("the second badge is in the channel", lambda: show.told("Amira", "Trusted helper", thread=False))
    await show.expect(f"Amira has {show.trusted}", lambda: show.trusted in show.watch.roles("amira"))


async def questions(show: Show) -> None:
    await show.ask("amira", "general", "/achievements", "Helpful answer", "Trusted helper")
    await show.ask("jonas", "general", "/leaderboard", "Amira")
    await show.ask("amira", "help", "/plaudit why Trusted helper", "five different threads")
    if show.name == "Slack":
        await show.open_home("amira")
        await show.expect("her Home tab shows the badges", lambda: "Trusted helper" in show.watch.home("amira"))


async def taken_back(show: Show) -> None:
    await show.unreact("lena", show.posts["answer 4"], MARK)
    await show.expect(f"{show.trusted} is gone", lambda: show.trusted not in show.watch.roles("amira"))
    if show.name == "Discord":  # private words need a question there: the note comes with the next answer
        await show.ask("amira", "general", "/achievements", "4 of 5")
    await show.expect("Amira alone is told why", lambda: _notes(show, "amira", "taken back"))


async def deleted(show: Show) -> None:
    await show.delete("amira", show.posts["answer 3"])
    await show.ask("amira", "general", "/plaudit why Trusted helper", "3 of 5")


async def by_hand(show: Show) -> None:
    await show.ask("kofi", "general", "/plaudit grant @Kofi beyond_the_chat because I would like one", "moderator")
    grant = "/plaudit grant @Lena beyond_the_chat Showed forty pupils how to solder"
    await show.ask("noor", "general", grant, "Lena", "Beyond the chat")
    await show.expect("everybody can read it", lambda: show.told("Lena", "Beyond the chat"))
    await show.ask("noor", "general", "/plaudit validate @Mei workshop Paper lanterns at the library", "Workshop host")
    await show.expect("a rule counted it", lambda: show.told("Mei", "Workshop host"))


async def _answered(show: Show, number: int) -> None:
    """A question, Amira's answer, and three people who mark it as helpful."""
    asker, question, answer = _QUESTIONS[number]
    post = await show.say(asker, "help", question)
    reply = await show.reply("amira", post, answer)
    show.posts[f"answer {number}"] = reply
    for who in _markers(asker):
        await show.react(who, reply, MARK)


def _markers(asker: str) -> tuple[str, ...]:
    """Lena is always among them: she will change her mind."""
    return _MARKERS if asker != "lena" else ("jonas", "lena", "tomas")


def _notes(show: Show, who: str, word: str) -> bool:
    return any(word in s.text for s in show.watch.notes(who))


SCENES = (
    Scene("A first post is noticed, quietly", first_post),
    Scene("Three people mark an answer as helpful", helpful_answer),
    Scene("The fifth helpful answer brings a role", trusted_helper),
    Scene("People ask", questions),
    Scene("Somebody takes a mark back", taken_back),
    Scene("An answer is deleted", deleted),
    Scene("A moderator vouches for what happened elsewhere", by_hand),
)
