"""What a person puts onto a stick, as the kernel's own drivers read it afterwards, and what a yank leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import fsck
from tests.support.exfat import blank_exfat
from tests.support.fat import blank_fat, mtools
from tests.vm.hardware import Usb
from tests.vm.images import MIB, files_of, lay_out, stick, sums
from tests.vm.initramfs import SHARE
from tests.vm.machine import Machine
from tests.vm.senses import Figure, by_kernel, plugged
from tests.vm.talk import Talk

FILES = files_of(6)
_SLOW = MIB


def _fat(path: Path) -> Path:
    return blank_fat(path, 64 * MIB, "-F", "16", "-n", "EMPTY")


def _exfat(path: Path) -> Path:
    return blank_exfat(path, 64 * MIB, "-L", "EMPTY")


SYSTEMS: dict[str, tuple[Callable[[Path], Path], str, Callable[[Path], list[str]]]] = {
    "vfat": (_fat, "ro,utf8", fsck.complaints),
    "exfat": (_exfat, "ro", fsck.exfat_complaints),
}


@pytest.fixture
def source(guest: Machine) -> str:
    """A folder of the guest with FILES in it, from which an ordinary user copies."""
    lay_out(guest.share / "source", FILES)
    return f"{SHARE}/source"


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_kernel_reads_what_was_copied_in(
    guest: Machine, usb: Usb, udev: Talk, source: str, tmp_path: Path, system: str, figure: Figure
) -> None:
    make, options, complaints = SYSTEMS[system]
    image = make(tmp_path / "stick.img")
    plug = usb.plug(image)
    disk = plugged(udev)
    copied = guest.rumpus("cp", "-r", *(f"{source}/{name}" for name in _tops()), f"{disk}:/", seconds=200)
    assert (copied.status, copied.complaint) == (0, "")
    figure(f"copying 155 files of 4.3 MiB onto {system}, with the start of Python", f"{copied.seconds:.1f} s")
    assert by_kernel(guest, system, disk, options) == sums(FILES)
    plug.yank()
    assert complaints(image) == []


def test_a_yank_while_copying_in_costs_the_file_that_was_under_way(
    guest: Machine, usb: Usb, udev: Talk, source: str, tmp_path: Path
) -> None:
    image = _fat(tmp_path / "stick.img")
    (tmp_path / "kept").write_bytes(b"was there before")
    mtools("mcopy", image, tmp_path / "kept", "::/kept.txt")
    slow = usb.plug(image, bytes_per_second=_SLOW)
    disk = plugged(udev)
    copying = guest.start_rumpus("cp", f"{source}/README.TXT", f"{source}/big.bin", f"{disk}:/")
    _await_written(guest, disk, MIB)
    slow.yank()
    copying.wait(90)
    assert copying.status == 1, copying
    assert "pulled out" in copying.complaint
    assert "Traceback" not in copying.complaint
    assert fsck.damage(image) == []
    usb.plug(image)
    names = by_kernel(guest, "vfat", plugged(udev), "ro,utf8")
    assert names["kept.txt"] == sums({"": b"was there before"})[""]
    assert "big.bin" not in names
    assert names.get("README.TXT", sums(FILES)["README.TXT"]) == sums(FILES)["README.TXT"]


def test_a_yank_while_formatting_is_said_and_the_stick_can_be_formatted_again(
    guest: Machine, usb: Usb, udev: Talk, tmp_path: Path
) -> None:
    image = stick(tmp_path, {"old.txt": b"old"}, "OLD")
    slow = usb.plug(image, bytes_per_second=MIB // 8)
    disk = plugged(udev)
    formatting = guest.start_rumpus("format", disk, "--fs", "fat16", "--yes")
    _await_written(guest, disk, 8192)
    slow.yank()
    formatting.wait(90)
    assert formatting.status not in (0, None), formatting
    assert "pulled out" in formatting.complaint
    assert "Traceback" not in formatting.complaint
    usb.plug(image)
    disk = plugged(udev)
    again = guest.rumpus("format", disk, "--fs", "fat16", "--label", "NEW", "--yes")
    assert (again.status, again.complaint) == (0, "")
    guest.sh(f'until [ "$(blkid -p -o value -s LABEL {disk}1)" = NEW ]; do sleep 0.1; done')
    assert by_kernel(guest, "vfat", f"{disk}1", "rw,utf8") == {}


def _tops() -> list[str]:
    return sorted({name.partition("/")[0] for name in FILES})


def _await_written(guest: Machine, disk: str, size: int) -> None:
    """Until so many bytes have gone to a disk: Documentation/block/stat.rst, the seventh field."""
    stat = f"/sys/block/{Path(disk).name}/stat"
    guest.sh(
        f"until read -r _ _ _ _ _ _ sectors _ <{stat} && [ $sectors -gt {size // 512} ]; do sleep 0.05; done",
        seconds=120,
    )
