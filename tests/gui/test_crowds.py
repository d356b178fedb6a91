"""A hub is plugged in: it is told of once, and all sticks of it are in the sidebar and in the icon's menu."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QMenu

from core.host.devices import Device, Event, Happening
from core.host.sticks import StickState
from core.resources import resource
from gui import crowd, notices
from gui.background import Background
from tests.gui.test_notices import Desktop
from tests.support.any_order import Others, Work, made_up_devices
from tests.support.plugging import device_of
from tests.support.window import Desk

MANY = 30


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """Asked for before the window, which would find the real one."""
    desktop = Desktop()
    monkeypatch.setattr(notices, "Notifications", lambda: desktop)
    return desktop


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(crowd, "time", SimpleNamespace(monotonic=lambda: clock.now))
    monkeypatch.setattr(crowd.Crowds.__init__, "__defaults__", (lambda: clock.now,))
    return clock


@pytest.fixture
def away(clock: SimpleNamespace, desktop: Desktop, desk: Desk) -> Iterator[Desk]:
    """The window, which nobody looks at."""
    desk.window.showMinimized()
    with made_up_devices() as worlds:
        worlds.append(Others())
        yield desk


@pytest.fixture
def devices(tmp_path: Path) -> list[Device]:
    return [
        device_of(
            Path(shutil.copy(resource("sample-stick.img"), tmp_path / f"sd{number}")), serial=f"{number:04}"
        )
        for number in range(MANY)
    ]


def plug(desk: Desk, *devices: Device) -> None:
    for device in devices:
        desk.watcher.hear(Event(Happening.PLUGGED, device))


async def known(desk: Desk) -> None:
    sticks = desk.window._sticks.sticks
    await desk.until(lambda: all(stick.state is not StickState.PROBING for stick in sticks), "all are known")
    await desk.settled()


def labels(menu: QMenu) -> list[str]:
    """Of the sticks in a menu, and in those below it that hold more of them."""
    found = []
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            nested = labels(inner)
            found += nested or [action.text()]
    return found


def memory() -> int:
    """Bytes that this process alone would give back."""
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * 1024
    raise AssertionError


async def test_thirty_sticks_are_told_of_in_one_place(
    desktop: Desktop, away: Desk, devices: list[Device], record_property: Callable[[str, object], None]
) -> None:
    before = memory()
    plug(away, *devices)
    assert desktop.only.summary == "30 sticks were plugged in"
    assert desktop.only.body == "Looking at them…"
    about = list(desktop.stands)
    await known(away)
    assert list(desktop.stands) == about, "in place of what was said"
    assert desktop.only.summary == "30 sticks were plugged in"
    assert desktop.only.body == "30 are ready."
    each = (memory() - before) / MANY
    record_property("memory of the window for each stick, kB", round(each / 1000))
    print(f"{each / 1000:.0f} kB for each stick")
    assert each < 1_500_000
    assert sum(item.name == "HOLIDAY" and item.key is not None for item in away.items) == MANY + 1
    desktop.choose("show")
    assert away.window.isVisible() and not away.window.isMinimized()


async def test_the_menu_of_the_icon_has_all_of_them_and_is_no_longer_than_a_screen(
    desktop: Desktop, away: Desk, devices: list[Device]
) -> None:
    plug(away, *devices)
    await known(away)
    (background,) = away.window.findChildren(Background)
    background.tray.refresh()
    menu = background.tray.menu
    assert len(labels(menu)) == MANY
    assert len(menu.actions()) < 24
    assert all(
        len(inner.actions()) <= 12 for action in menu.actions() if isinstance(inner := action.menu(), QMenu)
    )


async def test_those_that_go_are_counted_out_and_with_the_last_it_is_taken_back(
    desktop: Desktop, away: Desk, devices: list[Device]
) -> None:
    plug(away, *devices)
    await known(away)
    sticks = away.window._sticks.sticks
    for device in devices[:10]:
        away.watcher.hear(Event(Happening.PULLED, device))
    assert desktop.only.summary == "20 sticks were plugged in"
    for device in devices[10:]:
        away.watcher.hear(Event(Happening.PULLED, device))
    assert desktop.stands == {}
    for stick in sticks:
        await stick.ended()


async def test_a_few_are_told_of_one_by_one_and_so_is_one_that_comes_later(
    desktop: Desktop, away: Desk, devices: list[Device], clock: SimpleNamespace
) -> None:
    plug(away, *devices[:3])
    await known(away)
    assert sorted(notice.summary for notice, _ in desktop.stands.values()) == ["“HOLIDAY” is ready"] * 3
    clock.now += 60
    plug(away, devices[3])
    await known(away)
    assert len(desktop.stands) == 4


async def test_one_that_cannot_be_read_is_named(desktop: Desktop, away: Desk, devices: list[Device]) -> None:
    devices[7].node.unlink()
    plug(away, *devices[:9])
    await known(away)
    assert desktop.only.summary == "9 sticks were plugged in"
    assert desktop.only.body == "8 are ready. 1 needs a look: “Test Stick”."


async def test_a_hub_that_is_pulled_out_too_early_is_one_notice_too(
    desktop: Desktop, away: Desk, devices: list[Device]
) -> None:
    plug(away, *devices[:8])
    await known(away)
    sticks, works = away.window._sticks.sticks[-8:], [Work() for _ in range(8)]
    tasks = [away.window._tasks.spawn(work.on(stick)) for work, stick in zip(works, sticks, strict=True)]
    await away.until(lambda: all(stick.state is StickState.BUSY for stick in sticks), "they are in use")
    for device in devices[:8]:
        away.watcher.hear(Event(Happening.PULLED, device))
    assert desktop.only.summary == "8 sticks were pulled out too early"
    assert desktop.only.body == "They were in use: “HOLIDAY”, “HOLIDAY”, “HOLIDAY” and 5 others."
    for work in works:
        work.cancel()
    await away.until(lambda: all(task.done() for task in tasks), "it has ended")
    for stick in sticks:
        await stick.ended()
