"""Damaged FAT volumes: whatever is on the stick, there is an answer or an error of the taxonomy, and soon."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path

import pytest

from core.entry import Entry, Kind
from core.errors import DriverCrashed, DriverHung, ProtocolViolation, RumpusError, SandboxViolation
from core.fs.content import Content
from core.fs.fat.driver import Fat
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from tests.support.fat import blank_fat, mtools
from tests.support.memory import MemoryDevice
from tests.support.mutations import mutants

WIDTHS = {12: 1 << 20, 16: 3 << 20, 32: 36 << 20}
EACH = 170
"""For each of the three widths: more than 500 in all."""
SECONDS = 5
OURS = (DriverCrashed, DriverHung, ProtocolViolation, SandboxViolation)
"""Errors that mean a bug of ours rather than a damaged stick."""


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


@contextmanager
def soon(what: str) -> Iterator[None]:
    """Fails what has not ended after five seconds, wherever it hangs."""

    def late(*_: object) -> None:
        raise TimeoutError(what)

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read_all(volume: Fat, device: MemoryDevice) -> None:
    """Everything that a user might do, to at most so many entries as a person would look at."""
    volume.facts()
    waiting, seen = [0], 0
    while waiting and seen < 200:
        node = waiting.pop()
        try:
            for batch in volume.entries(node):
                for entry in batch[:50]:
                    seen += 1
                    look_at(volume, device, entry)
                    if entry.kind is Kind.DIRECTORY:
                        waiting.append(entry.node)
        except RumpusError:
            continue


def look_at(volume: Fat, device: MemoryDevice, entry: Entry) -> None:
    entry.name.encode()
    try:
        assert volume.stat(entry.node).entry.name == entry.name
        if entry.kind is Kind.FILE:
            content = Content(volume, device, entry.node)
            content.read(0, 100_000)
            content.read(max(0, entry.size - 10), 10)
    except RumpusError:
        return


def test_the_driver_answers_or_names_the_damage(image: bytes) -> None:
    opened = 0
    for what, damaged in mutants(image, EACH, seed=1):
        device = MemoryDevice(damaged)
        with soon(what):
            try:
                Fat.probe(device)
                volume = Fat.open(device)
            except RumpusError:
                continue
            opened += 1
            read_all(volume, device)
    assert opened > EACH // 3


async def test_the_host_gets_an_answer_through_the_wall(image: bytes, tmp_path: Path) -> None:
    opened = 0
    path = tmp_path / "damaged.img"
    async with Supervisor() as supervisor:
        for what, damaged in mutants(image, EACH, seed=2):
            path.write_bytes(damaged)
            with soon(what), await open_medium(path) as medium:
                try:
                    await supervisor.survey(medium)
                    async with await supervisor.open(medium) as volume:
                        opened += 1
                        await use(volume)
                except RumpusError as error:
                    assert not isinstance(error, OURS), (what, error)
    assert opened > EACH // 4


async def use(volume: Volume) -> None:
    waiting, seen = [volume.root.node], 0
    while waiting and seen < 60:
        try:
            async with aclosing(volume.entries(waiting.pop())) as batches:
                async for batch in batches:
                    for entry in batch[:10]:
                        seen += 1
                        if entry.kind is Kind.DIRECTORY:
                            waiting.append(entry.node)
                        else:
                            await volume.read(entry.node, 0, 100_000)
        except RumpusError as error:
            if isinstance(error, OURS):
                raise
