"""Names are read before anybody looks for one, where that is in nobody's way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.errors import DriverCrashed, RumpusError
from core.host.accounts import Account
from core.host.searching import Found, Unsearched
from core.host.sticks import StickState
from core.host.volume import Volume
from gui.mainwindow import gathering
from tests.support.window import Desk


class Searches:
    """Stands for the search of every volume: tells what it is asked, and goes on until it is let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended = 0
        self.looked = 0
        self.missed: list[Unsearched] = []
        self.error: RumpusError | None = None

    async def search(self, text: str, node: int | None = None) -> AsyncGenerator[Found, None]:
        self.begun.append(text)
        try:
            if self.error is not None:
                raise self.error
            yield Found([], self.missed, self.looked)
            await asyncio.Event().wait()
        finally:
            self.ended += 1


class Copy:
    """What keeps a stick busy."""

    what = "Copying"

    def cancel(self) -> None: ...

    def account(self) -> Account:
        raise NotImplementedError


@pytest.fixture
def searches(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Searches:
    searches = Searches()

    def search(volume: Volume, text: str, node: int | None = None) -> AsyncGenerator[Found, None]:
        return searches.search(text, node)

    monkeypatch.setattr(Volume, "search", search)
    desk.window.finding.gathering.quiet = 0
    return searches


async def begun(desk: Desk, searches: Searches, count: int = 1) -> None:
    await desk.until(lambda: len(searches.begun) == count, "names are being read")


async def ended(desk: Desk, searches: Searches, count: int = 1) -> None:
    await desk.until(lambda: searches.ended == count, "names are read no more")


async def go(desk: Desk, name: str) -> None:
    """As `choose`, which would wait for the names."""
    item = desk.item(name)
    assert item is not None and item.key is not None
    desk.window.navigator.show(item.key)
    await desk.until(lambda: "Letters" in desk.names, "the files are shown")


async def test_they_are_read_once_the_files_of_a_stick_are_shown(desk: Desk, searches: Searches) -> None:
    await go(desk, "HOLIDAY")
    await begun(desk, searches)
    assert searches.begun == [""]


async def test_that_makes_room_for_a_copy(desk: Desk, searches: Searches) -> None:
    await go(desk, "HOLIDAY")
    await begun(desk, searches)
    stick = desk.page.stick
    with stick.uses.during(Copy()):
        assert stick.state is StickState.BUSY
        await ended(desk, searches)


async def test_that_makes_room_for_a_folder_and_goes_on_behind_it(desk: Desk, searches: Searches) -> None:
    await go(desk, "HOLIDAY")
    await begun(desk, searches)
    desk.page.go_to("/Letters")
    await ended(desk, searches)
    await begun(desk, searches, 2)


async def test_it_stops_at_a_number_that_takes_a_moment(desk: Desk, searches: Searches) -> None:
    searches.looked = gathering.MOST_AHEAD
    await go(desk, "HOLIDAY")
    await ended(desk, searches)


async def test_what_is_damaged_is_left_alone(desk: Desk, searches: Searches) -> None:
    searches.missed = [Unsearched(None, DriverCrashed("?"))]
    await go(desk, "HOLIDAY")
    await ended(desk, searches)


async def test_a_stick_on_which_it_went_wrong_is_not_tried_again(desk: Desk, searches: Searches) -> None:
    searches.error = DriverCrashed("?")
    await go(desk, "HOLIDAY")
    await ended(desk, searches)
    desk.page.go_to("/Letters")
    await desk.settled()
    await asyncio.sleep(0.05)
    assert searches.begun == [""]


async def test_a_stick_that_was_not_ejected_properly_is_left_alone(
    desk: Desk, searches: Searches, stick: Path
) -> None:
    with stick.open("r+b") as raw:
        raw.seek(0x25)  # FAT12 and FAT16: the byte whose lowest bit says that the volume is in use
        raw.write(b"\x01")
    await desk.add(stick)
    assert desk.page.volume is not None and desk.page.volume.facts.dirty
    await asyncio.sleep(0.05)
    assert searches.begun == []


async def test_a_stick_that_is_being_changed_is_left_alone(
    desk: Desk, searches: Searches, stick: Path
) -> None:
    desk.window.finding.gathering.quiet = 3_600_000
    await desk.add(stick)
    assert desk.page.stick_volume is not None
    await desk.page.stick_volume.changes()
    desk.window.finding.gathering.quiet = 0
    await desk.do("reload")
    await asyncio.sleep(0.05)
    assert searches.begun == []


async def test_a_click_into_the_line_reads_them_too(desk: Desk, searches: Searches) -> None:
    await go(desk, "HOLIDAY")
    await begun(desk, searches)
    await desk.until(desk.window.toolbar.field.isEnabled, "one can type there")
    QTest.mouseClick(desk.window.toolbar.field, Qt.MouseButton.LeftButton)
    await begun(desk, searches, 2)
    assert searches.begun == ["", ""]


async def test_who_turns_to_another_stick_need_not_wait_for_the_names_of_the_first(
    desk: Desk, searches: Searches
) -> None:
    gathering = desk.window.finding.gathering
    gathering.quiet = 3_600_000
    await go(desk, "HOLIDAY")
    first, other = desk.page.volume, Volume.__new__(Volume)
    assert first is not None
    gathering.begin(first)
    gathering.begin(first)
    await begun(desk, searches)
    gathering.begin(other)
    await begun(desk, searches, 2)
