"""A stick read through its descriptor: exact bytes, or an error that says which sector or that it is gone."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.blockdev.descriptor import GONE, UNREADABLE, DescriptorDevice, measure
from core.blockdev.device import MAX_READ
from core.errors import CorruptStructure, DeviceGone, HostWriteFailed, MediumError, NotWritten, WrongKind
from tests.support.disks import loop_device

CONTENT = bytes(range(256)) * 64


@pytest.fixture
def image(tmp_path: Path) -> Iterator[int]:
    path = tmp_path / "stick.img"
    path.write_bytes(CONTENT)
    descriptor = os.open(path, os.O_RDWR)
    yield descriptor
    os.close(descriptor)


def test_bytes_are_read_from_any_offset_and_of_any_length(image: int) -> None:
    device = DescriptorDevice(image, *measure(image))
    assert device.size == len(CONTENT)
    assert device.sector_size == 512
    assert device.read(0, 1) == CONTENT[:1]
    assert device.read(511, 2) == CONTENT[511:513]
    assert device.read(0, device.size) == CONTENT
    assert device.read(device.size, 0) == b""


@pytest.mark.parametrize(
    ("offset", "length"),
    [
        (len(CONTENT), 1),
        (len(CONTENT) - 1, 2),
        (-1, 1),
        (0, -1),
        (2**70, 1),
        (0, 2**70),
        pytest.param(1 << 70000, 1, id="absurd"),
    ],
)
def test_a_place_outside_the_device_is_corruption_that_can_cross_the_wall(
    image: int, offset: int, length: int
) -> None:
    device = DescriptorDevice(image, len(CONTENT))
    with pytest.raises(CorruptStructure) as caught:
        device.read(offset, length)
    assert caught.value.structure == "device"
    assert 0 <= caught.value.offset < 2**63
    with pytest.raises(CorruptStructure):
        device.locate(-1)


def test_a_length_from_the_stick_cannot_take_all_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge.img"
    path.touch()
    os.truncate(path, 4 * MAX_READ)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        device = DescriptorDevice(descriptor, *measure(descriptor))
        with pytest.raises(CorruptStructure, match="at most"):
            device.read(0, MAX_READ + 1)
    finally:
        os.close(descriptor)


def test_bulk_copies_are_told_where_the_bytes_lie(image: int) -> None:
    assert DescriptorDevice(image, len(CONTENT)).locate(777) == (image, 777)


def test_an_image_truncated_underneath_is_a_medium_error_at_the_first_missing_sector(image: int) -> None:
    device = DescriptorDevice(image, *measure(image))
    os.ftruncate(image, 5000)
    assert device.read(0, 4608) == CONTENT[:4608]
    with pytest.raises(MediumError) as caught:
        device.read(0, len(CONTENT))
    assert (caught.value.offset, caught.value.length) == (4608, 512)


def test_an_image_that_became_empty_is_gone(image: int) -> None:
    device = DescriptorDevice(image, *measure(image))
    os.ftruncate(image, 0)
    with pytest.raises(DeviceGone):
        device.read(0, 512)


# A stick fails in the kernel; memory of this process with holes in it fails the same way, with a real EIO.

PAGE = mmap.PAGESIZE


@pytest.fixture
def holed(tmp_path: Path) -> Iterator[tuple[DescriptorDevice, int, list[int]]]:
    """A device, where 16 pages of it begin, and the pages that cannot be read: a file's past its end."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    anonymous, fixed = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 0x10
    base = libc.mmap(None, 16 * PAGE, mmap.PROT_READ | mmap.PROT_WRITE, anonymous, -1, 0)
    for page in range(16):
        ctypes.memset(base + page * PAGE, page + 1, PAGE)
    holes = [5, 6, 11]
    with (tmp_path / "empty").open("w+b") as empty:
        for page in holes:
            libc.mmap(base + page * PAGE, PAGE, mmap.PROT_READ, mmap.MAP_SHARED | fixed, empty.fileno(), 0)
    descriptor = os.open("/proc/self/mem", os.O_RDONLY)
    yield DescriptorDevice(descriptor, base + 16 * PAGE, 512), base, holes
    os.close(descriptor)
    libc.munmap(base, 16 * PAGE)


