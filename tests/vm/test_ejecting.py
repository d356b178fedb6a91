"""Ejecting real (emulated) sticks: the kernel lets go of them, and all is on them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fat import mtools
from tests.vm.hardware import Usb
from tests.vm.images import MIB, files_of, lay_out, stick
from tests.vm.initramfs import SHARE
from tests.vm.machine import Machine
from tests.vm.senses import Figure, gone, let_go, plugged, ready, removed
from tests.vm.talk import Talk

FILES = {name: content for name, content in files_of(5, big=4096).items() if not name.startswith("many/")}

_TABLES, _CLEAN_MARK = 64 << 10, 16 << 10
"""Bytes that a file's name and chain take, in each copy of the table; and what a driver writes when it lets
go: that all is well."""
_SPEEDS = {"a stick that takes 1 MiB/s": MIB, "a stick without a limit": 0}


@pytest.fixture
def udisks(guest: Machine) -> Iterator[None]:
    """A real udisks2, on the guest's own system bus."""
    guest.sh(
        "test -x /usr/libexec/udisks2/udisksd; mkdir -p /run/dbus; rm -f /run/dbus/pid;"
        "dbus-daemon --system --fork --print-pid=3 3>/tmp/bus.pid;"
        "/usr/libexec/udisks2/udisksd >/tmp/udisksd.log 2>&1 & echo $! >/tmp/udisksd.pid;"
        "until grep -q 'Acquired the name' /tmp/udisksd.log; do sleep 0.1; done"
    )
    yield
    guest.sh("kill $(cat /tmp/udisksd.pid) $(cat /tmp/bus.pid); rm -rf /run/dbus")


def test_what_was_copied_is_on_a_stick_that_root_ejects_and_the_bus_is_empty(
    guest: Machine, usb: Usb, udev: Talk, tmp_path: Path
) -> None:
    image = stick(tmp_path, FILES)
    usb.plug(image)
    disk = plugged(udev)
    guest.sh("head -c 3000000 /dev/urandom >/tmp/new.bin")
    assert guest.rumpus("cp", "/tmp/new.bin", f"{disk}@1:/", user=0).status == 0
    let_go(guest, disk)  # root sees udev as one who holds it
    ejected = guest.rumpus("eject", disk, user=0)
    assert (ejected.status, ejected.text) == (0, f"{disk} can be pulled out\n"), ejected.complaint
    removed(udev, disk)
    assert guest.sh("ls /sys/block").count("sd") == 0
    wanted = guest.sh("sha256sum </tmp/new.bin").split()[0]
    mtools("mcopy", Path(f"{image}@@{MIB}"), "-n", "::/new.bin", tmp_path / "new.bin")
    assert sum_of(tmp_path / "new.bin") == wanted


def sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_is_mounted_in_the_guest_is_named_and_ejected_on_request(
    guest: Machine, usb: Usb, udev: Talk, tmp_path: Path
) -> None:
    usb.plug(stick(tmp_path, FILES))
    disk = plugged(udev)
    plugged(udev, "partition")
    guest.sh(f"mkdir -p /tmp/place; mount {disk}1 /tmp/place; echo late >/tmp/place/late.txt")
    named = guest.rumpus("eject", disk, user=0)
    assert named.status == 1
    assert "mounted on: /tmp/place" in named.complaint
    assert guest.rumpus("eject", "--end", disk, user=0).status == 0
    removed(udev, disk)
    assert "/tmp/place" not in guest.sh("cat /proc/mounts")
    image = Path(f"{tmp_path}/HOLIDAY.img@@{MIB}")
    assert mtools("mtype", image, "::/late.txt") == b"late\n"


def test_udisks_switches_a_stick_off(
    guest: Machine, usb: Usb, udev: Talk, udisks: None, tmp_path: Path
) -> None:
    usb.plug(stick(tmp_path, FILES))
    disk = plugged(udev)
    plugged(udev, "partition")
    guest.sh(f"udevadm settle; until udisksctl info -b {disk}1 >/dev/null 2>&1; do sleep 0.1; done")
    ejected = guest.rumpus("eject", disk, user=0)
    assert (ejected.status, ejected.text) == (0, f"{disk} can be pulled out\n"), ejected.complaint
    guest.sh("until grep -q 'Powered off' /tmp/udisksd.log; do sleep 0.1; done")
    removed(udev, disk)


@pytest.mark.parametrize("kind", _SPEEDS)
def test_at_a_hundred_per_cent_nothing_is_left_to_be_written_before_it_is_safe(
    guest: Machine, usb: Usb, udev: Talk, application: Talk, tmp_path: Path, figure: Figure, kind: str
) -> None:
    lay_out(guest.share / "slow", {"film.bin": bytes(range(256)) * (8 * MIB // 256)})
    usb.plug(stick(tmp_path, FILES), bytes_per_second=_SPEEDS[kind], slow_to_read=False)
    disk = plugged(udev)
    ready(application, disk)
    bringing = application.order(do="bring", path=disk, sources=[f"{SHARE}/slow/film.bin"])
    whole = application.hear(lambda said: 0 < said.get("of", 0) == said.get("brought"), 180)
    done = application.answer(bringing, 180)
    assert done["state"] == "DONE"
    given = application.ask(180, do="eject", path=disk)
    assert given["state"] == "SAFE"
    assert whole["written"] >= 8 * MIB
    assert done["written"] - whole["written"] <= _TABLES
    assert given["written"] - done["written"] <= _CLEAN_MARK
    for what, start in (("from 100 % to safe", whole), ("from done to safe", done)):
        figure(f"{what}, of 8 MiB on {kind}", f"{given['time'] - start['time']:.2f} s")


def test_the_application_gives_a_stick_back_and_is_not_told_that_it_was_pulled_out(
    usb: Usb, udev: Talk, application: Talk, tmp_path: Path
) -> None:
    plug = usb.plug(stick(tmp_path, FILES))
    disk = plugged(udev)
    number = ready(application, disk)
    assert "README.TXT" in application.ask(do="list", path=disk)["names"]
    before = application.ask(do="count")
    given = application.ask(do="eject", path=disk)
    assert given["state"] == "SAFE"
    assert given["error"]["kind"] == "Ejected"
    plug.yank()
    gone(application, number)
    after = application.ask(do="count")
    assert after["descriptors"] < before["descriptors"]
    assert after["walled"] < before["walled"]
