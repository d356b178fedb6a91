"""A stick is given back: written, let go of, switched off; or one hears who holds it, and ends those."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from dbus_fast import Message

from core.entry import Kind
from core.errors import AccessDenied, Cancelled, DeviceBusy, DeviceGone, Ejected, WrongKind
from core.host import giving_back, holders
from core.host.holders import Hold
from core.host.stick_volume import StickVolume
from core.host.sticks import Stick, Sticks, StickState, VolumeState
from core.host.supervisor import Supervisor
from core.host.transfers import CopyOut, TransferState
from tests.support.any_order import Work
from tests.support.buses import drive, fails, private_bus, returns
from tests.support.descriptors import nothing_left
from tests.support.disks import loop_node, run, sparse, tool
from tests.support.fat import blank_fat, mtools
from tests.support.plugging import ScriptedWatcher, device_of

MIB = 1 << 20
DONE = returns("")
BUSY = fails("org.freedesktop.UDisks2.Error.DeviceBusy", "somebody has it")


@pytest.fixture(scope="module")
def holiday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("holiday")
    (folder / "beach.txt").write_text("sand\n" * 100_000)
    image = blank_fat(folder / "holiday.img", 4 * MIB, "-n", "HOLIDAY")
    mtools("mcopy", image, folder / "beach.txt", "::")
    return image


@pytest.fixture
def node(image: Path) -> Iterator[Path]:
    with loop_node(image) as node:
        yield node


@pytest.fixture
def ext4(tmp_path: Path) -> Iterator[Path]:
    """A device with what the kernel of any Linux can mount."""
    image = sparse(tmp_path / "ext4.img", 4 * MIB)
    run("mkfs.ext4", "-q", image)
    with loop_node(image) as node:
        yield node


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with private_bus() as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield


@pytest.fixture
def no_bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")


@asynccontextmanager
async def plugged(supervisor: Supervisor, node: Path) -> AsyncIterator[tuple[Stick, ScriptedWatcher, Sticks]]:
    watcher = ScriptedWatcher(device_of(node))
    async with Sticks(supervisor, watcher) as sticks:
        (stick,) = sticks.sticks
        await stick.settled()
        yield stick, watcher, sticks


@contextmanager
def mounted(node: Path, folder: Path) -> Iterator[Path]:
    folder.mkdir()
    made = subprocess.run([tool("mount"), node, folder], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"mount: {made.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run([tool("umount"), folder], capture_output=True, check=False)


@contextmanager
def program(code: str) -> Iterator[subprocess.Popen[str]]:
    """A Python program that has said "ready"."""
    with subprocess.Popen(
        [sys.executable, "-c", f"import signal; {code}; print('ready', flush=True); signal.pause()"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def ours_of(node: Path) -> list[str]:
    """Our own descriptors of a device."""
    return [each.name for each in Path("/proc/self/fd").iterdir() if os.path.realpath(each) == str(node)]


# giving it back ---------------------------------------------------------------------------------------------


async def test_a_stick_is_switched_off_once_nothing_of_it_is_open(
    bus: None, supervisor: Supervisor, node: Path
) -> None:
    open_then: list[str] = []

    def off(message: Message) -> Message:
        open_then.extend(ours_of(node))
        return Message.new_method_return(message)

    async with drive(off) as udisks, plugged(supervisor, node) as (stick, _, _):
        volume = await stick.volumes[0].open()
        assert (stick.state, len(ours_of(node))) == (StickState.OPEN, 1)
        await stick.eject()
        assert stick.state is StickState.SAFE
        assert isinstance(stick.error, Ejected)
        assert stick.error.powered == ""
        assert open_then == []
        assert volume.ended.done()
        assert stick.volumes[0].state is VolumeState.GONE
        assert udisks.calls[-1].member == "PowerOff"
        with pytest.raises(Ejected):
            await stick.volumes[0].open()
        await stick.eject()  # once more changes nothing


async def test_what_was_changed_is_on_the_stick_before_it_is_safe(
    bus: None, supervisor: Supervisor, image: Path, node: Path
) -> None:
    async with drive(DONE), plugged(supervisor, node) as (stick, _, _):
        volume = await stick.volumes[0].open()
        assert stick.medium is not None
        descriptor = await stick.medium.for_writing()
        changes = await volume.writable(descriptor)
        os.close(descriptor)
        await changes.create(volume.facts.root, "new folder", Kind.DIRECTORY)
        await stick.eject()
        assert changes.settled == changes.staged
    assert b"new folder" in mtools("mdir", image, "-b", "::")


async def test_a_stick_that_goes_when_it_is_switched_off_was_not_pulled_out(
    bus: None, supervisor: Supervisor, node: Path
) -> None:
    watching: list[tuple[ScriptedWatcher, Stick]] = []

    def off(message: Message) -> Message:
        ((watcher, stick),) = watching
        assert stick.device is not None
        watcher.pull(stick.device)
        return Message.new_method_return(message)

    async with drive(off), plugged(supervisor, node) as (stick, watcher, sticks):
        watching.append((watcher, stick))
        await stick.eject()
        assert sticks.sticks == ()
        assert stick.state is StickState.GONE
        assert isinstance(stick.error, Ejected)


async def test_a_stick_that_is_pulled_out_while_it_is_ejected_is_lost_unless_all_was_written(
    bus: None, supervisor: Supervisor, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushing = asyncio.Event()

    async def finish(volume: StickVolume) -> None:
        flushing.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(StickVolume, "finish", finish)
    async with drive(DONE) as udisks, plugged(supervisor, node) as (stick, watcher, _):
        ejecting = asyncio.create_task(stick.eject())
        await flushing.wait()
        assert stick.state is StickState.EJECTING
        with pytest.raises(Cancelled):
            await stick.volumes[0].open()
        assert stick.device is not None
        watcher.pull(stick.device)
        with pytest.raises(DeviceGone):
            await ejecting
        assert stick.state is StickState.GONE
        assert udisks.calls == []


async def test_ejecting_leaves_nothing_open(
    bus: None, supervisor: Supervisor, image: Path, tmp_path: Path
) -> None:
    with loop_node(image) as node:
        async with drive(DONE), plugged(supervisor, node) as (stick, _, sticks):
            await stick.eject()
            await sticks.retry(stick)
            async with nothing_left():
                for _ in range(3):
                    await stick.volumes[0].open()
                    await stick.eject()
                    await sticks.retry(stick)


async def test_without_udisks_a_stick_is_safe_but_not_switched_off(
    no_bus: None, supervisor: Supervisor, node: Path
) -> None:
    async with plugged(supervisor, node) as (stick, _, sticks):
        await stick.eject()
        assert stick.state is StickState.SAFE
        assert isinstance(stick.error, Ejected)
        assert "no system bus" in stick.error.powered
        await sticks.retry(stick)  # nobody pulled it out: it can be used again
        assert stick.state is StickState.READY
        assert (await stick.volumes[0].open()).facts.label == "HOLIDAY"


@pytest.mark.parametrize(
    ("facts", "method"),
    [({}, "PowerOff"), ({"sibling": True}, "Eject"), ({"takes": ["flash_sd"]}, "Eject")],
)
async def test_a_card_reader_keeps_its_power_and_gives_the_card_away(
    bus: None, supervisor: Supervisor, node: Path, facts: dict[str, Any], method: str
) -> None:
    udisks = drive(DONE, eject=DONE, **facts)
    async with udisks, plugged(supervisor, node) as (stick, _, _):
        await stick.eject()
        assert udisks.calls[-1].member == method


async def test_an_image_is_nothing_to_eject(supervisor: Supervisor, image: Path) -> None:
    async with Sticks(supervisor) as sticks:
        stick = await sticks.add_image(image)
        with pytest.raises(WrongKind):
            await stick.eject()
        assert stick.state is StickState.READY


# who holds it -----------------------------------------------------------------------------------------------


async def test_a_copy_of_ours_keeps_a_stick_until_it_has_ended(
    bus: None, supervisor: Supervisor, node: Path, tmp_path: Path
) -> None:
    async with drive(DONE), plugged(supervisor, node) as (stick, _, _):
        volume = await stick.volumes[0].open()
        job, work = CopyOut(volume, [await volume.resolve("beach.txt")], tmp_path), Work()
        working = asyncio.create_task(work.on(stick))
        copying = asyncio.create_task(job.run())
        await asyncio.sleep(0)
        assert stick.state is StickState.BUSY
        with pytest.raises(DeviceBusy) as busy:
            await stick.eject()
        assert busy.value.holder.startswith("copying")
        assert stick.state is StickState.BUSY
        ejecting = asyncio.create_task(stick.eject(wait=True))
        await copying
        assert job.state is TransferState.DONE
        assert stick.state is StickState.BUSY
        work.cancel()
        await asyncio.gather(ejecting, working)
        assert stick.state is StickState.SAFE
        assert (tmp_path / "beach.txt").stat().st_size == 500_000


async def test_a_copy_of_ours_is_ended_with_the_eject_where_one_wants_that(
    bus: None, supervisor: Supervisor, node: Path, tmp_path: Path
) -> None:
    async with drive(DONE), plugged(supervisor, node) as (stick, _, _):
        volume = await stick.volumes[0].open()
        job = CopyOut(volume, [await volume.resolve("beach.txt")], tmp_path / "out")
        (tmp_path / "out").mkdir()
        copying = asyncio.create_task(job.run())
        await asyncio.sleep(0)
        await stick.eject(end=True)
        await copying
        assert job.state is TransferState.CANCELLED
        assert stick.state is StickState.SAFE
        assert list((tmp_path / "out").iterdir()) == []


async def test_a_program_that_holds_a_stick_is_named_and_ended(
    bus: None, supervisor: Supervisor, node: Path
) -> None:
    async with drive(DONE), plugged(supervisor, node) as (stick, _, _):
        with program(f"device = open({str(node)!r}, 'rb')") as holding:
            with pytest.raises(DeviceBusy) as busy:
                await stick.eject()
            assert f"(process {holding.pid})" in busy.value.holder
            assert stick.state is StickState.READY
            (holder,) = await stick.held_by()
            assert (holder.hold, holder.process) == (Hold.PROGRAM, holding.pid)
            await stick.eject(end=True)
            assert holding.wait() == -15
        assert stick.state is StickState.SAFE


async def test_a_program_that_does_not_end_is_not_killed(
    bus: None, supervisor: Supervisor, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving_back, "_ENDING", 0.05)
    stubborn = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    async with drive(DONE), plugged(supervisor, node) as (stick, _, _):
        with program(f"{stubborn}; device = open({str(node)!r}, 'rb')") as holding:
            with pytest.raises(DeviceBusy) as busy:
                await stick.eject(end=True)
            assert f"(process {holding.pid})" in busy.value.holder
            assert holding.poll() is None
            assert stick.state is StickState.READY


async def test_a_mount_is_named_and_taken_away(
    no_bus: None, supervisor: Supervisor, ext4: Path, tmp_path: Path
) -> None:
    with mounted(ext4, tmp_path / "a place"):
        async with plugged(supervisor, ext4) as (stick, _, _):
            assert stick.state is StickState.FAILED
            assert isinstance(stick.error, DeviceBusy)
            assert stick.error.mount == str(tmp_path / "a place")
            with pytest.raises(DeviceBusy) as busy:
                await stick.eject()
            assert busy.value.mount == str(tmp_path / "a place")
            assert os.path.ismount(tmp_path / "a place")
            await stick.eject(end=True)
            assert not os.path.ismount(tmp_path / "a place")
            assert stick.state is StickState.SAFE


async def test_what_the_desktop_has_mounted_is_opened_safely_instead(
    no_bus: None, supervisor: Supervisor, ext4: Path, tmp_path: Path
) -> None:
    with mounted(ext4, tmp_path / "place"):
        async with plugged(supervisor, ext4) as (stick, _, _):
            await stick.take_over()
            assert stick.state is StickState.READY
            assert not os.path.ismount(tmp_path / "place")
            assert (await stick.volumes[0].open()).facts.system == "ext4"


async def test_who_keeps_a_mount_in_use_is_named_and_ended_with_it(
    no_bus: None, supervisor: Supervisor, ext4: Path, tmp_path: Path
) -> None:
    with mounted(ext4, tmp_path / "place") as place:
        async with plugged(supervisor, ext4) as (stick, _, _):
            with program(f"import os; os.chdir({str(place)!r})") as using:
                for refused in (stick.take_over(), stick.eject()):
                    with pytest.raises(DeviceBusy) as busy:
                        await refused
                    assert f"(process {using.pid})" in busy.value.holder
                assert [holder.process for holder in holders.users(place)] == [using.pid]
                held = await stick.held_by()
                assert [holder.hold for holder in held] == [Hold.MOUNT, Hold.PROGRAM]
                assert stick.state is StickState.FAILED
                await stick.eject(end=True)
                assert using.wait() == -15
            assert stick.state is StickState.SAFE
            assert not place.is_mount()


async def test_what_is_built_on_a_stick_is_named_and_left_alone(tmp_path: Path) -> None:
    """An encrypted volume that is open, as sysfs shows it."""
    for place, content in {
        "sys/devices/usb/sdb/dev": "8:16",
        "sys/devices/virtual/dm-0/dev": "253:0",
        "sys/devices/virtual/dm-0/dm/name": "luks-secret",
        "proc/swaps": "Filename\n",
        "proc/self/mountinfo": "",
    }.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(content)
    (tmp_path / "sys/devices/usb/sdb/holders").mkdir()
    (tmp_path / "sys/devices/usb/sdb/holders/dm-0").symlink_to(tmp_path / "sys/devices/virtual/dm-0")
    (tmp_path / "sys/dev/block").mkdir(parents=True)
    (tmp_path / "sys/dev/block/8:16").symlink_to(tmp_path / "sys/devices/usb/sdb")
    held = holders.holders(os.makedev(8, 16), proc=tmp_path / "proc", sys=tmp_path / "sys")
    assert [(each.hold, each.what) for each in held] == [(Hold.BUILT, "luks-secret")]
    with pytest.raises(DeviceBusy):
        await giving_back.end(Path("/dev/sdb"), held)


async def test_a_stick_that_is_taken_at_the_last_moment_is_not_said_to_be_safe(
    bus: None, supervisor: Supervisor, node: Path
) -> None:
    with ExitStack() as later:

        def off(message: Message) -> Message:
            later.enter_context(program(f"device = open({str(node)!r}, 'rb')"))
            return BUSY(message)

        async with drive(off), plugged(supervisor, node) as (stick, _, sticks):
            with pytest.raises(DeviceBusy) as busy:
                await stick.eject()
            assert "process" in busy.value.holder
            assert (stick.state, stick.error) == (StickState.FAILED, busy.value)
            later.close()
            await sticks.retry(stick)
            assert stick.state is StickState.READY


async def test_a_drive_that_cannot_be_switched_off_is_safe_all_the_same(
    bus: None, supervisor: Supervisor, node: Path
) -> None:
    no = fails("org.freedesktop.UDisks2.Error.Failed", "no such switch")
    async with drive(no), plugged(supervisor, node) as (stick, _, _):
        await stick.eject()
        assert isinstance(stick.error, Ejected)
        assert "no such switch" in stick.error.powered


async def test_the_hosts_no_is_told(bus: None, supervisor: Supervisor, ext4: Path, tmp_path: Path) -> None:
    refuses = fails("org.freedesktop.UDisks2.Error.NotAuthorized", "not authorized to unmount")
    with mounted(ext4, tmp_path / "place"):
        udisks = drive(DONE)
        udisks.answers["Unmount"] = refuses
        async with udisks, plugged(supervisor, ext4) as (stick, _, _):
            with pytest.raises(AccessDenied) as denied:
                await stick.take_over()
            assert "not authorized to unmount" in denied.value.reason


async def test_a_repair_is_finished_before_its_stick_is_given_back(
    bus: None, supervisor: Supervisor, node: Path
) -> None:
    async with drive(DONE), plugged(supervisor, node) as (stick, _, _):
        volume = await stick.volumes[0].open()
        repair = volume.repair()
        await repair.plan()
        assert stick.medium is not None
        descriptor = await stick.medium.for_writing()
        try:
            making = asyncio.create_task(repair.apply(descriptor))
            await asyncio.sleep(0)
            assert stick.state is StickState.BUSY
            await stick.eject(end=True)
            assert making.done()
            await making
        finally:
            os.close(descriptor)
        assert stick.state is StickState.SAFE
