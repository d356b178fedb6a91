"""A stick is opened for nobody else's use, for reading first, and by udisks2 where this user may not."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from dbus_fast import Message

from core.errors import AccessDenied, DeviceBusy, DeviceGone, NotFound, ReadOnly, WrongKind
from core.host import udisks, udisks_bus
from core.host.access import open_medium
from core.host.udisks import Denied
from tests.support.buses import Answer, FakeUdisks, fails, private_bus, returns
from tests.support.disks import run, tool
from tests.support.stick import blank_image

RESOLVED = returns("ao", ["/org/freedesktop/UDisks2/block_devices/loop"])


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Path]:
    """A real block device over an image of zeros."""
    made = subprocess.run(
        [tool("losetup"), "--find", "--show", blank_image(tmp_path / "image")], capture_output=True, text=True
    )
    if made.returncode != 0:
        pytest.skip(f"losetup: {made.stderr.strip()}")
    device = Path(made.stdout.strip())
    yield device
    subprocess.run([tool("losetup"), "--detach", device], check=True)


def may_write(descriptor: int) -> bool:
    return fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR


def held(device: Path) -> bool:
    """Whether somebody has a block device for himself."""
    try:
        os.close(os.open(device, os.O_RDONLY | os.O_EXCL))
    except OSError as error:
        assert error.errno == errno.EBUSY
        return True
    return False


async def test_a_device_is_opened_for_reading_and_for_nobody_else(loop: Path) -> None:
    with await open_medium(loop) as medium:
        assert not may_write(medium.descriptor)
        with pytest.raises(DeviceBusy):
            await open_medium(loop)
    with await open_medium(loop):
        pass  # given back


async def test_a_second_descriptor_can_write_while_the_first_keeps_others_out(loop: Path) -> None:
    with await open_medium(loop) as medium:
        descriptor = await medium.for_writing()
        try:
            assert may_write(descriptor)
            assert os.pwrite(descriptor, b"x" * 512, 0) == 512
            with pytest.raises(DeviceBusy):
                await open_medium(loop)
        finally:
            os.close(descriptor)


async def test_a_writer_closes_a_disk_when_nobody_holds_it_any_more(
    loop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only then can udev, which looks at a disk when a writer closes it, have its table read again."""
    free = []

    def close(descriptor: int, really: Callable[[int], None] = os.close) -> None:
        writer = may_write(descriptor)
        really(descriptor)
        if writer:
            free.append(not held(loop))

    with await open_medium(loop) as medium:
        monkeypatch.setattr(os, "close", close)
        os.close(await medium.for_writing())
    assert free == [False, True]


async def test_a_write_protected_device_says_so(loop: Path) -> None:
    run("blockdev", "--setro", loop)
    try:
        with await open_medium(loop) as medium, pytest.raises(ReadOnly):
            await medium.for_writing()
    finally:
        run("blockdev", "--setrw", loop)  # the kernel remembers it for the next image on this device


async def test_an_image_replaced_by_another_file_is_not_written(tmp_path: Path) -> None:
    image = blank_image(tmp_path / "image")
    with await open_medium(image) as medium:
        blank_image(tmp_path / "other").replace(image)
        with pytest.raises(DeviceGone):
            await medium.for_writing()


async def test_what_is_neither_file_nor_block_device_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path, tmp_path / "fifo", Path("/dev/null")):
        with pytest.raises(WrongKind):
            await open_medium(path)
    for path in (tmp_path / "none", Path("/nul\0")):
        with pytest.raises(NotFound):
            await open_medium(path)


@pytest_asyncio.fixture
async def bus(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    with private_bus() as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield


def denied(device: Path) -> Denied:
    return Denied(device, device, device.stat().st_rdev, "Permission denied")


def gives(device: Path, flags: int) -> Answer:
    """What udisks2 does: opens the device as root and sends the descriptor."""

    def answer(message: Message) -> Message:
        descriptor = os.open(device, flags)
        return Message.new_method_return(message, "h", [0], [descriptor])

    return answer


async def test_udisks_gives_what_the_kernel_denies(bus: None, loop: Path) -> None:
    async with FakeUdisks(RESOLVED, gives(loop, os.O_RDONLY)) as fake:
        descriptor = await udisks.open_device(denied(loop), ask=False)
        assert os.fstat(descriptor).st_rdev == loop.stat().st_rdev
        os.close(descriptor)
        mode, options = fake.calls[-1].body
        assert (mode, options["flags"].value) == ("r", os.O_EXCL | os.O_CLOEXEC)
        assert options["auth.no_user_interaction"].value is True


async def test_for_writing_udisks_is_asked_so(bus: None, loop: Path) -> None:
    async with FakeUdisks(RESOLVED, gives(loop, os.O_RDWR)) as fake:
        descriptor = await udisks.open_device(denied(loop), ask=True, write=True)
        assert may_write(descriptor)
        os.close(descriptor)
        mode, options = fake.calls[-1].body
        assert (mode, options["flags"].value) == ("rw", os.O_CLOEXEC)
        assert "auth.no_user_interaction" not in options


async def test_another_device_than_was_meant_is_not_taken(bus: None, loop: Path, tmp_path: Path) -> None:
    other = blank_image(tmp_path / "other")
    before = len(list(Path("/proc/self/fd").iterdir()))
    async with FakeUdisks(RESOLVED, gives(other, os.O_RDONLY)):
        with pytest.raises(AccessDenied) as refused:
            await udisks.open_device(denied(loop), ask=False)
    assert "another device" in refused.value.reason
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1  # the fake keeps the one that it sent


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (fails("org.freedesktop.UDisks2.Error.NotAuthorizedDismissed", "dismissed"), AccessDenied),
        (fails("org.freedesktop.UDisks2.Error.Failed", "Device or resource busy"), DeviceBusy),
        (fails("org.freedesktop.UDisks2.Error.Failed", "something else"), AccessDenied),
    ],
)
async def test_why_udisks_refuses_is_told_apart(
    bus: None, loop: Path, answer: Answer, expected: type[Exception]
) -> None:
    async with FakeUdisks(RESOLVED, answer):
        with pytest.raises(expected):
            await udisks.open_device(denied(loop), ask=False)


async def test_a_device_that_udisks_does_not_know_is_denied_with_the_kernels_word(
    bus: None, loop: Path
) -> None:
    async with FakeUdisks(returns("ao", []), None):
        with pytest.raises(AccessDenied) as refused:
            await udisks.open_device(denied(loop), ask=False)
    assert "Permission denied" in refused.value.reason


async def test_a_udisks_that_never_answers_is_left_after_its_time(
    bus: None, loop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(udisks_bus, "ANSWERING", 0.2)
    async with FakeUdisks(RESOLVED, None):
        with pytest.raises(AccessDenied) as refused:
            await udisks.open_device(denied(loop), ask=False)
    assert "no answer" in refused.value.reason


async def test_without_a_system_bus_the_kernels_word_stands(
    loop: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    with pytest.raises(AccessDenied) as refused:
        await udisks.open_device(denied(loop), ask=False)
    assert refused.value.reason.startswith("Permission denied; no system bus")


async def test_leaving_while_udisks_asks_for_a_password_loses_no_descriptor(bus: None, loop: Path) -> None:
    async with FakeUdisks(RESOLVED, None) as fake:
        asking = asyncio.create_task(udisks.open_device(denied(loop), ask=True))
        await fake.called.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
