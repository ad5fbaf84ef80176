"""`/link/github`: signing in at GitHub, so that an account there is proved for somebody in the chat.

A link may be sent to somebody else, who would then sign in for the sender. So the page says whose it is, before GitHub
and after, and nothing goes on without a press of its button by the browser that began.
"""

from __future__ import annotations

from html import escape
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from adapters.web.hooks import read_body
from adapters.web.languages import spoken
from adapters.web.markup import button, paragraph
from adapters.web.sheet import Sheet
from core.cards import Line, Text, line
from core.language import Language, fill
from core.link_codes import GOOD_FOR
from core.sign_ins import Agreed, Joining, derived, is_derived

LONGEST = 200  # characters of anything that comes in an address or a cookie
_LINK, _NEW_LINK = "/plaudit link", "/plaudit link github"
BEGIN, BACK, CONFIRM = "/link/github", "/link/github/back", "/link/github/confirm"


class SignIns(Protocol):
    """Who knows the links and what GitHub says. `browser`: what its cookie holds."""

    async def look(self, link: str) -> Joining | None:
        """Whose a link is; None for one that was used, is old, or that there is not."""
        ...

    async def begin(self, link: str) -> tuple[str, str] | None:
        """A new cookie, and the address at GitHub; None as for `look`."""
        ...

    async def come_back(self, browser: str, code: str) -> None:
        """Asks GitHub who signed in, once. Where GitHub does not say it, nothing is under way any more."""
        ...

    async def under_way(self, browser: str) -> Joining | None:
        """Who would be joined with whom; None before GitHub said who signed in, and after the end."""
        ...

    async def agree(self, browser: str) -> Agreed:
        """Whoever asked for the link is asked in the chat."""
        ...

    async def give_up(self, browser: str) -> None: ...


