"""What people see in English, Arabic and Japanese, in a real browser: digest, leaderboard, Home and the challenge form,
on a desk and on a phone, light and dark.

With SCREENSHOTS naming a folder, pictures of each are put there.
"""

import json
from pathlib import Path

import pytest

from bot import messages
from core.languages import LANGUAGES, speak
from tests.bot.playground.browser import CHROMIUM, Browser, browsing, demo

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),  # six surfaces on three screens; twenty seconds where nothing else runs
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium, which is absent"),
]
SCREENS = ((1280, 900, False), (390, 844, False), (390, 844, True))  # width, height, dark
BOTH = ("slack", "discord")
# An underlined name of a badge reaches a little beyond its letters: six pixels are not wide.
LIBRARY = """
window.lib = {
  state: async (as) => (await fetch(`state?as=${as}`)).json(),
  act: async (as, platform, verb, more) => {
    const body = JSON.stringify({ as, platform, verb, ...more });
    const answer = await fetch("act", { method: "POST", headers: { "content-type": "application/json" }, body });
    if (answer.status !== 204) throw new Error(await answer.text());
  },
  channel: async (platform, name) => (await lib.state("noor"))[platform].channels.find((c) => c.name === name).id,
  last: async (platform, where) => (await lib.state("kofi"))[platform].messages[where].at(-1),
  told: async (platform, name) => {
    const where = await lib.channel(platform, name);
    const posts = (await lib.state("kofi"))[platform].messages[where];
    return posts.some((m) => m.author.bot && m.parts.some((p) => p.k === "picture"));
  },
  wide: (root) => [...root.querySelectorAll("*")]
    .filter((e) => e.clientWidth && e.scrollWidth > e.clientWidth + 6 && !e.matches("select, input"))
    .map((e) => e.innerText),
  lines: (root) => [...root.querySelectorAll(".words p, .title, h2, label > span")].filter((e) => e.innerText.trim())
    .map((e) => ({ text: e.innerText, direction: getComputedStyle(e).direction })),
}; true
"""
HELPED = """(async () => {
  const where = await lib.channel("{platform}", "help");
  await lib.act("kofi", "{platform}", "say", { channel: where, text: "How do I sign in?" });
  const asked = await lib.last("{platform}", where);
  await lib.act("amira", "{platform}", "reply", { channel: where, message: asked.id, text: "With the small button." });
  const last = await lib.last("{platform}", where), answer = last.replies.at(-1) ?? last;
  await lib.act("amira", "{platform}", "cheer", { channel: answer.channel, message: answer.id });
  await lib.act("mei", "{platform}", "say", { channel: await lib.channel("{platform}", "general"), text: "Hello" });
})()"""


def english(language: str) -> list[str]:
    """What Plaudit says in English in two words or more and otherwise in this language."""
    if language == "en":
        return []
    return [
        m.id
        for m in messages.catalogue(language)
        if isinstance(m.id, str) and m.string and m.string != m.id and len(m.id.split()) > 1 and "{" not in m.id
    ]


async def settle(browser: Browser, script: str) -> None:
    """Wait for what a promise says."""
    loop = f"while (!({script})) await new Promise((go) => setTimeout(go, 100));"
    await browser.run(f"window.settled = false; (async () => {{ {loop} window.settled = true; }})(); true")
    await browser.until("window.settled", 40)


async def prepare(browser: Browser, address: str) -> None:
    """A week in which Amira helped, up to the digest of Monday."""
    await browser.open(address)
    await browser.run("localStorage.setItem('guide', 'seen'); document.querySelector('#guide').hidden = true")
    await browser.run(LIBRARY)
    for platform in BOTH:
        await browser.run(HELPED.replace("{platform}", platform))
        await settle(browser, f"JSON.stringify((await lib.state('kofi')).{platform}.messages).includes('\"bot\":true')")
    await browser.run("fetch('forward', { method: 'POST' }).then(() => true)")
    for platform in BOTH:
        await settle(browser, f"await lib.told('{platform}', 'general')")


async def go(browser: Browser, platform: str, name: str) -> None:
    """To a channel, or to the Home tab."""
    await browser.run(f"document.querySelector('[data-tab={platform}]').click()")
    places = f"[...document.querySelectorAll('#{platform} .channels button')]"
    await browser.click(f"{places}.find((b) => b.innerText.includes('{name}'))")


