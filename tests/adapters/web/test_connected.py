"""What the web application does with what connectors read."""

from __future__ import annotations

import pytest
from yarl import URL

from tests.adapters.web.desk import LIMIT, NEW, NOW, Sender, Shelf, sign


async def test_what_a_connector_leaves_out_is_kept_and_told(sender: Sender, shelf: Shelf) -> None:
    status, told = await sender.post({}, source="odd:one")
    assert status == 200
    url = "https://plaudit.example.org/hooks/odd:one"
    assert told == {"new": 1, "duplicates": 0, "ignored": ["?: POST", f"url: {url}"], "repeated": False}
    assert shelf.left == [("odd:one", "?", "POST"), ("odd:one", "url", url)]


async def test_a_connector_hears_the_address_as_it_was_written(sender: Sender, shelf: Shelf) -> None:
    url = URL(f"{sender.address}/hooks/odd%3Aone?a=%2F&b", encoded=True)
    async with sender.http.post(url, data=b"{}", headers=sign(b"{}", NEW, "d1", NOW), timeout=LIMIT) as answer:
        assert answer.status == 200
    assert shelf.left[1][2] == "https://plaudit.example.org/hooks/odd%3Aone?a=%2F&b"


async def test_a_source_names_its_own_people_and_those_it_has_an_address_of(sender: Sender, shelf: Shelf) -> None:
    body = {"people": ["odd:one/7", "email/amira@example.org", "slack:T1/U7", "odd:onetwo/1"]}
    assert (await sender.post(body, source="odd:one"))[0] == 200
    assert [p.account for p in shelf.people] == ["odd:one/7", "email/amira@example.org"]
    assert {p.name for p in shelf.people} == {"Ami?ra" + "a" * 194}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"type": "grant.made"}, "is said by Plaudit alone"),
        ({"id": "\ud800"}, "holds what no statement can say"),
        ({"id": ""}, "id: is empty"),
        ({"id": "a" * 2_000}, "id: is longer than"),
    ],
)
async def test_what_a_connector_says_is_checked_like_everything_else(
    sender: Sender, shelf: Shelf, said: dict[str, str], reason: str
) -> None:
    status, told = await sender.post(said, source="odd:one")
    assert status == 422
    assert reason in told["error"]
    assert not shelf.held


async def test_a_service_that_asks_whether_anybody_is_there_is_answered(sender: Sender) -> None:
    async with sender.http.get(f"{sender.address}/hooks/mailchimp:list", timeout=LIMIT) as answer:
        assert answer.status == 200
    async with sender.http.head(f"{sender.address}/hooks/mailchimp:list", timeout=LIMIT) as answer:
        assert answer.status == 200
    async with sender.http.get(f"{sender.address}/hooks/mailchimp:other", timeout=LIMIT) as answer:
        assert answer.status == 405
        assert answer.headers["Allow"] == "POST"
