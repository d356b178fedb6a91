"""A real FAT image through the whole wall: zygote, sandbox, driver, messages, and back."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import select
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from core.entry import Entry, Kind
from core.errors import HostWriteFailed, NotAFileSystem, NotFound, UnsupportedFeature, WrongKind
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from tests.support.stick import blank_image

pytestmark = pytest.mark.skipif(
    not (shutil.which("mkfs.fat") and shutil.which("mcopy")), reason="needs dosfstools and mtools"
)

BIG = random.Random(1).randbytes(3_000_001)
FILES = {"hello.txt": b"hello\n", "Ünïcode näme.txt": b"x" * 70_000, "empty": b"", "deep/er/big.bin": BIG}
MANY = 2000


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stick")
    source = folder / "source"
    for name, content in FILES.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    (source / "many").mkdir()
    for number in range(MANY):
        (source / "many" / f"{number:04} begins a long name").touch()
    image = blank_image(folder / "stick.img", 40 << 20)
    environment = {**os.environ, "MTOOLS_SKIP_CHECK": "1", "LC_ALL": "C.UTF-8"}
    subprocess.run(["mkfs.fat", "-F", "32", "-n", "HOLIDAY", image], check=True, capture_output=True)
    for path in sorted(source.iterdir()):
        subprocess.run(["mcopy", "-s", "-i", image, path, "::/"], check=True, env=environment)
    return image


@pytest_asyncio.fixture
async def volume(image: Path) -> AsyncIterator[Volume]:
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            async with await supervisor.open(medium) as volume:
                yield volume


async def _names(volume: Volume, node: int) -> list[str]:
    return [entry.name async for batch in volume.entries(node) for entry in batch]


async def test_a_survey_tells_what_the_stick_is_without_opening_it(image: Path) -> None:
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            survey = await supervisor.survey(medium)
    assert survey.table == "none"
    assert [(part.number, part.system, part.label) for part in survey.partitions] == [(0, "FAT32", "HOLIDAY")]


async def test_an_open_volume_knows_itself_and_its_walls(volume: Volume) -> None:
    assert (volume.facts.system, volume.facts.label) == ("FAT32", "HOLIDAY")
    assert {"seccomp", "no_new_privs", "resource limits"} <= volume.layers.keys()


async def test_paths_resolve_as_fat_compares_names(volume: Volume) -> None:
    assert (await volume.resolve("/")).node == volume.facts.root
    entry = await volume.resolve("/DEEP/er/Big.BIN")
    assert (entry.name, entry.size, entry.kind) == ("big.bin", len(BIG), Kind.FILE)
    with pytest.raises(NotFound) as missing:
        await volume.resolve("/deep/gone/big.bin")
    assert missing.value.what == "deep/gone"
    with pytest.raises(WrongKind):
        await volume.resolve("/hello.txt/x")


async def test_files_read_and_copied_are_byte_identical(volume: Volume, tmp_path: Path) -> None:
    for name, content in FILES.items():
        node = (await volume.resolve(name)).node
        read = b""
        while piece := await volume.read(node, len(read), 100_000):
            read += piece
        assert read == content
        target = tmp_path / hashlib.sha256(name.encode()).hexdigest()
        with target.open("wb") as file:
            copied = await volume.copy(node, file.fileno())
        assert (copied.size, copied.lost) == (len(content), [])
        assert target.read_bytes() == content


async def test_reads_at_random_places_agree(volume: Volume) -> None:
    node = (await volume.resolve("deep/er/big.bin")).node
    places = random.Random(2)
    for _ in range(50):
        offset, length = places.randrange(len(BIG) + 1000), places.randrange(100_000)
        assert await volume.read(node, offset, length) == BIG[offset : offset + length]


async def test_a_question_in_the_middle_of_a_listing_is_answered(volume: Volume) -> None:
    many = (await volume.resolve("many")).node
    seen: list[Entry] = []
    async for batch in volume.entries(many):
        details = await volume.stat(batch[0].node)
        assert details.entry.name == batch[0].name
        seen += batch
    assert sorted(entry.name for entry in seen) == [f"{n:04} begins a long name" for n in range(MANY)]


async def test_many_requests_at_once_each_get_their_own_answer(volume: Volume) -> None:
    many = (await volume.resolve("many")).node
    names, again, entry = await asyncio.gather(
        _names(volume, many), _names(volume, many), volume.resolve("hello.txt")
    )
    assert len(names) == MANY
    assert names == again
    assert entry.size == 6


async def test_a_listing_left_early_and_a_copy_cancelled_leave_the_volume_usable(
    volume: Volume, tmp_path: Path
) -> None:
    many = (await volume.resolve("many")).node
    async for _ in volume.entries(many):
        break
    node = (await volume.resolve("deep/er/big.bin")).node
    with (tmp_path / "out").open("wb") as file:
        copy = asyncio.create_task(volume.copy(node, file.fileno()))
        await asyncio.sleep(0)
        copy.cancel()
        with pytest.raises(asyncio.CancelledError):
            await copy
    assert len(await _names(volume, many)) == MANY


async def test_a_full_disk_fails_the_copy_and_not_the_volume(volume: Volume) -> None:
    node = (await volume.resolve("hello.txt")).node
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        with pytest.raises(HostWriteFailed):
            await volume.copy(node, full)
    finally:
        os.close(full)
    assert (await volume.read(node, 0, 100)) == b"hello\n"


async def test_nodes_that_were_never_issued_are_refused(volume: Volume) -> None:
    for node in (1, 33, 2**40, 2**63 - 1, 40 << 20):
        with pytest.raises((NotFound, WrongKind)):
            await volume.read(node, 0, 10)
    assert "hello.txt" in await _names(volume, volume.facts.root)


async def test_what_is_no_file_system_says_what_it_is(tmp_path: Path) -> None:
    async with Supervisor() as supervisor:
        with await open_medium(blank_image(tmp_path / "blank.img")) as medium:
            with pytest.raises(NotAFileSystem) as caught:
                await supervisor.open(medium)
            assert "zeros" in caught.value.found
        swap = blank_image(tmp_path / "swap.img")
        with swap.open("r+b") as file:
            file.seek(4086)
            file.write(b"SWAPSPACE2")
        with await open_medium(swap) as medium, pytest.raises(UnsupportedFeature):
            await supervisor.open(medium)


async def test_closing_leaves_no_process_and_no_descriptor(image: Path) -> None:
    before = set(Path("/proc/self/fd").iterdir())
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            volumes = [await supervisor.open(medium) for _ in range(3)]
        processes = [os.pidfd_open(volume.pid) for volume in volumes]
    for process in processes:
        assert select.select([process], [], [], 10)[0], "a worker outlives its supervisor"
        os.close(process)
    assert set(Path("/proc/self/fd").iterdir()) == before