def test_a_bad_sector_in_a_large_read_is_named(holed: tuple[DescriptorDevice, int, list[int]]) -> None:
    device, base, _ = holed
    with pytest.raises(MediumError) as caught:
        device.read(base, 16 * PAGE)
    assert (caught.value.offset - base, caught.value.length) == (5 * PAGE, 512)
    with pytest.raises(MediumError) as caught:
        device.read(base + 7 * PAGE + 100, 9 * PAGE - 100)
    assert (caught.value.offset - base, caught.value.length) == (11 * PAGE, 512)


def test_the_sectors_around_a_bad_one_are_read(holed: tuple[DescriptorDevice, int, list[int]]) -> None:
    device, base, _ = holed
    assert device.read(base, 5 * PAGE)[-1] == 5
    assert device.read(base + 7 * PAGE, 4 * PAGE)[0] == 8
    with pytest.raises(MediumError) as caught:
        device.read(base + 6 * PAGE + 1000, 4)
    assert (caught.value.offset - base, caught.value.length) == (6 * PAGE + 512, 512)


def refuse(monkeypatch: pytest.MonkeyPatch, answer: object) -> list[tuple[int, int]]:
    """Lets `answer(offset, length)` raise in place of the kernel; the reads tried are listed."""
    tried: list[tuple[int, int]] = []
    real = os.pread

    def pread(descriptor: int, length: int, offset: int) -> bytes:
        tried.append((offset, length))
        assert callable(answer)
        answer(offset, length)
        return real(descriptor, length, offset)

    monkeypatch.setattr(os, "pread", pread)
    return tried


