"""Notices as a real daemon shows them: replaced in place, with actions, and nothing of a stick is markup."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from core.host.notifications import Notice, Notifications, Urgency
from tests.support.buses import private_bus
from tests.support.descriptors import nothing_left
from tests.support.desktop import Dunst, dunst, screen


@pytest_asyncio.fixture
async def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Dunst]:
    with private_bus() as address, screen() as display:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        async with dunst(address, display, tmp_path) as daemon:
            yield daemon


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - the daemon prints, and tells nobody
            await asyncio.sleep(0.01)


async def test_what_comes_later_about_the_same_stands_in_place_of_what_was_said(daemon: Dunst) -> None:
    desktop = Notifications()
    desktop.show("stick-1", Notice("HOLIDAY was plugged in"))
    await desktop.settled()
    desktop.show("stick-1", Notice("HOLIDAY is ready", "14 GB"))
    desktop.show("stick-2", Notice("BACKUP is ready"))
    await desktop.settled()
    await until(lambda: "BACKUP" in daemon.said)
    assert "HOLIDAY is ready" in daemon.said
    assert await daemon.shown() == 2
    desktop.withdraw("stick-1")
    await desktop.settled()
    assert await daemon.shown() == 1
    await desktop.close()


async def test_a_click_on_a_notice_is_heard_once(daemon: Dunst) -> None:
    desktop, heard = Notifications(), asyncio.Event()
    keys: list[str] = []

    def act(key: str) -> None:
        keys.append(key)
        heard.set()

    desktop.show("stick-1", Notice("HOLIDAY is ready", "", (("default", "Open"), ("eject", "Eject"))), act)
    await desktop.settled()
    await until(lambda: "HOLIDAY" in daemon.said)
    await daemon.click()
    async with asyncio.timeout(20):
        await heard.wait()
    assert keys == ["default"]
    await desktop.close()


async def test_a_label_cannot_bring_markup_or_turn_the_text_around(daemon: Dunst) -> None:
    desktop = Notifications()
    label = "<b>Your PC</b> is \u202edetcefni\u202c &amp;\n\x1b[31m <a href='http://x'>here</a>"
    desktop.show("stick-1", Notice(label, label, urgency=Urgency.CRITICAL))
    await desktop.settled()
    await until(lambda: "Your PC" in daemon.said)
    told = [line.split(":", 1) for line in daemon.said.splitlines() if ":" in line]
    for name, text in told:
        if name.strip() in ("summary", "body"):
            assert not any(mark in text for mark in ("<", "&", "\u202e", "\x1b"))
    assert "http" not in daemon.said.partition("urls:")[2], "dunst offers to open a link"
    assert await daemon.shown() == 1
    await desktop.close()


async def test_what_could_be_acted_on_goes_with_the_program_and_the_rest_stays(daemon: Dunst) -> None:
    desktop = Notifications()
    desktop.show("stick-1", Notice("HOLIDAY is ready", "", (("eject", "Eject"),)))
    desktop.show("stick-2", Notice("BACKUP can be pulled out now"))
    await desktop.settled()
    await desktop.close()
    assert await daemon.shown() == 1


async def test_another_daemon_is_asked_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "second").mkdir()
    with private_bus() as address, screen() as display:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        desktop = Notifications()
        async with dunst(address, display, tmp_path):
            desktop.show("stick-1", Notice("HOLIDAY is ready"))
            await desktop.settled()
        async with dunst(address, display, tmp_path / "second") as second:
            desktop.show("stick-1", Notice("HOLIDAY can be pulled out now"))
            await desktop.settled()
            assert await second.shown() == 1
            await desktop.close()


async def test_where_nothing_shows_notices_nothing_suffers_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with private_bus() as address:
        for where in (f"unix:path={tmp_path}/none", address):
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", where)
            async with nothing_left():
                desktop = Notifications()
                desktop.show("stick-1", Notice("HOLIDAY is ready"))
                desktop.withdraw("stick-1")
                desktop.show("stick-2", Notice("BACKUP is ready"))
                await desktop.settled()
                await desktop.close()
