"""Copies that are read again from both sides: what is the same, what differs, and the receipt of it."""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import random
from hashlib import blake2b
from pathlib import Path

import pytest

from core.errors import Differs
from core.host.checking import Check, Pair
from core.host.copying_in import CopyIn
from core.host.jobs import TransferState
from core.host.loading import HostOrigin
from core.host.receipts import Receipt, StickFacts
from core.host.transfers import CopyOut
from core.host.uncaching import Uncached
from core.host.volume import Volume
from tests.support.changing import opened
from tests.support.disks import run
from tests.support.fat import blank_fat, mtools

MIB = 1 << 20
RANDOM = random.Random(21)
FILES = {
    "big.bin": RANDOM.randbytes(5 * MIB + 7),
    "empty": b"",
    "deep/small.txt": b"small\n",
    "deep/middle.dat": RANDOM.randbytes(70_001),
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "source"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return blank_fat(tmp_path / "stick.img", 64 * MIB, "-F", "32", "-i", "CAFE0001", "-n", "HOLIDAY")


async def checked(volume: Volume, pairs: list[Pair]) -> Check:
    check = Check(volume, pairs, Receipt(StickFacts.of(volume, None), True, "here", "there"))
    await check.run()
    assert check.progress.files_done == len(pairs)
    assert check.progress.bytes_done == check.progress.bytes
    return check


def resident(descriptor: int) -> int:
    """Pages of a file or device that the kernel has in memory."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    with mmap.mmap(descriptor, size, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE) as mapped:
        pages = (size + mmap.PAGESIZE - 1) // mmap.PAGESIZE
        known = (ctypes.c_ubyte * pages)()
        place = ctypes.c_char.from_buffer(mapped)
        libc = ctypes.CDLL(None, use_errno=True)
        assert libc.mincore(ctypes.c_void_p(ctypes.addressof(place)), ctypes.c_size_t(size), known) == 0
        del place
        return sum(page & 1 for page in known)


async def test_what_came_onto_a_stick_is_read_back_and_the_receipt_says_so(
    image: Path, source: Path, tmp_path: Path
) -> None:
    async with opened(image) as (volume, changes):
        job = CopyIn(volume, changes, HostOrigin([source]), volume.facts.root)
        await job.run()
        assert (job.state, job.error, job.problems) == (TransferState.DONE, None, [])
        check = await checked(volume, job.pairs())
    assert check.state is TransferState.DONE
    assert check.problems == []
    check.receipt.save(tmp_path / "receipt.json")
    receipt = json.loads((tmp_path / "receipt.json").read_text())
    assert receipt["verified"] is True
    assert receipt["stick"]["name"] == "HOLIDAY"
    assert receipt["stick"]["volume_id"] == volume.facts.uuid
    digests = {
        each["path"].removeprefix("source/"): (each["size"], each["blake2b"]) for each in receipt["files"]
    }
    assert digests == {name: (len(content), blake2b(content).hexdigest()) for name, content in FILES.items()}


async def test_one_byte_that_changed_on_the_medium_is_found(image: Path, source: Path) -> None:
    async with opened(image) as (volume, changes):
        job = CopyIn(volume, changes, HostOrigin([source]), volume.facts.root)
        await job.run()
        await volume.read((await volume.resolve("source/deep/middle.dat")).node, 0, 70_000)
        content = image.read_bytes()
        place = content.index(FILES["deep/middle.dat"][40_000:40_100])
        with image.open("r+b") as file:
            file.seek(place)
            file.write(bytes([content[place] ^ 1]))
        check = await checked(volume, job.pairs())
    assert [(problem.path, type(problem.error)) for problem in check.problems] == [
        ("source/deep/middle.dat", Differs)
    ], "though the worker had read it before, and kept it"
    (item,) = [item for item in check.receipt.items if not item.verified]
    assert (item.path, item.blake2b, item.why) == ("source/deep/middle.dat", "", "the two differ")
    assert json.loads(check.receipt.as_json())["verified"] is False


async def test_a_copy_on_the_host_that_was_cut_or_removed_is_found(
    image: Path, source: Path, tmp_path: Path
) -> None:
    mtools("mcopy", image, "-s", source, "::/")
    (tmp_path / "out").mkdir()
    async with opened(image) as (volume, _):
        job = CopyOut(volume, [await volume.resolve("source")], tmp_path / "out")
        await job.run()
        assert (await checked(volume, job.pairs())).problems == []
        os.truncate(tmp_path / "out/source/big.bin", 5 * MIB)
        (tmp_path / "out/source/empty").unlink()
        check = await checked(volume, job.pairs())
    assert {problem.path for problem in check.problems} == {"source/big.bin", "source/empty"}


async def test_the_kernel_forgets_what_it_had_read_of_a_stick(image: Path, source: Path) -> None:
    mtools("mcopy", image, "-s", source, "::/")
    async with opened(image) as (volume, changes):
        big = await volume.resolve("source/big.bin")
        for offset in range(0, big.size, MIB):
            await volume.read(big.node, offset, MIB)
        descriptor = os.open(image, os.O_RDWR)
        os.fsync(descriptor)
        if _is_in_memory(image):
            pytest.skip("a file system in memory has nowhere else to read from")
        before = resident(descriptor)
        await changes.flush()
        await volume.forget()
        after = resident(descriptor)
        os.close(descriptor)
    assert before > 100
    assert after < before / 10


def _is_in_memory(path: Path) -> bool:
    return "tmpfs" in run("stat", "-f", "-c", "%T", path)


async def test_small_files_are_read_in_company_and_each_keeps_its_own_outcome(
    image: Path, tmp_path: Path
) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(40):
        (many / f"{number:02}").write_bytes(b"%02d" % number * 1000)
    async with opened(image) as (volume, changes):
        job = CopyIn(volume, changes, HostOrigin([many]), volume.facts.root)
        await job.run()
        (many / "07").write_bytes(b"07" * 999 + b"x7")
        (many / "20").unlink()
        (many / "31").write_bytes(b"31" * 1001)
        check = await checked(volume, job.pairs())
    wrong = {item.path.rpartition("/")[2]: item.why for item in check.receipt.items if not item.verified}
    assert wrong.keys() == {"07", "20", "31"}
    assert wrong["07"] == wrong["31"] == "the two differ"
    assert "HostReadFailed" in wrong["20"]
    (differs,) = [problem.error for problem in check.problems if problem.path == "many/07"]
    assert isinstance(differs, Differs) and differs.offset == 1998
    good = {item.path: item.blake2b for item in check.receipt.items if item.verified}
    assert good["many/39"] == blake2b(b"39" * 1000).hexdigest()
    assert len(good) == 37


def test_a_receipt_of_several_readings_claims_no_more_than_the_least_of_them() -> None:
    receipt = Receipt(StickFacts("HOLIDAY", "", "", "", "FAT32"), False, "HOLIDAY", "/home/anna")
    said = []
    for way in (Uncached.FLUSHED, Uncached.ADVISED, Uncached.KEPT, Uncached.FLUSHED):
        receipt.note_read(way)
        said.append(json.loads(receipt.as_json())["reading"]["stick"]["from"].partition(",")[0])
    assert said == ["the medium", "the medium", "memory", "memory"]
