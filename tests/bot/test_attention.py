"""What is counted of messages and buttons: numbers, and nobody's name."""

from __future__ import annotations

from adapters.storage.store import Store, open_store
from adapters.web.metrics import exposition
from bot.attention import Attention
from bot.courier import Courier
from bot.desk import FrontDesk
from core.announcements import Badge, earned_privately
from core.cards import note
from core.ports import Delivery, Destination, Receipt
from core.requests import Request
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import NOON, THREE, book
from tests.databases import fresh


class Taking:
    async def send(self, delivery: Delivery) -> Receipt:
        return Receipt("1")

    async def set_roles(self, account: str, wanted: frozenset[str], managed: frozenset[str]) -> None: ...


async def opened(folder: object) -> Store:
    return await open_store(fresh(folder), [book(THREE)], Clock())  # type: ignore[arg-type] # pytest's folder


async def test_messages_and_presses_are_counted_without_names(tmp_path: object) -> None:
    store, attention = await opened(tmp_path), Attention()
    courier = Courier(store, lambda: {"slack:T1": Taking()}, attention.shown)
    await store.run_once("default", "digest", "2026-W11", note("Hello"), [Destination("slack:T1", "channel", "C1")])
    await courier._set_out()
    await courier.close(5)
    desk = FrontDesk(store, asked=attention.asked)
    quieter = earned_privately(Badge("three", "Three")).buttons[1]
    for verb, arguments in (
        (quieter.verb, {"argument": quieter.argument}),
        ("settings", {"argument": "announce=none"}),
        ("settings", {"choice": "announce=digest"}),  # typed, not pressed
        ("achievements", {"argument": "all"}),
        ("made-up", {"argument": "x"}),
    ):
        answer = await desk.answer(Request(verb, "slack:T1", "slack:T1/Amira", verb, NOON, arguments))
        assert answer.card is not None
    said = exposition(attention.measures())
    await store.close()
    assert 'plaudit_messages_shown_total{kind="channel"} 1\n' in said
    assert 'plaudit_buttons_pressed_total{button="settings"} 2\n' in said
    assert 'plaudit_buttons_pressed_total{button="other"} 1\n' in said
    assert 'plaudit_asked_for_less_total{what="quieter"} 1\n' in said
    assert 'plaudit_asked_for_less_total{what="announce=none"} 1\n' in said
    assert "Amira" not in said


async def test_quieter_please_shows_the_settings(tmp_path: object) -> None:
    store = await opened(tmp_path)
    asked = Request("r", "slack:T1", "slack:T1/Amira", "settings", NOON, {"argument": "quieter"})
    answer = await FrontDesk(store).answer(asked)
    await store.close()
    assert answer.statements == ()
    assert "announce=none" in {button.argument for button in answer.card.buttons}
