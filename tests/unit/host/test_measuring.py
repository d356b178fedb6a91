"""How much a folder holds, whatever a volume says of itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from core.entry import Entry, Kind
from core.errors import CorruptStructure, DeviceGone, Fault
from core.host import measuring
from core.host.measuring import Measure, measure

DAMAGE = CorruptStructure("directory", 0, "", "")


class Volume:
    """Folders by node, made up; an exception in one is raised when it is reached."""

    def __init__(self, folders: dict[int, list[Entry | Exception]]) -> None:
        self.folders = folders
        self.ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    async def entries(self, node: int) -> AsyncGenerator[list[Entry], None]:
        for entry in self.folders.get(node, []):
            if isinstance(entry, Exception):
                raise entry
            yield [entry]


def file(name: str, size: int) -> Entry:
    return Entry(name, 100, Kind.FILE, size)


def folder(name: str, node: int) -> Entry:
    return Entry(name, node, Kind.DIRECTORY)


async def measured(volume: Any) -> Measure:
    return [found async for found in measure(volume, 0)][-1]


async def test_everything_below_a_folder_counts() -> None:
    volume = Volume({0: [file("a", 5), folder("b", 1)], 1: [file("c", 7), folder("d", 2)]})
    assert await measured(volume) == Measure(folders=2, files=2, bytes=12)


async def test_folders_in_a_circle_count_once() -> None:
    volume = Volume({0: [folder("a", 1)], 1: [file("b", 3), folder("up", 0), folder("self", 1)]})
    assert await measured(volume) == Measure(folders=1, files=1, bytes=3, missed=2)


async def test_damage_is_counted_and_the_rest_goes_on() -> None:
    broken = Entry("x", 9, Kind.FILE, 2**60, problem=Fault.of(DAMAGE))
    volume = Volume({0: [folder("a", 1), broken, file("b", 1)], 1: [file("c", 2), DAMAGE]})
    assert await measured(volume) == Measure(folders=1, files=2, bytes=3, missed=2)


async def test_what_never_ends_is_left_and_said_to_be_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "MOST", 1000)
    volume = Volume({0: [file(str(number), 1) for number in range(5000)]})
    found = await measured(volume)
    assert not found.whole and found.files == 1001
    deep = Volume({node: [folder("deeper", node + 1)] for node in range(500)})
    found = await measured(deep)
    assert not found.whole and found.folders == measuring.DEEPEST + 1


async def test_a_stick_that_goes_is_not_a_damaged_folder() -> None:
    with pytest.raises(DeviceGone):
        await measured(Volume({0: [file("a", 1), DeviceGone()]}))
