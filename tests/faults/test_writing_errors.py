"""A stick that fails for a moment, whenever: each change is made or refused, and no file is lost over it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from core.blockdev.fault import FaultyDevice
from core.entry import Kind
from core.errors import MediumError, RumpusError
from core.fs import grouped
from core.fs.driver import Driver
from core.fs.exfat.driver import ExFat
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.fat.driver import Fat
from core.fs.fat.writing.writer import FatWriter
from core.fs.writable import WritableDriver
from tests.support.exfat import Stick
from tests.support.fat import blank_fat, mtools
from tests.support.fsck import damage, exfat_damage
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, put_in, walked

STEP = 1 if os.environ.get("RUMPUS_DEEP") == "1" else 4
FILES = 20


class Failing:
    """Two operations in a row fail, from number `first` on."""

    def __init__(self, first: int) -> None:
        self.operations = 0
        self.well = False
        self.first = first

    def __call__(self, operation: str, offset: int, length: int) -> None:
        if not self.well:
            self.operations += 1
            if self.first < self.operations <= self.first + 2:
                raise MediumError(offset, length)


def filled(image: Path, folder: Path) -> bytes:
    mtools("mmd", image, "::/d", "::/e")
    source = folder / "source"
    for number in range(FILES):
        source.write_bytes(old(number))
        mtools("mcopy", image, source, f"::/d/file with a long name {number}")
    return image.read_bytes()


def filled_exfat() -> bytes:
    """Sets lie across sectors, as other systems lay them, and clusters in a row or not."""
    stick = Stick(cluster_size=512, clusters=600)
    stick.add_folder("d", 8, contiguous=True)
    stick.add_folder("e")
    for number in range(FILES):
        stick.add_file(
            f"d/file with a long name {number}",
            old(number),
            contiguous=number % 3 == 0,
            scattered=number % 3 == 1,
        )
    return bytes(stick.data)


def old(number: int) -> bytes:
    return bytes([number]) * 700


NEW = b"new" * 300


def use(writer: WritableDriver, device: FaultyDevice) -> int:
    """Moves, removes, replaces and creates. How many of it was refused."""
    refused = 0

    def node(path: str) -> int:
        found = 0
        for name in path.split("/"):
            found = writer.lookup(found, name).node
        return found

    for k in range(0, FILES - 2, 3):
        actions: list[Callable[[], object]] = [
            lambda k=k: writer.rename(
                node(f"d/file with a long name {k}"), node("e"), f"moved {k} with a long name"
            ),
            lambda k=k: put_in(writer, device, node("e"), f"new {k}", NEW),
            lambda k=k: writer.remove(node(f"d/file with a long name {k + 1}")),
            lambda k=k: writer.create(0, f"folder number {k}", Kind.DIRECTORY),
            lambda k=k: put_in(writer, device, node("d"), f"file with a long name {k + 2}", NEW),
            lambda k=k: writer.truncate(node(f"e/new {k}"), 100),
        ]
        for action in actions:
            try:
                action()
            except RumpusError:
                refused += 1
    try:
        writer.flush()
    except RumpusError:
        refused += 1
    return refused


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", [12, 16, "exFAT"])
def test_a_moment_of_failure_loses_no_file_and_breaks_nothing(
    tmp_path: Path, kind: int | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouped, "_GROUP", 3)
    image = tmp_path / "stick.img"
    reader: type[Driver]
    driver: type[WritableDriver]
    if kind == "exFAT":
        before, reader, driver, judge = filled_exfat(), ExFat, ExFatWriter, exfat_damage
    else:
        blank_fat(image, (2 if kind == 12 else 3) << 20, "-F", str(kind), "-s", "1")
        before, reader, driver, judge = filled(image, tmp_path), Fat, FatWriter, damage
    tried = 0
    for first in range(0, 10_000, STEP):
        memory = MemoryDevice(before)
        failing = Failing(first)
        device = FaultyDevice(memory, before=failing)
        try:
            writer = driver.open(device)
        except RumpusError:
            continue
        refused = use(writer, device)
        failing.well = True
        writer.flush()
        image.write_bytes(memory.content)
        assert judge(image) == [], first
        assert held(writer, memory) == held(reader.open(memory), memory), first
        check(held(writer, memory))
        if failing.operations <= first:
            assert refused == 0
            break
        tried += 1
    assert tried > 200 // STEP


def held(volume: Driver, memory: MemoryDevice) -> dict[str, bytes]:
    return {
        path: content_of(volume, memory, entry.node)
        for path, entry in walked(volume)
        if entry.kind is Kind.FILE
    }


def check(found: dict[str, bytes]) -> None:
    for k in range(0, FILES - 2, 3):
        both = found.get(f"d/file with a long name {k}"), found.get(f"e/moved {k} with a long name")
        assert both in ((old(k), None), (None, old(k)))
        assert found.get(f"d/file with a long name {k + 1}") in (None, old(k + 1))
        assert found[f"d/file with a long name {k + 2}"] in (old(k + 2), NEW)
        assert found.get(f"e/new {k}") in (None, NEW, NEW[:100])
