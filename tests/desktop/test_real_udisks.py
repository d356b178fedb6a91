"""A real udisks2 on a bus of its own: what it has mounted is opened safely, and given back."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from dbus_fast import MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.message import Message

from core.errors import DeviceBusy, Ejected
from core.host import giving_back, udisks_bus
from core.host.sticks import Stick, Sticks, StickState
from core.host.supervisor import Supervisor
from tests.desktop.conftest import inside, udevd_running
from tests.support.buses import private_bus
from tests.support.disks import loop_node, run, sparse
from tests.support.plugging import ScriptedWatcher, device_of
from tests.support.terminal import rumpus

pytestmark = pytest.mark.machine("desktop")
LABEL = f"R{os.getpid()}"
UDISKSD = Path("/usr/libexec/udisks2/udisksd")


@pytest.fixture(scope="module", autouse=True)
def udevd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with udevd_running(tmp_path_factory.mktemp("udevd")):
        yield


@pytest_asyncio.fixture
async def udisks(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MessageBus]:
    """A connection to the bus on which it is. There must be one only, of all machines made up for a test."""
    if not UDISKSD.exists():
        pytest.skip("udisks2 is not installed")
    if not inside():
        yield MessageBus(bus_address="unix:path=/none")
        return
    with private_bus() as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        bus = await MessageBus(bus_address=address).connect()
        owned = asyncio.Event()
        bus.add_message_handler(lambda message: owned.set() if message.member == "NameOwnerChanged" else None)
        rule = f"type='signal',member='NameOwnerChanged',arg0='{udisks_bus.SERVICE}'"
        await asked(bus, "/org/freedesktop/DBus", "org.freedesktop.DBus.AddMatch", "s", rule)
        with subprocess.Popen([UDISKSD], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as daemon:
            try:
                async with asyncio.timeout(30):
                    await owned.wait()
                yield bus
            finally:
                daemon.terminate()
                bus.disconnect()
                await bus.wait_for_disconnect()


async def asked(bus: MessageBus, path: str, method: str, signature: str = "", *body: object) -> list[object]:
    interface, _, member = method.rpartition(".")
    service = "org.freedesktop.DBus" if path.startswith("/org/freedesktop/DBus") else udisks_bus.SERVICE
    reply = await bus.call(
        Message(
            destination=service,
            path=path,
            interface=interface,
            member=member,
            signature=signature,
            body=list(body),
        )
    )
    assert reply is not None
    assert reply.message_type is MessageType.METHOD_RETURN, reply.body
    return list(reply.body)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Path]:
    image = sparse(tmp_path / "stick.img", 4 << 20)
    run("mkfs.ext4", "-q", "-L", LABEL, image)
    with loop_node(image) as node:
        run("udevadm", "settle", "--timeout", "20")
        yield node


async def mounted(udisks: MessageBus, node: Path) -> Path:
    """Where the desktop has put it."""
    place = f"/org/freedesktop/UDisks2/block_devices/{node.name}"
    async with asyncio.timeout(30):
        while await label(udisks, place) != LABEL:  # noqa: ASYNC110 - it still hears of the device
            await asyncio.sleep(0.02)
    (where,) = await asked(udisks, place, "org.freedesktop.UDisks2.Filesystem.Mount", "a{sv}", {})
    assert Path(str(where)).is_mount()
    return Path(str(where))


async def label(udisks: MessageBus, place: str) -> object:
    get = "org.freedesktop.DBus.Properties.Get"
    try:
        (found,) = await asked(udisks, place, get, "ss", "org.freedesktop.UDisks2.Block", "IdLabel")
    except AssertionError:
        return None
    return found.value  # type: ignore[attr-defined]


async def plugged(sticks: Sticks) -> Stick:
    (stick,) = sticks.sticks
    await stick.settled()
    return stick


async def test_what_udisks_has_mounted_is_opened_safely_and_then_ejected(
    udisks: MessageBus, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving_back, "_umount", None)  # nobody but udisks2 may do it
    place = await mounted(udisks, node)
    async with Supervisor() as supervisor, Sticks(supervisor, ScriptedWatcher(device_of(node))) as sticks:
        stick = await plugged(sticks)
        assert stick.state is StickState.FAILED
        assert isinstance(stick.error, DeviceBusy)
        assert stick.error.mount == str(place)
        await stick.take_over()
        assert stick.state is StickState.READY
        assert not place.is_mount()
        assert (await stick.volumes[0].open()).facts.system == "ext4"
        await stick.eject()
        assert isinstance(stick.error, Ejected)
        assert stick.error.powered == "udisks2 knows no drive of this device"


async def test_a_mount_of_udisks_that_is_in_use_is_named_with_who_uses_it(
    udisks: MessageBus, node: Path
) -> None:
    place = await mounted(udisks, node)
    async with Supervisor() as supervisor, Sticks(supervisor, ScriptedWatcher(device_of(node))) as sticks:
        stick = await plugged(sticks)
        with subprocess.Popen(["sleep", "1000"], cwd=place) as using:
            try:
                with pytest.raises(DeviceBusy) as busy:
                    await stick.take_over()
                assert busy.value.holder == f"sleep (process {using.pid})"
            finally:
                using.kill()
        await stick.eject(end=True)
        assert stick.state is StickState.SAFE
        assert not place.is_mount()


async def test_the_terminal_unmounts_through_udisks(udisks: MessageBus, node: Path) -> None:
    place = await mounted(udisks, node)
    done = await asyncio.to_thread(rumpus, "eject", "--end", place)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{node} can be pulled out" in done.stdout
    assert not place.exists(), "udisks2 takes its own folder away again"