def test_a_drive_that_refuses_whole_requests_is_bisected_within_bounds(
    image: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(offset: int, length: int) -> None:
        if offset < 7000 < offset + length:
            raise OSError(errno.EIO, "bad sector")

    tried = refuse(monkeypatch, answer)
    with pytest.raises(MediumError) as caught:
        DescriptorDevice(image, len(CONTENT)).read(100, 16000)
    assert (caught.value.offset, caught.value.length) == (6656, 512)
    assert len(tried) < 15


def test_a_stick_that_stumbles_once_still_gives_its_bytes(
    image: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stumbles = iter([True, False, True])

    def answer(offset: int, length: int) -> None:
        if next(stumbles, False):
            raise OSError(errno.EIO, "loose contact")

    refuse(monkeypatch, answer)
    assert DescriptorDevice(image, len(CONTENT)).read(3, 16000) == CONTENT[3:16003]


def test_a_stick_that_fails_at_random_is_not_asked_for_ever(
    image: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter(range(10**9))

    def answer(offset: int, length: int) -> None:
        if length > 512 or next(calls) % 2:
            raise OSError(errno.EIO, "loose contact")

    tried = refuse(monkeypatch, answer)
    with pytest.raises(MediumError):
        DescriptorDevice(image, len(CONTENT)).read(0, 16384)
    assert len(tried) < 100


@pytest.mark.parametrize("number", sorted(UNREADABLE), ids=errno.errorcode.get)
def test_errors_of_the_medium_are_told_as_such(
    number: int, image: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(offset: int, length: int) -> None:
        raise OSError(number, os.strerror(number))

    refuse(monkeypatch, answer)
    with pytest.raises(MediumError) as caught:
        DescriptorDevice(image, len(CONTENT), 4096).read(4096, 8192)
    assert (caught.value.offset, caught.value.length) == (4096, 4096)


@pytest.mark.parametrize("number", sorted(GONE), ids=errno.errorcode.get)
def test_a_pulled_stick_is_gone_and_not_asked_again(
    number: int, image: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(offset: int, length: int) -> None:
        raise OSError(number, os.strerror(number))

    tried = refuse(monkeypatch, answer)
    with pytest.raises(DeviceGone):
        DescriptorDevice(image, len(CONTENT)).read(0, 8192)
    assert len(tried) == 1


def test_an_error_that_is_no_word_about_the_stick_is_our_bug_and_stays_one(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    os.close(descriptor)
    with pytest.raises(OSError, match="Bad file descriptor"):
        DescriptorDevice(descriptor, 512).read(0, 512)


def test_a_folder_or_a_character_device_is_not_measured(tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/null")):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            with pytest.raises(WrongKind):
                measure(descriptor)
        finally:
            os.close(descriptor)


@pytest.mark.parametrize("sector_size", [512, 4096])
def test_a_real_block_device_tells_its_size_and_sector_size(tmp_path: Path, sector_size: int) -> None:
    path = tmp_path / "stick.img"
    path.write_bytes(CONTENT)
    with loop_device(path, sector_size) as descriptor:
        assert measure(descriptor) == (len(CONTENT), sector_size, False)
        assert DescriptorDevice(descriptor, *measure(descriptor)).read(600, 5000) == CONTENT[600:5600]


def test_a_real_block_device_with_bad_sectors_names_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "stick.img"
    path.write_bytes(bytes(1 << 20))
    with loop_device(path, 512) as descriptor:
        device = DescriptorDevice(descriptor, *measure(descriptor))
        os.truncate(path, 400 * 1024)
        tried = refuse(monkeypatch, lambda offset, length: None)
        with pytest.raises(MediumError) as caught:
            device.read(0, 1 << 20)
        assert (caught.value.offset, caught.value.length) == (400 * 1024, 512)
        assert len(tried) < 12


# writing ----------------------------------------------------------------------------------------------------


def test_what_is_written_is_read_back(image: int) -> None:
    device = DescriptorDevice(image, len(CONTENT), writable=True)
    device.write(1000, b"new" * 500)
    device.flush()
    assert device.read(999, 1502) == CONTENT[999:1000] + b"new" * 500 + CONTENT[2500:2501]


def test_a_device_is_read_only_unless_said_otherwise(image: int, tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught:
        DescriptorDevice(image, len(CONTENT)).write(0, b"x")
    assert caught.value.errno == errno.EROFS
    assert os.pread(image, 1, 0) == CONTENT[:1]


def test_writing_past_the_end_never_makes_an_image_grow(image: int) -> None:
    device = DescriptorDevice(image, len(CONTENT), writable=True)
    with pytest.raises(CorruptStructure):
        device.write(len(CONTENT) - 1, b"xx")
    assert os.fstat(image).st_size == len(CONTENT)


@pytest.mark.parametrize(
    ("number", "meaning"),
    [
        (errno.EIO, NotWritten),
        (errno.ENODEV, DeviceGone),
        (errno.ENOSPC, HostWriteFailed),
        (errno.EPERM, OSError),
    ],
)
def test_a_failed_write_says_what_failed(
    image: int, monkeypatch: pytest.MonkeyPatch, number: int, meaning: type[Exception]
) -> None:
    written = iter([700])

    def pwrite(descriptor: int, data: bytes, offset: int) -> int:
        for count in written:
            return count
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "pwrite", pwrite)
    with pytest.raises(meaning) as caught:
        DescriptorDevice(image, len(CONTENT), writable=True).write(512, bytes(2048))
    if isinstance(caught.value, MediumError):
        assert (caught.value.offset, caught.value.length) == (1212, 1348)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("call", ["pwrite", "fdatasync"])
def test_a_stick_that_vanishes_while_it_is_written_is_gone_and_not_worn_out(
    image: int, monkeypatch: pytest.MonkeyPatch, number: int, call: str
) -> None:
    """A disk that was pulled out fails what is under way, and a moment later has no size."""
    device = DescriptorDevice(image, len(CONTENT), writable=True)
    device.write(0, b"x")

    def fail(*_: object) -> int:
        os.truncate(image, 0)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(DeviceGone):
        device.write(512, bytes(512))
        device.flush()


def test_a_failed_flush_names_everything_that_may_be_lost_once(
    image: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = DescriptorDevice(image, len(CONTENT), writable=True)
    device.write(8000, b"later")
    device.write(1000, b"earlier")

    def fdatasync(descriptor: int) -> None:
        raise OSError(errno.EIO, "lost")

    monkeypatch.setattr(os, "fdatasync", fdatasync)
    with pytest.raises(NotWritten) as caught:
        device.flush()
    assert (caught.value.offset, caught.value.length) == (1000, 7005)
    device.flush()
