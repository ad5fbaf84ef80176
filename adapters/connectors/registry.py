"""Which connector reads a source: by the part of the source before the colon."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.connectors import (
    buttondown,
    github,
    gitlab,
    hubspot,
    jira,
    mailchimp,
    moodle,
    roster,
    typeform,
    xapi,
    zendesk,
)
from adapters.connectors.connector import Connector
from adapters.connectors.form import of_book
from core.rules.book import RuleBook

CONNECTORS: Mapping[str, Connector] = {
    "github": github,
    "gitlab": gitlab,
    "jira": jira,
    "zendesk": zendesk,
    "hubspot": hubspot,
    "moodle": moodle,
    "xapi": xapi,
    "mailchimp": mailchimp,
    "buttondown": buttondown,
    "typeform": typeform,
    "roster": roster,
}
PROBED = frozenset({"mailchimp"})
"""Services that ask by GET whether anybody is there before they send anything."""
HEADERS: Mapping[str, Mapping[str, str]] = {
    "github": {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"},
    "xapi": xapi.HEADERS,
}
"""What a service's API wants to be told with every request."""
LARGEST_ANSWERS: Mapping[str, int] = {"gitlab": 16_000_000}
"""Bytes, where an answer may be larger than usual: GitLab lists deliveries with all that they held."""
TOKEN_PARAMETERS: Mapping[str, str] = {"moodle": "wstoken"}
"""Services that want the token in the query, and how it is called there."""


def connector_of(source: str, book: RuleBook | None = None) -> Connector:
    """The connector for `github:acme`; for a source without one, what the rule book of its community says."""
    return CONNECTORS.get(kind_of(source)) or of_book(source, book)


def kind_of(source: str) -> str:
    """`github` of `github:acme`."""
    return source.partition(":")[0]
