"""Signing in elsewhere while it is under way: who gets it with their data, and what is left of it after an erasure."""

from __future__ import annotations

from adapters.storage import link_codes, sign_ins
from adapters.storage.erasure import erase
from adapters.storage.exporting import collect
from adapters.storage.link_codes import Fresh
from adapters.storage.sign_ins import SignIn
from adapters.storage.store import Store
from core.link_codes import GOOD_FOR
from core.ports import Person
from tests.adapters.storage.conftest import Open
from tests.adapters.storage.said import HEAD, NOON, TEAM

WHO, CODER = f"{TEAM}/UASKS77", "github:acme/4242"
LINK, BROWSER = "THE-LINK", "the-cookie"


async def under_way(store: Store) -> SignIn | None:
    return await store.look(lambda db: sign_ins.under_way(db, BROWSER, NOON))


async def begun(opened: Open) -> Store:
    store = await opened(HEAD)
    await store.meet([Person(WHO, "Lena")])

    def work(db: link_codes.Db) -> int:
        link_codes.keep(db, "default", WHO, "forge", Fresh("ABCDEFGHJK", "TOKEN"), "C1", NOON)
        sign_ins.offer(db, "default", "TOKEN", LINK, NOON)
        assert sign_ins.begin(db, LINK, BROWSER, NOON)
        assert sign_ins.come_back(db, BROWSER, NOON)
        sign_ins.name(db, BROWSER, CODER, "lena-k")
        return 0

    await store.perform(work)
    assert await under_way(store) == SignIn("default", "TOKEN", WHO, CODER, "lena-k")
    return store


async def test_who_signed_in_is_named_once(opened: Open) -> None:
    store = await begun(opened)
    await store.perform(lambda db: [sign_ins.name(db, BROWSER, "github:acme/66", "mallory")])
    found = await under_way(store)
    assert found is not None
    assert found.account == CODER


async def test_it_is_exported_without_its_secrets(opened: Open) -> None:
    store = await begun(opened)
    found = await store.look(lambda db: collect(db, "default", [CODER]))
    assert [row["name"] for row in found["sign_in"]] == ["lena-k"]
    assert {"mark", "browser", "hash", "token"}.isdisjoint(found["sign_in"][0])


async def test_whoever_is_erased_leaves_none(opened: Open) -> None:
    store = await begun(opened)
    plan = store.communities.served["default"].plan
    await store.perform(lambda db: erase(db, "default", [CODER], [], plan, NOON))
    assert await store.look(lambda db: db.exec_driver_sql("SELECT COUNT(*) FROM sign_in").scalar_one()) == 0


async def test_a_code_that_is_erased_ends_its_link(opened: Open) -> None:
    store = await begun(opened)
    plan = store.communities.served["default"].plan
    await store.perform(lambda db: erase(db, "default", [WHO], [], plan, NOON))
    assert await under_way(store) is None


async def test_old_ones_are_swept_out(opened: Open) -> None:
    store = await begun(opened)
    await store.perform(lambda db: [sign_ins.offer(db, "default", "OTHER", "X", NOON + GOOD_FOR)])
    assert await store.look(lambda db: db.exec_driver_sql("SELECT COUNT(*) FROM sign_in").scalar_one()) == 0
