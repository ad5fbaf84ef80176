"""The connection: lost, half open, refreshed; the edge comes back by itself and reads what it missed."""

import asyncio
from collections.abc import Sequence

import pytest

from adapters.slack.times import SECOND
from bot.playground.slack_server import SlackServer
from core.errors import StorageUnavailable
from core.events import Statement
from core.ports import Taken
from tests.adapters.slack.conftest import AMIRA, BEN, CHEN, GENERAL, Rig, Start, build, connected, until
from tests.fakes import FakeInbox, FakeNotebook


async def hears_again(rig: Rig, text: str = "after") -> None:
    """A message written from now on arrives."""
    before = len(rig.inbox.of_type("message.posted"))
    await rig.server.say(AMIRA, GENERAL, text)
    await until(lambda: len(rig.inbox.of_type("message.posted")) > before, 15)


async def test_a_dropped_connection_is_replaced(rig: Rig) -> None:
    rig.server.drop()
    await rig.server.until(lambda: not rig.server.connections)
    await rig.server.until(lambda: rig.server.connections, 15)
    await hears_again(rig)


async def test_a_refresh_is_followed(rig: Rig) -> None:
    old = list(rig.server.connections)
    await rig.server.refresh()
    await rig.server.until(lambda: rig.server.connections and rig.server.connections[0] not in old, 15)
    await hears_again(rig)


async def test_a_half_open_connection_is_found_dead_and_replaced(rig: Rig) -> None:
    old = list(rig.server.connections)
    rig.server.freeze()
    await rig.server.until(lambda: any(c not in old for c in rig.server.connections), 20)
    for connection in old:
        connection.abort()
    await rig.server.until(lambda: all(c not in old for c in rig.server.connections), 5)
    await hears_again(rig)


async def test_when_the_library_has_given_up_the_edge_builds_the_connection_anew(rig: Rig) -> None:
    handler = rig.edge._connection._handler
    assert handler is not None
    assert handler.client.current_session_monitor is not None
    handler.client.current_session_monitor.cancel()  # the task of the SDK that would reconnect
    rig.server.drop()
    await rig.server.until(lambda: not rig.server.connections)
    await rig.server.until(lambda: rig.server.connections, 15)
    assert rig.edge._connection._handler is not handler
    await hears_again(rig)


async def test_slack_gone_for_a_while_and_back_is_connected_again(server: SlackServer, start: Start) -> None:
    rig = await start()
    port = server.port
    await server.stop()
    await until(lambda: not rig.edge.connected, 10)
    await server.start(port)
    await until(lambda: rig.edge.connected, 20)
    await hears_again(rig)


async def test_a_stopped_edge_leaves_no_connection_and_no_task(server: SlackServer) -> None:
    before = len(asyncio.all_tasks())
    async with connected(build(server)):
        pass
    await server.until(lambda: not server.connections)
    await until(lambda: len(asyncio.all_tasks()) <= before + 1)


def ids(found: list[Statement]) -> set[str]:
    return {s.id for s in found}


async def test_what_was_written_while_the_process_was_down_for_long_is_read(server: SlackServer) -> None:
    notebook = FakeNotebook()
    async with connected(build(server, notebook=notebook)) as rig:
        await until(lambda: notebook.entries)
    server.timing.retry_delays = ()  # Slack has long given up
    post = await server.say(AMIRA, GENERAL, "while you were away")
    answer = await server.reply(BEN, GENERAL, post["ts"], "and answered")
    await server.react(CHEN, GENERAL, answer["ts"], "bulb::skin-tone-2")
    key = f"{rig.edge.source}/heard"
    notebook.entries[key] = str(int(notebook.entries[key]) - 600 * SECOND)
    async with connected(build(server, notebook=notebook)) as rig:
        await until(lambda: len(rig.inbox.live()) == 4)
        live = rig.inbox.live()
    assert live[f"message:{GENERAL}/{post['ts']}"].facts["recovered"] is True
    assert live[f"message:{GENERAL}/{answer['ts']}"].author == rig.account(AMIRA)
    mark = live[f"reaction:{GENERAL}/{answer['ts']}/{CHEN}/bulb"]
    assert (mark.facts["recovered"], mark.facts["at_is_approximate"]) == (True, True)
    assert f"thread:{GENERAL}/{post['ts']}" in live


