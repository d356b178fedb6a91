"""What the commands give to a person who plugs a stick into a real machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.vm.hardware import Usb
from tests.vm.images import MIB, files_of, place_of, stick, sums
from tests.vm.machine import USER, Machine
from tests.vm.senses import Figure, hashed, plugged, written_to
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
    guest.sh(f"install -d -o {USER} /tmp/picked")
    assert guest.rumpus("cp", "-r", f"{disk}:/Photos", f"{disk}:/big.bin", "/tmp/picked").status == 0
    picked = {name: FILES[name] for name in FILES if name == "big.bin" or name.startswith("Photos/")}
    assert hashed(guest, "/tmp/picked") == sums(picked)
    guest.sh("rm -r /tmp/picked")


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


def test_cp_says_what_bad_sectors_cost_and_copies_the_rest(
    guest: Machine, usb: Usb, udev: Talk, image: Path
) -> None:
    big = FILES["big.bin"]
    start = place_of(image, big[3 * MIB : 3 * MIB + 4096])
    usb.plug(image, bad=[range(start, start + 4096)])
    disk = plugged(udev)
    guest.sh(f"install -d -o {USER} /tmp/worn-cp")
    copied = guest.rumpus("cp", f"{disk}:/big.bin", f"{disk}:/README.TXT", "/tmp/worn-cp", seconds=200)
    assert copied.status == 1, copied
    assert "big.bin" in copied.complaint
    assert "bad sectors" in copied.complaint
    assert "Traceback" not in copied.complaint
    kept = hashed(guest, "/tmp/worn-cp")
    assert kept["README.TXT"] == sums(FILES)["README.TXT"]
    page = 4096  # the kernel gives all of one or nothing
    assert guest.run("cat", "/tmp/worn-cp/big.bin").output[: 3 * MIB - page] == big[: 3 * MIB - page]
    guest.sh("rm -r /tmp/worn-cp")


def test_cp_says_that_the_stick_was_pulled_out_and_leaves_no_half_file(
    guest: Machine, usb: Usb, udev: Talk, tmp_path: Path
) -> None:
    image = stick(tmp_path, files_of(5, big=8 * MIB))
    slow = usb.plug(image, bytes_per_second=MIB // 2)
    disk = plugged(udev)
    guest.sh(f"install -d -o {USER} /tmp/cp")
    copying = guest.start_rumpus("cp", "-r", f"{disk}:/", "/tmp/cp")
    written_to(guest, "/tmp/cp", MIB // 2)
    slow.yank()
    copying.wait(60)
    assert copying.status == 1, copying
    assert "the stick was pulled out" in copying.complaint
    assert "Traceback" not in copying.complaint
    assert guest.sh("find /tmp/cp -name '*big*' -o -name '.*rumpus-part'") == ""
    guest.sh("rm -r /tmp/cp")
