"""`[[webhook]]` in a rule book: what is refused, at its line and with what to write instead."""

from __future__ import annotations

import pytest

from core.rules.book import RuleBook
from core.rules.loading import examine, load

BOOK = """rules = 1
[achievement.helper]
name = "Helper"
when = "message.posted"

[[webhook]]
name = "crm"
url = "https://example.org/plaudit"
secret_env = "PLAUDIT_OUT_CRM_SECRET"
"""


def book(more: str = "", url: str | None = None) -> RuleBook:
    return load((BOOK if url is None else BOOK.replace("https://example.org/plaudit", url)) + more, "rules.toml")


def faults(more: str = "", **changed: str) -> list[str]:
    """What is said about the book with other values for some keys."""
    lines = [_changed(line, changed) for line in BOOK.splitlines()]
    return [str(error) for error in examine("\n".join(lines) + "\n" + more, "rules.toml").errors]


def _changed(line: str, changed: dict[str, str]) -> str:
    key = line.partition(" =")[0]
    return f"{key} = '{changed[key]}'" if key in changed and line.startswith(key) and key != "name" else line


def test_everything_is_told_where_nothing_is_said() -> None:
    (webhook,) = book().webhooks
    assert webhook.wants("award.given", "helper")
    assert webhook.wants("digest.posted")


def test_events_and_achievements_narrow_it_down() -> None:
    (webhook,) = book('events = ["award.given", "level.reached"]\nachievements = ["helper"]').webhooks
    assert webhook.wants("award.given", "helper")
    assert not webhook.wants("award.given", "other")
    assert not webhook.wants("award.revoked", "helper")
    assert webhook.wants("level.reached")


@pytest.mark.parametrize(
    "url", ["https://example.org", "https://a.example:8443/x?y=1", "https://8.8.8.8/", "https://[2606:4700::1]/"]
)
def test_public_addresses_are_accepted(url: str) -> None:
    assert book(url=url).webhooks[0].url == url


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9000/x", "https://10.1.2.3/", "http://crm.internal:8080/", "https://[::1]:9/"]
)
def test_an_own_network_needs_a_word(url: str) -> None:
    assert book("allow_private = true", url=url).webhooks[0].url == url
    assert len(faults(url=url)) == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.org/", "write https://"),
        ("ftp://example.org/", "write https://"),
        ("https://user:word@example.org/", "name or password before the host"),
        ("https://user@example.org/", "name or password before the host"),
        ("https://example.org:8080/", "port 8080"),
        ("https://example.org:22/", "port 22"),
        ("https://example.org:99999/", "is no address"),
        ("https://", "is no address"),
        ("https://example.org/#part", "is no address"),
        ("https://exa mple.org/", "without blanks"),
        ("https://example.org\\@127.0.0.1/", "without blanks"),
        ("https://bücher.example/", "ASCII form"),
        ("https://１２７.０.０.１/", "ASCII form"),
        ("https://127.0.0.1/", "not public"),
        ("https://[fd00::1]/", "not public"),
        ("https://2130706433/", "unusual form"),
        ("https://0x7f.0.0.1/", "unusual form"),
        ("https://0x7f000001/", "unusual form"),
        ("https://0177.0.0.1/", "unusual form"),
        ("https://127.1/", "unusual form"),
        ("https://127.0.0.1./", "unusual form"),
        ("https://[fe80::1%25eth0]/", "unusual form"),
        ("https://169.254.169.254/", "nothing is sent to such"),
        ("https://0.0.0.0/", "nothing is sent to such"),
        ("https://[::ffff:127.0.0.1]/", "nothing is sent to such"),
        ("https://[64:ff9b::7f00:1]/", "nothing is sent to such"),
    ],
)
def test_every_other_address_is_refused_at_its_line(url: str, said: str) -> None:
    (fault,) = faults(url=url)
    assert fault.startswith("rules.toml:8 webhook[1].url: ")
    assert said in fault


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/latest", "https://[::ffff:10.0.0.1]/", "http://0/", "http://[fe80::1]/"]
)
def test_no_word_opens_what_is_never_asked(url: str) -> None:
    assert len(faults("allow_private = true", url=url)) == 1


def test_a_secret_does_not_belong_into_the_book() -> None:
    secret = "whsec_bm90IGEgc2VjcmV0IGF0IGFsbA=="
    (fault,) = faults(secret_env=secret)
    assert fault.startswith("rules.toml:9 webhook[1].secret_env: write the name of a variable in .env")
    assert secret not in fault


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('events = ["award.gone"]', 'rules.toml:10 webhook[1].events[1]: Did you mean "award.given"?'),
        (
            'achievements = ["helpr"]',
            'rules.toml:10 webhook[1].achievements: no achievement is called "helpr". Did you mean',
        ),
        ("event = 3", 'rules.toml:10 webhook[1]: unknown key "event". Did you mean "events"?'),
        (
            '[[webhook]]\nname = "crm"\nurl = "https://x.example/"\nsecret_env = "PLAUDIT_OUT_X_SECRET"',
            'rules.toml:7 webhook[1].name: another webhook is called "crm"',
        ),
        (
            '[[webhook]]\nname = "x"\nsecret_env = "PLAUDIT_OUT_X_SECRET"',
            'webhook[2]: "url" is missing; add url = "https://',
        ),
    ],
)
def test_slips_are_told_with_the_remedy(more: str, said: str) -> None:
    assert any(said in fault for fault in faults(more)), faults(more)
