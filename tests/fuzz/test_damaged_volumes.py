"""Damaged volumes: whatever is on the stick, there is an answer or an error of the taxonomy, and soon.

Of every system 300 variants go through the real walls, of FAT 500, and some more to the driver itself, which
is asked for more and tells where it failed. RUMPUS_DEEP=1 makes it ten times as many.
"""

from __future__ import annotations

import asyncio
import signal
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from itertools import chain, islice
from pathlib import Path

import pytest
import pytest_asyncio

from core.blockdev.device import BlockDevice
from core.entry import Entry, Kind
from core.errors import DriverCrashed, DriverHung, ProtocolViolation, RumpusError, SandboxViolation
from core.fs.content import Content
from core.fs.driver import Driver
from core.fs.registry import DRIVERS
from core.host.access import Medium, open_medium
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from core.worker import protocol
from tests.support.mutations import Mutant
from tests.support.pulling import DEEP
from tests.support.samples import SAMPLES, SMALL
from tests.support.victims import VICTIMS, DamagedDevice, Victim, share, system_of

TIMES = 10 if DEEP else 1
EACH = 300 * TIMES
"""Mutants of each system for the host."""
OF_FAT = 500 * TIMES
"""Of the system of nearly every stick."""
ALONE = 100 * TIMES
"""Mutants of each kind of volume for the driver, and for the host too at least so many."""
SECONDS = 5
OURS = (DriverCrashed, DriverHung, ProtocolViolation, SandboxViolation)
"""Errors that mean a bug of ours rather than a damaged stick."""


@pytest.fixture(scope="module", params=VICTIMS, ids=lambda victim: victim[0] + " mended" * victim[1])
def victim(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Victim:
    return Victim(*request.param, tmp_path_factory.mktemp("sample"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def supervisor() -> AsyncIterator[Supervisor]:
    """One for all: what it starts with costs more than a worker."""
    async with Supervisor() as supervisor:
        yield supervisor


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


def read_all(volume: Driver, device: BlockDevice) -> None:
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


def look_at(volume: Driver, device: BlockDevice, entry: Entry) -> None:
    entry.name.encode()
    try:
        assert volume.stat(entry.node).entry.name in (entry.name, "")
        if entry.kind is Kind.FILE:
            content = Content(volume, device, entry.node)
            content.read(0, 100_000)
            content.read(max(0, entry.size - 10), 10)
        elif entry.kind is Kind.SYMLINK:
            volume.read_link(entry.node)
    except RumpusError:
        return


def test_the_driver_answers_or_names_the_damage(victim: Victim) -> None:
    opened = 0
    driver, device = victim.sample.driver, DamagedDevice(victim.content)
    for mutant in victim.mutants(ALONE, seed=1):
        with soon(mutant.what), device.damaged(mutant):
            try:
                driver.probe(device)
                volume = driver.open(device)
            except RumpusError:
                continue
            opened += 1
            read_all(volume, device)
    assert opened > ALONE // 3


@pytest.mark.asyncio(loop_scope="module")
async def test_the_host_gets_an_answer_through_the_wall(
    victim: Victim, supervisor: Supervisor, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    kind, _ = request.node.callspec.params["victim"]
    each, opened = amount(kind), 0
    path = tmp_path / "damaged.img"
    path.write_bytes(victim.content)
    with await open_medium(path) as medium:
        async with await supervisor.open(medium) as volume:
            for mutant in victim.mutants(each, seed=2):
                with soon(mutant.what), victim.on_disk(path, mutant):
                    try:
                        if mutant.length == len(victim.content):
                            await reopened(volume)
                            await use(volume)
                        else:
                            await cut_short(supervisor, medium)
                        opened += 1
                    except RumpusError as error:
                        assert not isinstance(error, OURS), (mutant, error)
    assert opened > each // 4


def amount(kind: str) -> int:
    """Of mutants for the host."""
    return share(kind, OF_FAT if system_of(kind) == "FAT" else EACH, ALONE)


async def reopened(volume: Volume) -> None:
    """The same worker looks at what is there now. To start one takes longer than all that it is asked."""
    worker = volume._worker
    try:
        await worker.ask(protocol.Forget(id=0))
    except OURS:
        raise
    except RumpusError:
        pass  # what it had open is no more
    await worker.ask(protocol.Look(id=0))
    reply = await worker.ask(protocol.Open(id=0))
    assert isinstance(reply, protocol.Opened)
    volume.facts = reply.facts


async def cut_short(supervisor: Supervisor, medium: Medium) -> None:
    await supervisor.survey(medium)
    async with await supervisor.open(medium) as volume:
        await use(volume)


async def use(volume: Volume) -> None:
    waiting, seen = [volume.root.node], 0
    while waiting and seen < 60:
        some: list[Entry] = []
        try:
            async with aclosing(volume.entries(waiting.pop())) as batches:
                async for batch in batches:
                    some += batch[: 20 - len(some)]
        except OURS:
            raise
        except RumpusError:
            pass
        seen += len(some)
        waiting += [entry.node for entry in some if entry.kind is Kind.DIRECTORY]
        for error in await asyncio.gather(*(look(volume, entry) for entry in some), return_exceptions=True):
            if isinstance(error, OURS) or (error is not None and not isinstance(error, RumpusError)):
                raise error


async def look(volume: Volume, entry: Entry) -> None:
    await volume.stat(entry.node)
    if entry.kind is Kind.FILE:
        await volume.read(entry.node, 0, 100_000)
    elif entry.kind is Kind.SYMLINK:
        await volume.read_link(entry.node)


def test_every_system_is_damaged_three_hundred_times(tmp_path: Path) -> None:
    """The kinds of volumes of one driver share them; by its driver each kind is known to be of its system."""
    drivers: dict[str, set[str]] = {}
    for number, (kind, make) in enumerate(SAMPLES.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        drivers.setdefault(system_of(kind), set()).add(make(folder, SMALL).driver.name)
    assert all(len(names) == 1 for names in drivers.values())
    assert set().union(*drivers.values()) == {driver.name for driver in DRIVERS}
    for system in drivers:
        wanted = OF_FAT if system == "FAT" else EACH
        assert sum(amount(kind) for kind, _ in VICTIMS if system_of(kind) == system) >= wanted


def test_a_mutant_is_undone(tmp_path: Path) -> None:
    victim = Victim("FAT12", False, tmp_path)
    device, path = DamagedDevice(victim.content), tmp_path / "copy.img"
    path.write_bytes(victim.content)
    for mutant in (*victim.mutants(30, seed=5), Mutant("nothing", [], len(victim.content))):
        with device.damaged(mutant), victim.on_disk(path, mutant):
            expected = bytearray(victim.content)
            mutant.apply(expected)
            assert device.content[: device.size] == expected == path.read_bytes()
            device.write(0, b"x" * min(100, device.size))
        assert device.content == victim.content == path.read_bytes()
