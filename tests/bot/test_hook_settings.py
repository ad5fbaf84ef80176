"""Secrets that services make themselves, and the addresses of their APIs."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pytest

from bot.settings import read
from core.errors import ConfigurationError

WHSEC = "whsec_" + base64.b64encode(b"key-" * 6).decode()
API = {
    "PLAUDIT_HOOK_GITHUB_ACME_URL": "https://api.github.com/orgs/acme",
    "PLAUDIT_HOOK_GITHUB_ACME_TOKEN": "hunter2-token",
}


def faults(**values: str) -> Sequence[str]:
    with pytest.raises(ConfigurationError) as caught:
        read(values, None)
    assert not any(value in str(caught.value) for value in values.values() if len(value) > 5)
    return caught.value.faults


def test_a_service_has_a_secret_of_its_own_form() -> None:
    found = read({"PLAUDIT_HOOK_GITHUB_ACME_SECRET": "old-secret new-secret"}, None)
    assert found.hook_secrets("github:acme") == ("old-secret", "new-secret")
    assert read({"PLAUDIT_HOOK_GITLAB_ACME_SECRET": WHSEC}, None).hook_secrets("gitlab:acme") == (WHSEC,)


@pytest.mark.parametrize("kind", ["github", "form", "roster"])
def test_a_secret_opens_no_source_that_is_only_written_alike(kind: str) -> None:
    found = read({f"PLAUDIT_HOOK_{kind.upper()}_ACME_SECRET": WHSEC}, None)
    assert found.hook_secrets(f"{kind}:acme") == (WHSEC,)
    for source in (f"{kind}-acme", f"{kind}_acme", f"{kind}.acme", f"{kind.upper()}:acme", f"{kind}-acme:x"):
        assert found.hook_secrets(source) == ()


def test_other_sources_sign_by_standard_webhooks() -> None:
    assert faults(PLAUDIT_HOOK_DESK_ACME_SECRET="new-secret")
    assert faults(PLAUDIT_HOOK_GITHUBBER_SECRET="new-secret")
    (short,) = faults(PLAUDIT_HOOK_GITHUB_ACME_SECRET="new-secret short")
    assert "too short" in short


def test_the_api_of_a_source_is_an_address_and_a_token() -> None:
    found = read(API, None)
    assert found.apis["GITHUB_ACME"].url == "https://api.github.com/orgs/acme"
    assert "hunter2-token" in found.secrets()
    assert "hunter2-token" not in repr(found)


def test_half_an_api_is_a_fault() -> None:
    for name in API:
        (fault,) = faults(**{name: API[name]})
        assert fault.startswith("PLAUDIT_HOOK_GITHUB_ACME_")
        assert "is missing" in fault


@pytest.mark.parametrize("url", ["http://api.github.com", "api.github.com", "https://me:pass-word@example.org"])
def test_a_token_is_not_sent_where_others_read_it(url: str) -> None:
    (fault,) = faults(**{**API, "PLAUDIT_HOOK_GITHUB_ACME_URL": url})
    assert fault == "PLAUDIT_HOOK_GITHUB_ACME_URL: is no safe address for a token; write https://host/path"
