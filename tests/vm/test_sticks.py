"""What a person gets who plugs a stick into a real machine, with the commands and with the kernel beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.vm.hardware import Usb
from tests.vm.images import bare_stick, files_of, stick, sums
from tests.vm.machine import Machine
from tests.vm.senses import Figure, hashed, plugged, ready
from tests.vm.talk import Talk

FILES = files_of(1)
_STRANGER = 1001


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stick(tmp_path_factory.mktemp("stick"), FILES)


def test_the_guest_boots_to_a_settled_udev(guest: Machine, figure: Figure) -> None:
    assert guest.sh("pidof systemd-udevd")
    for stage, seconds in guest.boot_seconds.items():
        figure(f"after the start of the kernel: {stage}", f"{seconds:.1f} s")


def test_a_stick_is_announced_with_its_serial_and_label(usb: Usb, udev: Talk, image: Path) -> None:
    usb.plug(image, serial="4711")
    disk = udev.hear(lambda message: message.get("action") == "add" and message["DEVTYPE"] == "disk")
    part = udev.hear(lambda message: message.get("action") == "add" and message["DEVTYPE"] == "partition")
    assert (disk["ID_BUS"], disk["ID_SERIAL_SHORT"], disk["ID_PART_TABLE_TYPE"]) == ("usb", "4711", "dos")
    assert (part["ID_FS_TYPE"], part["ID_FS_LABEL"]) == ("vfat", "HOLIDAY")


def test_an_ordinary_user_lists_reads_and_copies_what_is_on_a_stick(
    guest: Machine, usb: Usb, udev: Talk, image: Path, figure: Figure
) -> None:
    usb.plug(image)
    disk = plugged(udev)
    listed = guest.rumpus("ls", "-R", "--json", disk)
    assert listed.status == 0, listed.complaint
    sizes = {entry["path"].lstrip("/"): entry["size"] for entry in map(json.loads, listed.text.splitlines())}
    assert {name: size for name, size in sizes.items() if name in FILES} == {
        name: len(content) for name, content in FILES.items()
    }
    figure("rumpus ls -R of 155 files, with the start of Python", f"{listed.seconds:.1f} s")
    assert guest.rumpus("cat", f"{disk}:/README.TXT").output == FILES["README.TXT"]
    told = guest.rumpus("info", disk)
    assert "HOLIDAY" in told.text and "FAT16" in told.text, told


def test_root_may_and_a_stranger_may_not(guest: Machine, usb: Usb, udev: Talk, image: Path) -> None:
    usb.plug(image)
    disk = plugged(udev)
    assert "README.TXT" in guest.rumpus("ls", disk, user=0).text
    refused = guest.rumpus("ls", disk, user=_STRANGER)
    assert refused.status == 3
    assert "does not let you read it" in refused.complaint


def test_what_the_kernel_has_mounted_is_left_alone_and_its_place_is_named(
    guest: Machine, usb: Usb, udev: Talk, image: Path
) -> None:
    usb.plug(image)
    disk = plugged(udev)
    part = plugged(udev, "partition")
    guest.sh(f"mkdir -p /mnt/holiday && mount -t vfat -o ro {part} /mnt/holiday")
    try:
        refused = guest.rumpus("ls", disk)
        assert refused.status == 3
        assert "in use by /mnt/holiday" in refused.complaint
    finally:
        guest.sh("umount /mnt/holiday")


def test_rumpus_reads_what_the_kernel_reads(
    guest: Machine, usb: Usb, udev: Talk, application: Talk, image: Path, figure: Figure
) -> None:
    usb.plug(image)
    disk = plugged(udev)
    part = plugged(udev, "partition")
    ready(application, disk)
    began = application.ask(do="count")["time"]
    copied = application.ask(do="copy", path=disk, sources=["/"], to="/tmp/by-rumpus", seconds=120)
    assert (copied["state"], copied["problems"]) == ("DONE", [])
    by_rumpus = copied["time"] - began
    application.ask(do="close", path=disk)
    kernel = guest.run(
        "sh", "-euc", f"mkdir /tmp/mnt /tmp/by-kernel; mount -t vfat -o ro,utf8 {part} /tmp/mnt; "
        "cp -r /tmp/mnt/. /tmp/by-kernel; sync; umount /tmp/mnt; rmdir /tmp/mnt"
    )  # fmt: skip
    assert kernel.status == 0, kernel.complaint
    assert hashed(guest, "/tmp/by-rumpus") == hashed(guest, "/tmp/by-kernel") == sums(FILES)
    figure("copying 155 files of 4.3 MiB: Rumpus", f"{by_rumpus:.2f} s")
    figure("the same by the kernel's vfat, mount, cp and umount", f"{kernel.seconds:.2f} s")
    figure("ratio", f"{by_rumpus / kernel.seconds:.1f}")
    guest.sh("rm -r /tmp/by-rumpus /tmp/by-kernel")


def test_sectors_of_4096_bytes(
    guest: Machine, usb: Usb, udev: Talk, application: Talk, tmp_path: Path
) -> None:
    files = {name: content for name, content in FILES.items() if not name.startswith("many/")}
    usb.plug(bare_stick(tmp_path, files, 4096), sector_size=4096)
    disk = plugged(udev)
    assert guest.sh(f"blockdev --getss {disk}").strip() == "4096"
    ready(application, disk)
    copied = application.ask(do="copy", path=disk, sources=["/"], to="/tmp/large-sectors")
    assert (copied["state"], copied["problems"]) == ("DONE", [])
    assert hashed(guest, "/tmp/large-sectors") == sums(files)
    guest.sh("rm -r /tmp/large-sectors")