class Pages:
    """`public_url`: how browsers reach us; `github`: where GitHub is."""

    def __init__(self, sign_ins: SignIns, public_url: str, github: str) -> None:
        self._sign_ins = sign_ins
        self._public_url = public_url.rstrip("/")
        self._secure = public_url.startswith("https://")
        self._cookie = "__Host-plaudit-link" if self._secure else "plaudit-link"
        self._sheet = Sheet("{0.scheme}://{0.netloc}".format(urlsplit(github)))

    async def show(self, link: str, t: Language) -> Response:
        """Whose link it is. Looking uses nothing up: chats look at links too."""
        joining = await self._sign_ins.look(link)
        if joining is None:
            return self._old(t)
        what = t.gettext("This joins a GitHub account with {person}.")
        if joining.community:
            what = t.gettext("This joins a GitHub account with {person} in the community {community}.")
        next_ = t.gettext(
            "GitHub asks you to sign in and tells Plaudit who you are there, nothing else. Then you are asked again."
        )
        body = (paragraph(asker(what, joining)), paragraph(next_), _close(t), button(t.gettext("Go on to GitHub")))
        return self._sheet.html(t.gettext("Link a GitHub account"), "".join(body), t)

    async def begin(self, link: str, t: Language) -> Response:
        begun = await self._sign_ins.begin(link)
        if begun is None:
            return self._old(t)
        browser, address = begun
        answer = RedirectResponse(address, 303, self._sheet.headers)
        self._set_cookie(answer, browser, GOOD_FOR // 1_000_000)
        return answer

    async def come_back(self, request: Request, state: str, code: str, t: Language) -> Response:
        """From GitHub. What it wrote into the address does not stay there."""
        browser = self._browser(request)
        if not browser or not is_derived(state, browser, "state"):
            return self._elsewhere(t)
        if not code:
            await self._sign_ins.give_up(browser)
            return self._forget(self._no(t, t.gettext("You did not sign in, so nothing was joined."), 200))
        await self._sign_ins.come_back(browser, code)
        if await self._sign_ins.under_way(browser) is None:
            silent = t.gettext("GitHub did not tell who you are, so nothing was joined.")
            return self._forget(self._no(t, silent, 502))
        return RedirectResponse(self._public_url + CONFIRM, 303, self._sheet.headers)

    async def ask(self, request: Request, t: Language) -> Response:
        """Who would be joined with whom."""
        browser = self._browser(request)
        joining = await self._sign_ins.under_way(browser) if browser else None
        if joining is None:
            return self._nothing(t)
        word = f'<input type="hidden" name="word" value="{escape(derived(browser, "word"))}">'
        body = (
            *_both(joining, t),
            _close(t),
            paragraph(
                t.gettext("Another account on GitHub? Sign out there, and ask for a new link in the chat."), small=True
            ),
            button(t.gettext("Yes, both are me"), word),
        )
        return self._sheet.html(t.gettext("Are both you?"), "".join(body), t)

    async def agree(self, request: Request, t: Language) -> Response:
        """Only from our own page: another site can send a form here, but neither the cookie nor the word."""
        browser = self._browser(request)
        if not browser or not is_derived(_word(await read_body(request)), browser, "word"):
            return self._elsewhere(t)
        match await self._sign_ins.agree(browser):
            case "right":
                text = t.gettext(
                    "Go back to the chat: there you are asked once more. If you see nothing, write {command}."
                )
                body = paragraph(fill(text, command=Text(_LINK, bold=True)))
                return self._forget(self._sheet.html(t.gettext("Almost done"), body, t))
            case "taken":
                return self._forget(self._no(t, t.gettext("Your code was used by another account before."), 200))
            case _:
                return self._forget(self._nothing(t))

    def _old(self, t: Language) -> Response:
        return self._no(t, t.gettext("This link was used before, or it is too old."), 404)

    def _elsewhere(self, t: Language) -> Response:
        return self._no(t, t.gettext("You did not begin here, in this browser."), 403)

    def _nothing(self, t: Language) -> Response:
        return self._no(t, t.gettext("There is nothing to say yes to any more."), 404)

    def _no(self, t: Language, reason: str, status: int) -> Response:
        new = t.gettext("Write {command} in the chat for a new link.")
        body = paragraph(reason) + paragraph(fill(new, command=Text(_NEW_LINK, bold=True)))
        return self._sheet.html(t.gettext("Nothing was joined"), body, t, status)

    def _browser(self, request: Request) -> str:
        return request.cookies.get(self._cookie, "")[:LONGEST]

    def _set_cookie(self, answer: Response, value: str, seconds: int) -> None:
        """No script reads it, and no other site's form sends it; GitHub's redirect does."""
        answer.set_cookie(self._cookie, value, seconds, path="/", secure=self._secure, httponly=True, samesite="lax")

    def _forget(self, answer: Response) -> Response:
        self._set_cookie(answer, "", 0)
        return answer


def _word(body: bytes) -> str:
    """What our form sends; "" for any other."""
    try:
        return parse_qs(body.decode("ascii"), max_num_fields=5).get("word", [""])[0][:LONGEST]
    except ValueError:
        return ""


def asker(template: str, joining: Joining) -> Line:
    """A sentence that names who asked, and their community. Each is whatever somebody calls themselves."""
    person, community = Text(joining.asker, bold=True), Text(joining.community, bold=True)
    return fill(template, person=person, community=community)


def _both(joining: Joining, t: Language) -> tuple[str, str]:
    login = fill(t.gettext("On GitHub you are {login}."), login=Text(joining.login, bold=True))
    joined = t.gettext("This account would be joined with {person}.")
    if joining.community:
        joined = t.gettext("This account would be joined with {person} in the community {community}.")
    then = t.gettext("Both are one person then, and what either did counts for that person.")
    return paragraph(login), paragraph((*asker(joined, joining), Text(f" {then}")))


def _close(t: Language) -> str:
    first = Text(t.gettext("If you did not ask for this, close the page."), bold=True)
    why = t.gettext("Somebody may have sent you their own link, so that what you did on GitHub counts for them.")
    return paragraph(line(first, f" {why}"))


def add_sign_in(app: FastAPI, sign_ins: SignIns, public_url: str, github: str) -> None:
    """The pages; see `Pages`."""
    pages = Pages(sign_ins, public_url, github)

    @app.get(BEGIN)
    async def show(request: Request, state: str = "") -> Response:
        return await pages.show(state[:LONGEST], await spoken(request))

    @app.post(BEGIN)
    async def begin(request: Request, state: str = "") -> Response:
        return await pages.begin(state[:LONGEST], await spoken(request))

    @app.get(BACK)
    async def back(request: Request, state: str = "", code: str = "") -> Response:
        return await pages.come_back(request, state[:LONGEST], code[:LONGEST], await spoken(request))

    @app.get(CONFIRM)
    async def ask(request: Request) -> Response:
        return await pages.ask(request, await spoken(request))

    @app.post(CONFIRM)
    async def agree(request: Request) -> Response:
        return await pages.agree(request, await spoken(request))
