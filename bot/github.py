"""GitHub, as far as this installation reaches it: which source its accounts belong to, gists, and links to sign in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import structlog

from adapters.connectors.github.gists import read_gist, root_of
from adapters.connectors.registry import HEADERS
from adapters.connectors.service import HttpService
from adapters.storage import guesses, link_codes, sign_ins
from adapters.storage.link_codes import Proved
from adapters.storage.store import Store
from bot.forwarding import source_of
from bot.hook_settings import Api
from core.claim_codes import Choose, make
from core.connectors import Proof, Unreachable
from core.errors import MalformedStatement
from core.events import Account
from core.link_gists import Gist, Read, ReadGist, judge
from core.ports import Person
from core.serving import Served
from core.sign_ins import LINK_LENGTH, Door

KIND = "GITHUB"
SLOWEST = 2.0  # seconds: a platform waits for the answer to a form hardly longer
LARGEST = 1_000_000  # bytes of a gist
_STATES: Mapping[int, Read] = {404: "unknown", 403: "busy", 429: "busy"}
log = structlog.get_logger(__name__)


class GitHub:
    """`apis` by the name of the source in the settings; `heard`: names of sources that may post here; `door`: None
    where nobody can sign in; `slowest`: seconds for reading a gist."""

    def __init__(
        self,
        store: Store,
        apis: Mapping[str, Api],
        heard: Iterable[str] = (),
        door: Door | None = None,
        slowest: float = SLOWEST,
    ) -> None:
        self._store = store
        self._apis = {name: api for name, api in apis.items() if _is_github(name)}
        self._names = [*self._apis, *(name for name in heard if _is_github(name) and name not in self._apis)]
        self.door = door
        self.slowest = slowest

    async def source(self, community: str) -> str | None:
        """The first one in a community's book that is GitHub's; where it names none, the first that may post here. None
        that is read at another GitHub than the door leads to: the same number is somebody else there."""
        return next((source for name, source in await self._sources(community) if self._is_here(name)), None)

    async def sign_in(self, community: str, account: Account, choose: Choose) -> str | None:
        """A link of their own for whoever has a code to post; it ends with the code."""
        if self.door is None or await self.source(community) is None:
            return None
        state, now = make(choose, LINK_LENGTH), self._store.now()

        def work(db: link_codes.Db) -> bool:
            token = link_codes.token_of(db, community, account, now)
            if token is not None:
                sign_ins.offer(db, community, token, state, now)
            return token is not None

        offered = await self._store.perform(work)
        return f"{self.door.public_url}/link/github?state={state}" if offered else None

    async def read_gist(self, served: Served, account: Account, id_: str) -> ReadGist:
        """Reads it, and lets it prove the code that this account has to post."""
        community, now = served.plan.community, self._store.now()
        who = f"link {community}/{account}"
        api = await self._api(community)
        if api is None:
            return ReadGist("off")
        if await self._store.look(lambda db: guesses.is_locked(db, who, now)):
            return ReadGist("locked")
        issued = await self._store.look(lambda db: link_codes.issued(db, community, account, now))
        if issued is None:
            return ReadGist("unasked")
        read = await self._ask(api[0], id_)
        found = await self._proved(served, account, api[1], read, issued) if isinstance(read, Gist) else ReadGist(read)
        if found.outcome != "right":
            await self._store.perform(lambda db: guesses.note_wrong(db, who, now))
        return found

    async def reads_gists(self, community: str) -> bool:
        return await self._api(community) is not None

    async def _api(self, community: str) -> tuple[Api, str] | None:
        """The first API of the community, and its source."""
        return next(((self._apis[n], s) for n, s in await self._sources(community) if n in self._apis), None)

    async def _ask(self, api: Api, id_: str) -> Gist | Read:
        token, headers = api.token.get_secret_value(), HEADERS["github"]
        try:
            async with HttpService(root_of(api.url), token, headers, self.slowest, largest=LARGEST) as service:
                return await read_gist(service, id_)
        except (Unreachable, MalformedStatement) as error:
            status = error.status if isinstance(error, Unreachable) else None
            if status != 404:
                log.warning("a gist could not be read", reason=str(error))
            return _STATES.get(status or 0, "silent")

    async def _proved(self, served: Served, account: Account, source: str, gist: Gist, issued: int) -> ReadGist:
        if (outcome := judge(gist, issued)) != "right":
            return ReadGist(outcome)
        owner, now = f"{source}/{gist.owner}", self._store.now()
        proofs = [Proof(owner, gist.login, code) for code in gist.codes]
        proved = await self._store.perform(lambda db: link_codes.prove_own(db, served, account, proofs, now))
        if proved is None:
            return ReadGist("codeless")
        return await self._met(owner, gist.login, proved)

    async def _met(self, owner: Account, login: str, proved: Proved) -> ReadGist:
        if not proved.token:
            return ReadGist("taken")
        await self._store.meet([Person(owner, login)])
        return ReadGist("right", owner, login, proved.token)

    def _is_here(self, name: str) -> bool:
        api = self._apis.get(name)
        return self.door is None or api is None or root_of(api.url).rstrip("/") == self.door.app.api

    async def _sources(self, community: str) -> list[tuple[str, str]]:
        """(name in the settings, source) of those that belong to the community, in the order of its book."""
        named = [(name, await source_of(self._store, name)) for name in self._names]
        of = self._store.communities.of_source
        found = [(name, source) for name, source in named if source is not None and of(source) == community]
        order = self._store.communities.served[community].plan.book.community.sources or ()
        return sorted(found, key=lambda pair: order.index(pair[1]) if pair[1] in order else len(order))


def _is_github(name: str) -> bool:
    return name.partition("_")[0] == KIND
