"""A stick that fails for a moment, whenever: each change is made or refused, and no file is lost over it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from core.blockdev.fault import FaultyDevice
from core.entry import Kind
from core.errors import MediumError, RumpusError
from core.fs.driver import Options
from core.fs.fat.driver import Fat
from core.fs.fat.writing import ground
from core.fs.fat.writing.writer import FatWriter
from tests.support.fat import blank_fat, content_of, mtools, put_in, walked
from tests.support.fsck import damage
from tests.support.memory import MemoryDevice

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


def old(number: int) -> bytes:
    return bytes([number]) * 700


NEW = b"new" * 300


def use(writer: FatWriter, device: FaultyDevice) -> int:
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
@pytest.mark.parametrize("width", [12, 16])
def test_a_moment_of_failure_loses_no_file_and_breaks_nothing(
    tmp_path: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ground, "_GROUP", 3)
    image = blank_fat(tmp_path / "stick.img", (2 if width == 12 else 3) << 20, "-F", str(width), "-s", "1")
    before = filled(image, tmp_path)
    tried = 0
    for first in range(0, 10_000, STEP):
        memory = MemoryDevice(before)
        failing = Failing(first)
        device = FaultyDevice(memory, before=failing)
        try:
            writer = FatWriter.open(device, Options())
        except RumpusError:
            continue
        refused = use(writer, device)
        failing.well = True
        writer.flush()
        image.write_bytes(memory.content)
        assert damage(image) == [], first
        assert held(writer, memory) == held(Fat.open(memory, Options()), memory), first
        check(held(writer, memory))
        if failing.operations <= first:
            assert refused == 0
            break
        tried += 1
    assert tried > 200 // STEP


def held(volume: Fat, memory: MemoryDevice) -> dict[str, bytes]:
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
