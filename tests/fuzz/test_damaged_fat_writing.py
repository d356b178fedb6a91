"""Damaged FAT volumes, written to: each change is made or refused by name, and none of it hangs."""

from __future__ import annotations

import os

import pytest

from core.entry import Entry, Kind
from core.errors import RumpusError
from core.fs.fat.writing.writer import FatWriter
from core.fs.writable import Times, removal
from tests.fuzz.test_damaged_volumes import soon
from tests.support.fat import blank_fat, mtools
from tests.support.memory import MemoryDevice
from tests.support.mutations import mutants

WIDTHS = {12: 1 << 20, 16: 3 << 20, 32: 36 << 20}
EACH = 120


@pytest.fixture(scope="module", params=WIDTHS)
def image(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("fat")
    size = WIDTHS[request.param]
    path = blank_fat(folder / "stick.img", size, "-F", str(request.param), "-s", "1", "-n", "HOLIDAY")
    mtools("mmd", path, "::/a folder with a long name", "::/a folder with a long name/inner", "::/b")
    source = folder / "source"
    for number, size in enumerate((0, 100, 5000, 60_000)):
        source.write_bytes(os.urandom(size))
        for above in ("", "a folder with a long name/", "a folder with a long name/inner/"):
            mtools("mcopy", path, source, f"::/{above}file number {number}.data")
    return path.read_bytes()


def change_all(writer: FatWriter) -> int:
    """Everything that changes something, on everything there is. How often it was not refused."""
    made = 0
    entries = everything(writer)
    for number, entry in enumerate(entries):
        parent = entry.node if entry.kind is Kind.DIRECTORY else 0
        for action in (
            lambda entry=entry: writer.write(entry.node, 10, b"x" * 3000),
            lambda entry=entry: writer.truncate(entry.node, 700),
            lambda number=number, parent=parent: writer.create(parent, f"new file {number}", Kind.FILE),
            lambda number=number, parent=parent: writer.create(parent, f"new {number}", Kind.DIRECTORY),
            lambda entry=entry: writer.set_times(entry.node, Times(1, 2, 3)),
            lambda entry=entry, number=number: writer.rename(entry.node, 0, f"renamed {number}"),
            lambda parent=parent: writer.commit(writer.reserve(parent, "put in", 5000, replace=True)),
        ):
            try:
                action()
            except RumpusError:
                continue
            made += 1
    for entry in everything(writer)[::2]:
        try:
            for _ in removal(writer, entry):
                made += 1
        except RumpusError:
            continue
    for action in (lambda: writer.set_label("NEW"), writer.flush):
        try:
            action()
        except RumpusError:
            continue
    return made


def everything(writer: FatWriter) -> list[Entry]:
    found: list[Entry] = []
    waiting = [0]
    while waiting and len(found) < 60:
        try:
            for batch in writer.entries(waiting.pop()):
                found += batch[:20]
                waiting += [entry.node for entry in batch[:20] if entry.kind is Kind.DIRECTORY]
        except RumpusError:
            continue
    return found


def test_every_change_is_made_or_refused_by_name(image: bytes) -> None:
    made = 0
    for what, damaged in mutants(image, EACH, seed=3):
        with soon(what):
            try:
                made += change_all(FatWriter.open(MemoryDevice(damaged)))
            except RumpusError:
                continue
    assert made > EACH
