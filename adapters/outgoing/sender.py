"""Sends one signed document to one address (https://www.standardwebhooks.com), and says what was answered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from aiohttp.abc import AbstractResolver
from standardwebhooks import Webhook
from yarl import URL

from adapters.outgoing.guard import Guard, Refused, guarded
from core.errors import Ambiguous, Undeliverable

PATIENCE = 10.0  # seconds for everything
READ_WITHIN = 2.0  # seconds: an answer is complete with its first line, the rest is politeness
MOST_READ = 4096
LONGEST_WAIT = 11  # digits of Retry-After
REFUSED = (
    "the address is not public, so nothing was sent; if it is meant to lie in your own network, write "
    "allow_private = true beside it"
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to send. `secrets`: one, or several while they are changed. `private`: own networks are allowed."""

    url: str
    secrets: tuple[str, ...]
    private: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered: the status, and in how many seconds to ask again, if that was said."""

    status: int
    after: float | None = None

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


class Sender:
    """`resolver`: looks names up; None for this computer's own way. `patience`: seconds for one request."""

    def __init__(self, resolver: AbstractResolver | None = None, patience: float = PATIENCE) -> None:
        self._resolver = resolver
        self._patience = patience

    async def send(self, endpoint: Endpoint, id_: str, document: bytes, now: int) -> Reply:
        """`now`: UTC microseconds, signed with it. Raises Undeliverable for an address that the guard refuses,
        Ambiguous where there was no answer; neither text holds anything that the other side said."""
        headers = signed(endpoint.secrets, id_, document, now)
        try:
            return await self._post(endpoint, document, headers, now)
        except aiohttp.InvalidURL as error:
            raise Undeliverable("its address cannot be read; write https://host/path") from error
        except TimeoutError as error:
            raise Ambiguous(f"no answer within {self._patience:g} seconds") from error
        except aiohttp.ClientConnectorCertificateError as error:
            raise Ambiguous("its certificate is not valid for this host") from error
        except aiohttp.ClientConnectorDNSError as error:
            raise Ambiguous("its host is not known") from error
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, Refused):
                raise Undeliverable(REFUSED) from error
            raise Ambiguous("it cannot be reached") from error
        except aiohttp.ClientConnectionError as error:
            raise Ambiguous("the connection broke before it answered") from error
        except aiohttp.ClientError as error:
            raise Ambiguous("what it answered is no HTTP") from error

    async def _post(self, endpoint: Endpoint, document: bytes, headers: Mapping[str, str], now: int) -> Reply:
        url = URL(endpoint.url, encoded=True)
        guard = Guard(endpoint.private, plain=url.scheme != "https")
        async with (
            aiohttp.ClientSession(
                connector=guarded(guard, self._resolver),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._patience),
                auto_decompress=False,  # a small body that unpacks to a large one is not unpacked at all
            ) as session,
            session.post(url, data=document, headers=headers, allow_redirects=False) as response,
        ):
            reply = Reply(response.status, retry_after(response.headers.get("retry-after", ""), now))
            with contextlib.suppress(TimeoutError, aiohttp.ClientError, asyncio.IncompleteReadError):
                async with asyncio.timeout(READ_WITHIN):
                    await response.content.readexactly(MOST_READ)
            return reply


def signed(secrets: tuple[str, ...], id_: str, document: bytes, now: int) -> dict[str, str]:
    """The headers of one attempt; each secret signs it."""
    seconds = now // 1_000_000
    at = datetime.fromtimestamp(seconds, UTC)
    return {
        "content-type": "application/json",
        "user-agent": "Plaudit",
        "webhook-id": id_,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(Webhook(secret).sign(id_, at, document.decode()) for secret in secrets),
    }


def retry_after(written: str, now: int) -> float | None:
    """Seconds of a Retry-After header, which has a number or a date; None for anything else."""
    if written.isascii() and written.isdigit() and len(written) <= LONGEST_WAIT:
        return float(written)
    try:
        until = parsedate_to_datetime(written)
    except ValueError:
        return None
    return max(0.0, until.replace(tzinfo=until.tzinfo or UTC).timestamp() - now / 1e6)
