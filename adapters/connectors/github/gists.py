"""Gists, read through the API: whose they are is GitHub's word, not that of their address."""

from __future__ import annotations

import re

from adapters.connectors.connector import Service
from adapters.connectors.forge import codes_in
from adapters.connectors.payload import Payload, as_object
from core.link_gists import Gist

MOST_FILES = 20
_PLACE = re.compile(r"/(?:orgs/[^/]+|repos/[^/]+/[^/]+)/?\Z")


async def read_gist(service: Service, id_: str) -> Gist:
    """`service`: at the root of GitHub's API. Raises Unreachable, MalformedStatement."""
    found = as_object(await service.get(f"gists/{id_}"), "the gist")
    owner, at = found.object("owner"), max(found.time("created_at"), found.time("updated_at"))
    files = found.object("files").data
    texts = [Payload(file).prose("content") for file in files.values()] if isinstance(files, dict) else []
    codes = tuple(code for text in texts[:MOST_FILES] for code in codes_in(text))
    return Gist(owner.whole("id"), owner.short_text("login"), at, _is_sole(found, owner), codes)


def root_of(url: str) -> str:
    """Of the address of an organisation or repository in the API, where that API begins."""
    return _PLACE.sub("", url)


def _is_sole(gist: Payload, owner: Payload) -> bool:
    """By a person, no fork, and every version was written by its owner. A fork holds its first author's versions."""
    authors = [version.look("user.id") for version in gist.each("history")]
    if owner.look("type") != "User" or gist.look("fork_of") is not None:
        return False
    return bool(authors) and all(author == owner.look("id") for author in authors)
