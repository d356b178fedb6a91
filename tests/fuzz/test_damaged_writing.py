"""Damaged volumes, written to: each change is made or refused by name, and none of it hangs."""

from __future__ import annotations

import pytest

from core.entry import Entry, Kind
from core.errors import RumpusError
from core.fs.registry import WRITERS
from core.fs.writable import Times, WritableDriver, removal
from tests.fuzz.test_damaged_volumes import soon
from tests.support.pulling import DEEP
from tests.support.victims import VICTIMS, DamagedDevice, Victim

EACH = 300 if DEEP else 100
WRITTEN = [(kind, mended) for kind, mended in VICTIMS if kind in ("FAT12", "FAT16", "FAT32", "exFAT")]


@pytest.fixture(scope="module", params=WRITTEN, ids=lambda victim: victim[0] + " mended" * victim[1])
def victim(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Victim:
    return Victim(*request.param, tmp_path_factory.mktemp("sample"))


def change_all(writer: WritableDriver) -> int:
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


def everything(writer: WritableDriver) -> list[Entry]:
    found: list[Entry] = []
    waiting = [0]
    while waiting and len(found) < 40:
        try:
            for batch in writer.entries(waiting.pop()):
                found += batch[:9]
                waiting += [entry.node for entry in batch[:9] if entry.kind is Kind.DIRECTORY]
        except RumpusError:
            continue
    return found


def test_every_change_is_made_or_refused_by_name(victim: Victim) -> None:
    made = 0
    driver, device = WRITERS[victim.sample.driver], DamagedDevice(victim.content)
    for mutant in victim.mutants(EACH, seed=3):
        with soon(mutant.what), device.damaged(mutant):
            try:
                made += change_all(driver.open(device))
            except RumpusError:
                continue
    assert made > EACH