async def limited(rig: Rig) -> None:
    """Slack says that it sent not all of the last minute."""
    minute = int(rig.server.world.ticker.seconds()) - 60
    said = {"type": "app_rate_limited", "team_id": rig.server.me.team_id, "minute_rate_limited": minute}
    envelope = {"type": "events_api", "envelope_id": "e1", "payload": said, "accepts_response_payload": False}
    await rig.server.connections[0].ws.send_json(envelope)


class SlowInbox(FakeInbox):
    """Takes nothing before it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = asyncio.Event()

    async def take(self, statements: Sequence[Statement]) -> Taken:
        await self.opened.wait()
        return await super().take(statements)


class SlowNotebook(FakeNotebook):
    """Says nothing before it is opened, and then that it cannot read, `refusals` times."""

    def __init__(self, refusals: int = 0) -> None:
        super().__init__()
        self.opened, self.refusals = asyncio.Event(), refusals

    async def read(self, key: str) -> str | None:
        await self.opened.wait()
        if self.refusals:
            self.refusals -= 1
            raise StorageUnavailable("the disk does not answer")
        return await super().read(key)


async def test_it_has_not_caught_up_before_it_knows_what_was_missed(server: SlackServer) -> None:
    notebook = SlowNotebook()
    async with connected(build(server, notebook=notebook)) as rig:
        assert not rig.edge.caught_up
        notebook.opened.set()
        await until(lambda: rig.edge.caught_up)


async def test_what_was_missed_is_read_however_late_the_database_says_since_when(server: SlackServer) -> None:
    notebook, key = SlowNotebook(refusals=1), f"slack:{server.me.team_id}/heard"
    server.timing.retry_delays = ()
    await server.say(AMIRA, GENERAL, "while you were away")
    since = notebook.entries[key] = str(int((server.world.ticker.seconds() - 600) * SECOND))
    async with connected(build(server, notebook=notebook)) as rig:
        await asyncio.sleep(0.5)  # the connection is well, more than once
        assert notebook.entries[key] == since
        notebook.opened.set()
        await until(lambda: rig.edge.caught_up)
        assert len(rig.inbox.of_type("message.posted")) == 1


async def test_it_has_caught_up_once_all_that_was_missed_is_read(server: SlackServer) -> None:
    notebook, inbox = FakeNotebook(), SlowInbox()
    async with connected(build(server, notebook=notebook)) as rig:
        await until(lambda: notebook.entries and rig.edge.caught_up)
    assert not rig.edge.caught_up  # not even connected
    server.timing.retry_delays = ()
    await server.say(AMIRA, GENERAL, "while you were away")
    key = f"{rig.edge.source}/heard"
    notebook.entries[key] = str(int(notebook.entries[key]) - 600 * SECOND)
    async with connected(build(server, notebook=notebook, inbox=inbox)) as rig:
        await until(lambda: server.called("conversations.history"))
        assert not rig.edge.caught_up
        inbox.opened.set()
        await until(lambda: rig.edge.caught_up)
        assert len(rig.inbox.of_type("message.posted")) == 1
        inbox.opened.clear()
        await limited(rig)
        await until(lambda: not rig.edge.caught_up)
        inbox.opened.set()
        await until(lambda: rig.edge.caught_up)


async def test_after_a_short_absence_nothing_is_read_for_slack_repeats_it(server: SlackServer) -> None:
    notebook = FakeNotebook()
    async with connected(build(server, notebook=notebook)):
        await until(lambda: notebook.entries)
    async with connected(build(server, notebook=notebook)):
        await asyncio.sleep(0.3)
    assert server.called("conversations.history") == []


async def test_events_that_slack_dropped_for_their_number_are_read_afterwards(server: SlackServer) -> None:
    async with connected(build(server)) as rig:
        server.members[GENERAL].remove(server.me.bot_user)  # so the event is not sent
        post = await server.say(AMIRA, GENERAL, "one of very many")
        server.members[GENERAL].append(server.me.bot_user)
        await limited(rig)
        await until(lambda: rig.inbox.statements)
        assert ids(rig.inbox.of_type("message.posted")) == {f"message:{GENERAL}/{post['ts']}"}


async def test_a_proxy_of_the_environment_does_not_come_between_us_and_a_local_slack(
    server: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with connected(build(server)) as rig:
        await server.slash(AMIRA, GENERAL, "/achievements")
        await server.until(lambda: server.ephemerals_for(AMIRA))
        await hears_again(rig)
