"""The disks that a system runs from are no sticks, whatever lies between them and the mount point."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.host.system_disks import system_disks


class Machine:
    """A /proc and a /sys with the few files that are looked at."""

    def __init__(self, folder: Path) -> None:
        self.proc, self.sys = folder / "proc", folder / "sys"
        (self.proc / "self").mkdir(parents=True)
        for index in ("dev/block", "class/block"):
            (self.sys / index).mkdir(parents=True)
        self._mounts = ""
        self._swaps = "Filename\tType\tSize\tUsed\tPriority\n"

    def device(
        self, place: str, number: str, *, partition: bool = False, over: tuple[Path, ...] = ()
    ) -> Path:
        """`over`: what it is built on, as the device mapper would have it."""
        device = self.sys / "devices" / place
        (device / "slaves").mkdir(parents=True)
        if partition:
            (device / "partition").write_text("1\n")
        for slave in over:
            (device / "slaves" / slave.name).symlink_to(slave)
        (self.sys / "dev/block" / number).symlink_to(device)
        (self.sys / "class/block" / device.name).symlink_to(device)
        return device

    def mount(self, number: str, where: str, source: str = "none") -> None:
        self._mounts += f"36 35 {number} / {where} rw,noatime shared:1 - ext4 {source} rw\n"

    def swap(self, source: str) -> None:
        self._swaps += f"{source} partition\t1048572\t0\t-2\n"

    def disks(self) -> set[str]:
        (self.proc / "self/mountinfo").write_text(self._mounts)
        (self.proc / "swaps").write_text(self._swaps)
        return {disk.name for disk in system_disks(proc=self.proc, sys=self.sys)}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("place", ["/", "/boot/efi", "/home", "/var/lib/x", "/run/live/medium", "/cdrom"])
def test_what_the_system_is_mounted_from_is_its_own(machine: Machine, place: str) -> None:
    machine.device("usb/sda", "8:0")
    machine.device("usb/sda/sda1", "8:1", partition=True)
    machine.mount("8:1", place)
    assert machine.disks() == {"sda"}


@pytest.mark.parametrize(
    "place", ["/media/jane/STICK", "/run/media/jane/STICK", "/mnt", "/home/jane/stick", "/bootcamp"]
)
def test_a_stick_that_a_person_has_mounted_is_not(machine: Machine, place: str) -> None:
    machine.device("usb/sda", "8:0")
    machine.device("usb/sda/sda1", "8:1", partition=True)
    machine.mount("8:1", place)
    assert machine.disks() == set()


def test_a_system_on_encryption_and_volumes_is_followed_down_to_its_disks(machine: Machine) -> None:
    for disk, number in (("sda", "8:0"), ("sdb", "8:16")):
        machine.device(f"usb/{disk}", number)
    parts = (
        machine.device("usb/sda/sda2", "8:2", partition=True),
        machine.device("usb/sdb/sdb1", "8:17", partition=True),
    )
    volume = machine.device("virtual/dm-0", "253:0", over=parts)
    machine.device("virtual/dm-1", "253:1", over=(volume,))
    machine.mount("253:1", "/")
    assert machine.disks() >= {"sda", "sdb"}


def test_btrfs_is_found_by_its_device_and_swap_counts(machine: Machine) -> None:
    machine.device("pci/nvme0n1", "259:0")
    machine.device("pci/nvme0n1/nvme0n1p3", "259:3", partition=True)
    machine.device("usb/sdc", "8:32")
    machine.mount("0:32", "/home", "/dev/nvme0n1p3")
    machine.swap("/dev/sdc")
    assert machine.disks() == {"nvme0n1", "sdc"}


def test_an_overlay_and_a_machine_without_any_of_it_are_no_disk(machine: Machine, tmp_path: Path) -> None:
    machine.mount("0:50", "/", "overlay")
    assert machine.disks() == set()
    assert system_disks(proc=tmp_path / "nowhere", sys=tmp_path / "nowhere") == frozenset()
