"""The page as a person uses it, in a real browser: the first minute, lit-up evidence, chaos, and the export drop.

With SCREENSHOTS naming a folder, pictures of each step are put there.
"""

import asyncio
from pathlib import Path

import pytest

from tests.bot.playground.browser import CHROMIUM, Browser, browsing, demo
from tests.bot.playground.exports import write_export

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium, which is absent"),
]
GUIDE = "document.querySelector('#guide').innerText"
BEHIND = "3 of 3: marked by Jonas, Lena, Mei"
PRESS = "document.querySelector('#guide .strong')"
ANSWERED = """
(async () => {
  const {list} = await import('./page/messages.js');
  const parts = (who) => [{k: 'words', lines: [[{t: 'person', v: who}, {t: 'b', c: [{t: 'text', v: 'Helper'}]}]]}];
  const says = (id, bot, who, replies) =>
    ({id, at: 1, author: {id, name: id, bot}, reactions: [], replies, quote: null, parts: parts(who)});
  const desk = {me: '', lit: new Map(), badge: (name, person) => ({member: person, id: name, at: 0})};
  const below = [says('second', false, '@Mei', []), says('third', true, '@Jonas', [])];
  const drawn = list([says('first', true, '@Amira', below)], desk);
  return drawn.flatMap((it) => [...it.querySelectorAll('.badge')]).map((it) => it.dataset.focus);
})()
"""


async def test_the_page_does_what_it_promises(tmp_path: Path) -> None:
    async with demo() as address, browsing(tmp_path / "profile") as browser:
        await browser.open(address)
        assert await browser.run(ANSWERED) == ["badge Amira Helper 0", "badge Jonas Helper 0"]
        await first_minute(browser)
        await own_badges(browser)
        await chaos(browser)
        await drop(browser, write_export(tmp_path / "export.zip"))
        await looks(browser)
        assert browser.errors == []


async def first_minute(browser: Browser) -> None:
    """Four steps: a mark, why, the mark taken back, the leaderboard."""
    await browser.shot("1-first-look")
    await browser.click(PRESS)
    await browser.until(f"{GUIDE}.includes('1 of 4')")
    await browser.click(PRESS)
    await browser.until(f"{GUIDE}.includes('2 of 4')")
    await browser.shot("2-badge")
    await browser.click("document.querySelector('#slack .from-bot .badge')")
    await browser.until("document.querySelector('#evidence').innerText.includes('3 of 3: marked by Jonas, Lena, Mei')")
    await browser.until(
        "document.querySelector('#slack .lit .counted') && document.querySelector('.reaction.lit-mark')"
    )
    await browser.until(f"{GUIDE}.includes('3 of 4')")
    await browser.shot("3-lit-up")
    await browser.click(PRESS)
    await browser.until(f"{GUIDE}.includes('4 of 4')")
    await browser.until("document.querySelector('#evidence').hidden")  # nothing is behind a badge that is gone
    await browser.click(PRESS)
    await browser.until("document.querySelector('#slack .message.private')?.innerText.includes('Amira')")
    await browser.until(f"{GUIDE}.includes('That is all')")
    await browser.shot("4-leaderboard")
    await browser.click("document.querySelector('#guide .acts button')")
    assert await browser.run("document.querySelector('#guide').hidden && localStorage.getItem('guide') === 'seen'")


async def own_badges(browser: Browser) -> None:
    """What /achievements lists can be pressed, too."""
    await browser.run(
        "(() => { const who = document.querySelector('#who'); who.value = 'amira';"
        " who.dispatchEvent(new Event('change')); })()"
    )
    await browser.until("document.querySelector('#slack .people .me')?.innerText.includes('Amira')")
    await browser.run("document.querySelector('#slack textarea').focus()")
    await browser.call("Input.insertText", text="/achievements")
    await browser.press("Enter", 13)
    last = "[...document.querySelectorAll('#slack .message.private')].at(-1)"
    await browser.until(f"{last}?.innerText.includes('Under way')")
    await browser.click(f"{last}.querySelector('.badge')")
    await browser.until("!document.querySelector('#evidence').hidden")
    await browser.shot("5-achievements")


async def chaos(browser: Browser) -> None:
    await browser.click("document.querySelector('[data-opens=board]')")
    await browser.until("document.querySelectorAll('#board .badge').length === 3")
    before = await browser.run("document.querySelector('.holders').innerText")
    await browser.click("document.querySelector('#board .strong')")
    await browser.until("document.querySelector('.verdict').innerText.includes('✓ The same.')", 90)
    verdict = await browser.run("document.querySelector('.verdict').innerText")
    assert "Counted again: 0. Said again: 0." in verdict
    assert "Killed the bot with SIGKILL" in await browser.run("document.querySelector('.steps').innerText")
    assert await browser.run("document.querySelector('.holders').innerText") == before
    await browser.shot("6-chaos")


async def drop(browser: Browser, file: Path) -> None:
    await browser.click("document.querySelector('[data-opens=trial]')")
    await browser.run("document.querySelector('#export-file').focus()")
    assert await browser.run("document.activeElement.id") == "export-file"  # the keyboard comes there, too
    await browser.choose("#export-file", Path(__file__))
    await browser.until("document.querySelector('#trial .status').innerText.includes('This is no zip file.')")
    await browser.click("document.querySelector('[data-opens=trial]')")
    await browser.drop("#slack", file)  # beside the field is as good: the drawer opens
    await browser.until("!document.querySelector('#trial').hidden")
    await browser.until("document.querySelector('.numbers')?.innerText.includes('6 badges for 5 people')")
    assert "Kofi" in await browser.run("document.querySelector('.quiet').innerText")
    await browser.click(
        "[...document.querySelectorAll('.recognised .badge')].find(b => b.innerText.includes('Helpful'))"
    )
    await browser.until(
        "document.querySelector('.behind.lit')?.innerText.includes('3 of 3: marked by Jonas, Lena, Mei')"
    )
    await browser.shot("7-export")
    await browser.run(
        "(() => { const s = document.querySelector('input[type=range]'); s.value = '4';"
        " s.dispatchEvent(new Event('input')); })()"
    )
    await browser.until("document.querySelector('.numbers').innerText.includes('5 badges (−1)')")
    await browser.shot("8-another-goal")
    await browser.run("document.querySelector('.goal [type=number]').focus()")
    await browser.run("document.querySelector('.goal [type=number]').select()")
    for digit in "12":  # the field stays while its first digit is decided already
        await browser.call("Input.insertText", text=digit)
        await asyncio.sleep(0.6)
    assert await browser.run("document.querySelector('.goal [type=number]').value") == "12"


async def looks(browser: Browser) -> None:
    """Nothing runs out of the page at any width, in the dark or on a phone."""
    for name, width, height, dark in (("9-dark", 1280, 900, True), ("10-phone", 390, 844, False)):
        await browser.look(width, height, dark=dark)
        assert await browser.run("document.documentElement.scrollWidth") <= width
        await browser.shot(name)
    await browser.click("document.querySelector('[data-opens=board]')")
    assert await browser.run("document.documentElement.scrollWidth") <= 390
    await browser.shot("11-phone-board")
