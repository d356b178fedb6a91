"""The kernel's own driver as a peer: what it reads from a stick, and how long it takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from tests.support import udf
from tests.support.discs import disc
from tests.support.exfat import blank_exfat, mounted
from tests.support.ext import debugfs, ext_image
from tests.support.ffs import ffs_image
from tests.support.hfsplus import HfsPlusStick
from tests.support.samples import MOMENT
from tests.support.unix_images import bfs_image, efs_image
from tests.vm.hardware import Usb
from tests.vm.images import MIB, bare_stick, files_of, lay_out, stick, sums
from tests.vm.initramfs import SHARE
from tests.vm.machine import Machine
from tests.vm.senses import Figure, by_kernel, hashed, let_go, plugged, ready
from tests.vm.talk import Talk

FILES = files_of(1)


def test_rumpus_reads_what_the_kernel_reads(
    guest: Machine, usb: Usb, udev: Talk, application: Talk, tmp_path: Path, figure: Figure
) -> None:
    usb.plug(stick(tmp_path, FILES))
    disk = plugged(udev)
    part = plugged(udev, "partition")
    ready(application, disk)
    began = application.ask(do="count")["time"]
    copied = application.ask(do="copy", path=disk, sources=["/"], to="/tmp/by-rumpus", seconds=120)
    assert (copied["state"], copied["problems"]) == ("DONE", [])
    by_rumpus = copied["time"] - began
    application.ask(do="close", path=disk)
    guest.sh("modprobe -a vfat nls_cp437 nls_ascii nls_utf8")  # their loading is not what is compared
    kernel = guest.run(
        "sh", "-euc", f"mkdir /tmp/mnt /tmp/by-kernel; mount -t vfat -o ro,utf8 {part} /tmp/mnt; "
        "cp -r /tmp/mnt/. /tmp/by-kernel; sync; umount /tmp/mnt; rmdir /tmp/mnt"
    )  # fmt: skip
    assert kernel.status == 0, kernel.complaint
    assert hashed(guest, "/tmp/by-rumpus") == hashed(guest, "/tmp/by-kernel") == sums(FILES)
    figure("copying 155 files of 4.3 MiB: Rumpus, running, with its syncfs", f"{by_rumpus:.2f} s")
    figure("the same by the kernel's vfat, mount, cp and umount", f"{kernel.seconds:.2f} s")
    figure("ratio", f"{by_rumpus / kernel.seconds:.1f}")
    guest.sh("rm -r /tmp/by-rumpus /tmp/by-kernel")


def test_looking_and_bringing_beside_the_kernel(
    guest: Machine, usb: Usb, udev: Talk, application: Talk, tmp_path: Path, figure: Figure
) -> None:
    lay_out(guest.share / "brought", FILES)
    guest.sh(f"cp -r {SHARE}/brought /tmp/brought; modprobe -a vfat nls_cp437 nls_ascii nls_utf8")
    usb.plug(stick(tmp_path, FILES))
    disk = plugged(udev)
    part = plugged(udev, "partition")
    ready(application, disk)
    began = application.ask(do="count")["time"]
    looked = application.ask(do="list", path=disk)["listed"] - began
    began = application.ask(do="count")["time"]
    brought = application.ask(do="bring", path=disk, sources=["/tmp/brought"], seconds=120)
    assert (brought["state"], brought["files"]) == ("DONE", len(FILES))
    by_rumpus = brought["time"] - began
    application.ask(do="close", path=disk)
    let_go(guest, disk)
    mounting = f"mkdir -p /tmp/mnt; mount -t vfat -o utf8 {part} /tmp/mnt"
    listing = guest.run("sh", "-euc", f"{mounting}; ls -l /tmp/mnt; umount /tmp/mnt")
    assert listing.status == 0, listing.complaint
    copying = f"{mounting}; cp -r /tmp/brought /tmp/mnt/kernel; umount /tmp/mnt"
    bringing = guest.run("sh", "-euc", copying, seconds=120)
    assert bringing.status == 0, bringing.complaint
    figure("opening a stick and listing its root: Rumpus, running", f"{looked:.2f} s")
    figure("the same by the kernel's vfat, mount, ls and umount", f"{listing.seconds:.2f} s")
    figure("ratio", f"{looked / listing.seconds:.1f}")
    figure("copying 155 files of 4.3 MiB onto it: Rumpus, running", f"{by_rumpus:.2f} s")
    figure("the same by the kernel's vfat, mount, cp and umount", f"{bringing.seconds:.2f} s")
    figure("ratio", f"{by_rumpus / bringing.seconds:.1f}")
    same = by_kernel(guest, "vfat", part, "ro,utf8")
    for folder in ("brought/", "kernel/"):
        assert {name[len(folder) :]: each for name, each in same.items() if name.startswith(folder)} == sums(
            FILES
        )
    guest.sh("rm -r /tmp/brought")


def _exfat(folder: Path, files: dict[str, bytes]) -> Path:
    image = blank_exfat(folder / "exfat.img", 64 * MIB, "-L", "BESIDE")
    with mounted(image) as volume:
        lay_out(volume, files)
    return image


def _ext4(folder: Path, files: dict[str, bytes]) -> Path:
    image = folder / "ext4.img"
    ext_image(image, 64 * MIB, "-t", "ext4", source=lay_out(folder / "source", files))
    debugfs(image, "rmdir lost+found", write=True)
    return image


def _hfsplus(folder: Path, files: dict[str, bytes]) -> Path:
    stick = HfsPlusStick("BESIDE", blocks=16384)
    folders = {str(above) for name in files for above in Path(name).parents} - {"."}
    for name in sorted(folders):
        stick.add_folder(name)
    for number, (name, content) in enumerate(files.items()):
        stick.add_file(name, content, pieces=1 + number % 20)
    return stick.write(folder / "hfsplus.img")


def _iso(folder: Path, files: dict[str, bytes]) -> Path:
    return disc(folder / "disc.iso", lay_out(folder / "source", files), "-R")


def _udf(kind: str) -> Callable[[Path, dict[str, bytes]], Path]:
    def make(folder: Path, files: dict[str, bytes]) -> Path:
        made = udf.Disc(kind, blocks=12_000)
        for number, (name, content) in enumerate(files.items()):
            for above in reversed(Path(name).parents[:-1]):
                if not made.has(str(above)):
                    made.add(str(above), udf.Node(udf.DIRECTORY, mode=0o755))
            form = (udf.SHORT, udf.LONG, udf.INLINE)[number % 3]
            made.add(name, udf.Node(udf.FILE, content, form=form, scattered=number % 2 == 0))
        return made.write(folder / "udf.img")

    return make


@pytest.mark.parametrize(
    ("system", "make"),
    [
        ("exfat", _exfat),
        ("ext4", _ext4),
        ("hfsplus", _hfsplus),
        ("iso9660", _iso),
        *(("udf", _udf(kind)) for kind in ("plain", "virtual", "sparable", "metadata")),
    ],
    ids=["exfat", "ext4", "hfsplus", "iso9660", "udf", "udf-virtual", "udf-sparable", "udf-metadata"],
)
def test_other_systems_are_read_as_the_kernel_reads_them(
    guest: Machine,
    usb: Usb,
    udev: Talk,
    application: Talk,
    tmp_path: Path,
    figure: Figure,
    system: str,
    make: Callable[[Path, dict[str, bytes]], Path],
) -> None:
    usb.plug(make(tmp_path, FILES))
    disk = plugged(udev)
    ready(application, disk)
    began = application.ask(do="count")["time"]
    copied = application.ask(do="copy", path=disk, sources=["/"], to="/tmp/by-rumpus", seconds=120)
    assert (copied["state"], copied["problems"]) == ("DONE", [])
    figure(f"copying 155 files of 4.3 MiB from {system}", f"{copied['time'] - began:.2f} s")
    assert hashed(guest, "/tmp/by-rumpus") == sums(FILES)
    application.ask(do="close", path=disk)
    assert by_kernel(guest, system, disk, "ro") == sums(FILES)
    guest.sh("rm -r /tmp/by-rumpus")


SMALL = files_of(2, big=500_000)
SHORT = {f"{number:03} {path[-8:]}": content for number, (path, content) in enumerate([*SMALL.items()][:20])}


def _folders(files: dict[str, bytes]) -> list[str]:
    found = {str(folder) for path in files for folder in PurePosixPath(path).parents}
    return sorted(found - {"."})


def _efs(folder: Path) -> Path:
    # The kernel looks for extents only where the first of their blocks lie together.
    return efs_image(folder / "efs.img", _folders(SMALL), SMALL, MOMENT, "BESIDE", together=8)


def _ufs(order: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        return ffs_image(folder / "ufs.img", lay_out(folder / "source", SMALL), 1, order)

    return make


def _bfs(folder: Path) -> Path:
    return bfs_image(folder / "bfs.img", SHORT, MOMENT, "BESIDE")


@pytest.mark.parametrize(
    ("system", "options", "make", "files"),
    [
        ("efs", "ro", _efs, SMALL),
        ("ufs", "ro,ufstype=44bsd", _ufs("le"), SMALL),
        ("ufs", "ro,ufstype=44bsd", _ufs("be"), SMALL),
        ("bfs", "ro", _bfs, SHORT),
    ],
    ids=["efs", "ufs", "ufs of big-endian machines", "bfs"],
)
def test_old_systems_are_read_as_the_kernel_reads_them(
    guest: Machine,
    usb: Usb,
    udev: Talk,
    application: Talk,
    tmp_path: Path,
    system: str,
    options: str,
    make: Callable[[Path], Path],
    files: dict[str, bytes],
) -> None:
    """Their images here are built by hand: only the kernel tells that they are right."""
    copy = f"/tmp/{tmp_path.name}"
    usb.plug(make(tmp_path))
    disk = plugged(udev)
    ready(application, disk)
    copied = application.ask(do="copy", path=disk, sources=["/"], to=copy, seconds=120)
    assert (copied["state"], copied["problems"]) == ("DONE", [])
    assert hashed(guest, copy) == sums(files)
    application.ask(do="close", path=disk)
    assert by_kernel(guest, system, disk, options) == sums(files)
    guest.sh(f"rm -r {copy}")


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