async def write(browser: Browser, who: str, platform: str, text: str) -> None:
    where = f"{{ channel: await lib.channel('{platform}', 'show-and-tell'), text: '{text}' }}"
    await browser.run(f"(async () => lib.act('{who}', '{platform}', 'say', {where}))()")


async def look(browser: Browser, language: str, name: str, platform: str, root: str, title: str) -> None:
    """At a surface on every screen: whole, in the language, in its direction."""
    t = speak(language)
    await browser.until(f"document.querySelector({json.dumps(root)})?.innerText.includes({json.dumps(title)})")
    for width, height, dark in SCREENS:
        await browser.look(width, height, dark=dark)
        await browser.run(f"document.querySelector({json.dumps(root)}).scrollIntoView({{ block: 'end' }})")
        await browser.shot(f"{language}-{name}-{platform}-{width}{'-dark' if dark else ''}")
        assert await browser.run("document.documentElement.scrollWidth") <= width
        assert await browser.run(f"lib.wide(document.querySelector({json.dumps(root)}))") == []
    await browser.look(*SCREENS[0][:2])
    assert await browser.run(f"document.querySelector('#{platform}').lang") == language
    lines = await browser.run(f"lib.lines(document.querySelector({json.dumps(root)}))")
    assert {line["direction"] for line in lines} == {"rtl" if t.right_to_left else "ltr"}
    said = await browser.run(f"document.querySelector({json.dumps(root)}).innerText")
    assert [text for text in english(language) if text in said] == []


@pytest.mark.parametrize("language", ["en", "ar", "ja"])
async def test_what_people_see_fits_and_is_in_their_language(language: str, tmp_path: Path) -> None:
    t = speak(language)
    async with demo("--language", language) as address, browsing(tmp_path / "profile") as browser:
        await prepare(browser, address)
        for platform in BOTH:
            await go(browser, platform, "general")
            digest = f"#{platform} .message.from-bot:last-of-type"
            await look(browser, language, "digest", platform, digest, t.gettext("New badges"))
            await write(browser, "amira", platform, "/leaderboard")
            await go(browser, platform, "show-and-tell")
            await look(browser, language, "leaderboard", platform, f"#{platform} .private", t.gettext("This week"))
        await go(browser, "slack", "Home")
        await look(browser, language, "home", "slack", "#slack .home", t.gettext("Under way"))
        await forms(browser, language)
        if language == "en":
            await chosen(browser)
        assert browser.errors == []


async def forms(browser: Browser, language: str) -> None:
    """A moderator makes a challenge."""
    t = speak(language)
    await choose(browser, "#who", "noor")
    await browser.until("document.querySelector('#slack .people .me')?.innerText.includes('Noor')")
    for platform in BOTH:
        await write(browser, "noor", platform, "/challenge new")
        await browser.run(f"document.querySelector('[data-tab={platform}]').click()")
        window = f"#{platform} dialog[open]"
        await look(browser, language, "challenge", platform, window, t.gettext("What counts"))
        await browser.click(f"[...document.querySelectorAll('{window} > .press')].at(-1)")
        await browser.until(f"!document.querySelector('{window}')")


async def choose(browser: Browser, selector: str, value: str) -> None:
    change = f"e.value = '{value}'; e.dispatchEvent(new Event('change'))"
    await browser.run(f"(() => {{ const e = document.querySelector('{selector}'); {change}; }})()")


async def chosen(browser: Browser) -> None:
    """Somebody of an English community reads Arabic: what is said to them alone, and not what stands in a channel."""
    t = speak("ar")
    await choose(browser, "#who", "amira")
    await browser.until("document.querySelector('#slack .people .me')?.innerText.includes('Amira')")
    await choose(browser, "#language", "ar")
    for platform in BOTH:
        await go(browser, platform, "general")
        await look(browser, "ar", "settings", platform, f"#{platform} .private", t.gettext("Saved. Your settings"))
        there = f"document.querySelector('#{platform} .log').innerText"
        await browser.until(f"{there}.includes('New badges') && {there}.includes({json.dumps(LANGUAGES['ar'])})")
    await go(browser, "slack", "Home")
    await browser.until(
        f"document.querySelector('#slack .home')?.innerText.includes({json.dumps(t.gettext('Under way'))})"
    )
    await choose(browser, "#who", "jonas")
    await browser.until("document.querySelector('#slack').lang === 'en'")
