"""Damaged volumes: whatever is on the stick, there is an answer or an error of the taxonomy, and soon."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import pytest

from core.entry import Entry, Kind
from core.errors import DriverCrashed, DriverHung, ProtocolViolation, RumpusError, SandboxViolation
from core.fs.content import Content
from core.fs.driver import Driver
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from tests.support.memory import MemoryDevice
from tests.support.mutations import mutants
from tests.support.samples import SAMPLES, Sample

EACH = 100
"""Mutants of each kind of volume for the driver, and again for the host."""
SECONDS = 5
OURS = (DriverCrashed, DriverHung, ProtocolViolation, SandboxViolation)
"""Errors that mean a bug of ours rather than a damaged stick."""


class Victim(NamedTuple):
    """What is damaged, and how the damage is made to look sound to the system's own checksums."""

    sample: Sample
    content: bytes
    mend: Callable[[bytearray], None]

    def mutants(self, seed: int) -> Iterator[tuple[str, bytes]]:
        for what, damaged in mutants(self.content, EACH, seed):
            image = bytearray(damaged)
            self.mend(image)
            yield what, bytes(image)


MENDED = ("exFAT", "UDF", "UDF of a disc written once", "UDF with a metadata partition")
VICTIMS = [*((kind, False) for kind in SAMPLES), *((kind, True) for kind in MENDED)]
"""(kind of volume, whether the damage is mended)"""


@pytest.fixture(scope="module", params=VICTIMS, ids=lambda victim: victim[0] + " mended" * victim[1])
def victim(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Victim:
    kind, mended = request.param
    sample = SAMPLES[kind](tmp_path_factory.mktemp("sample"))
    if not mended:
        return Victim(sample, sample.image.read_bytes(), lambda image: None)
    assert sample.mend is not None
    return Victim(sample, sample.image.read_bytes(), sample.mend)


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


def read_all(volume: Driver, device: MemoryDevice) -> None:
    """Everything that a user might do, to at most so many entries as a person would look at."""
    waiting, seen = [volume.facts().root], 0
    while waiting and seen < 200:
        try:
            entries = chain.from_iterable(volume.entries(waiting.pop()))
            for entry in islice(entries, 50):
                seen += 1
                look_at(volume, device, entry)
                if entry.kind is Kind.DIRECTORY:
                    waiting.append(entry.node)
            deque(entries, maxlen=0)  # what nobody looks at is listed all the same
        except RumpusError:
            continue


def look_at(volume: Driver, device: MemoryDevice, entry: Entry) -> None:
    entry.name.encode()
    try:
        assert volume.stat(entry.node).entry.name in (entry.name, "")
        if entry.kind is Kind.FILE:
            content = Content(volume, device, entry.node)
            content.read(0, 100_000)
            content.read(max(0, entry.size - 10), 10)
    except RumpusError:
        return


def test_the_driver_answers_or_names_the_damage(victim: Victim) -> None:
    opened = 0
    for what, damaged in victim.mutants(seed=1):
        device = MemoryDevice(damaged)
        with soon(what):
            try:
                victim.sample.driver.probe(device)
                volume = victim.sample.driver.open(device)
            except RumpusError:
                continue
            opened += 1
            read_all(volume, device)
    assert opened > EACH // 3


async def test_the_host_gets_an_answer_through_the_wall(victim: Victim, tmp_path: Path) -> None:
    opened = 0
    path = tmp_path / "damaged.img"
    async with Supervisor() as supervisor:
        for what, damaged in victim.mutants(seed=2):
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
        left = 20
        try:
            async with aclosing(volume.entries(waiting.pop())) as batches:
                async for batch in batches:
                    for entry in batch[:left]:
                        seen, left = seen + 1, left - 1
                        if entry.kind is Kind.DIRECTORY:
                            waiting.append(entry.node)
                        else:
                            await volume.read(entry.node, 0, 100_000)
        except RumpusError as error:
            if isinstance(error, OURS):
                raise
