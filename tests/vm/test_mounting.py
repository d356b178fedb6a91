"""`rumpus mount` in a real machine: its stick is yanked while programs read from the directory."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.vm.hardware import Usb
from tests.vm.images import MIB, files_of, stick, sums
from tests.vm.initramfs import SHARE
from tests.vm.machine import USER, Machine
from tests.vm.senses import Figure, plugged, removed
from tests.vm.talk import Talk

FILES = files_of(6, big=12 * MIB)
PLACE = "/tmp/home-1000/stick"
CHECKOUT = Path(__file__).resolve().parents[2]
"""The guest has it at the same place."""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stick(tmp_path_factory.mktemp("stick"), FILES, "MOUNTED")


def mount(guest: Machine, disk: str) -> int:
    """The process that serves it, run by an ordinary user."""
    _ready(guest)
    done = guest.rumpus("mount", "--json", disk, PLACE)
    assert done.status == 0, done.complaint
    assert PLACE in guest.sh("cat /proc/mounts")
    return int(json.loads(done.text)["process"])


def _ready(guest: Machine) -> None:
    guest.sh("modprobe fuse; udevadm settle; chmod 666 /dev/fuse")
    made = guest.run("mkdir", "-p", PLACE, user=USER)
    assert made.status == 0, made.complaint


def gone(guest: Machine, process: int) -> None:
    """Until it is not mounted, and the process and its drivers have ended."""
    guest.sh(f"while grep -q {PLACE} /proc/mounts || test -e /proc/{process}; do sleep 0.05; done")
    guest.sh("while pgrep -f [c]ore.worker.zygote >/dev/null; do sleep 0.05; done")


def _none_hangs(guest: Machine) -> None:
    """Until no program sleeps where no signal reaches it. One that reads the guest's files does, briefly."""
    guest.sh("while cat /proc/[0-9]*/stat 2>/dev/null | sed 's/.*) //' | grep -q ^D; do sleep 0.05; done")


def test_a_reader_hears_of_a_yank_at_once_and_nothing_stays_mounted_or_hung(
    guest: Machine, usb: Usb, udev: Talk, image: Path, figure: Figure
) -> None:
    slow = usb.plug(image, bytes_per_second=2 * MIB)
    disk = plugged(udev)
    process = mount(guest, disk)
    stays = guest.start("sh", "-c", f"cd {PLACE} && echo inside && exec sleep 1000", user=USER)
    stays.until(lambda job: b"inside" in job.output, 30)
    reader = guest.start("sh", "-c", f"echo begun; exec cat {PLACE}/big.bin >/dev/null", user=USER)
    reader.until(lambda job: b"begun" in job.output, 30)
    pulled = time.monotonic()
    slow.yank()
    reader.wait(30)
    figure(
        "from the yank to EIO in a program that reads from the mount", f"{time.monotonic() - pulled:.2f} s"
    )
    assert reader.status == 1
    assert "Input/output error" in reader.complaint
    gone(guest, process)
    figure("from the yank to nothing mounted and no process left", f"{time.monotonic() - pulled:.2f} s")
    assert guest.run("ls", PLACE, user=USER).output == b"", "the directory is there, empty, for the next time"
    _none_hangs(guest)
    stays.kill()
    stays.wait(30)


def test_a_yank_while_nobody_reads_unmounts_it_too(guest: Machine, usb: Usb, udev: Talk, image: Path) -> None:
    plug = usb.plug(image)
    disk = plugged(udev)
    process = mount(guest, disk)
    plug.yank()
    removed(udev, disk)
    gone(guest, process)


def test_what_is_read_through_the_mount_is_what_is_on_the_stick(
    guest: Machine, usb: Usb, udev: Talk, image: Path
) -> None:
    usb.plug(image)
    process = mount(guest, plugged(udev))
    read = guest.run(
        "sh", "-euc", f"cd {PLACE} && find . -type f -exec sha256sum {{}} +", user=USER, seconds=120
    )
    found = {line[66:].removeprefix("./"): line[:64] for line in read.text.splitlines()}
    assert found == sums(FILES)
    unmounted = guest.run("fusermount3", "-u", PLACE, user=USER)
    assert unmounted.status == 0, unmounted.complaint
    gone(guest, process)


def test_a_line_in_fstab_lets_an_ordinary_user_mount_and_unmount_a_stick(
    guest: Machine, usb: Usb, udev: Talk, image: Path
) -> None:
    usb.plug(image)
    partition = plugged(udev, "partition")
    (guest.share / "rumpus").write_text(
        f'#!/bin/sh\nPYTHONPATH={CHECKOUT} exec {CHECKOUT}/.venv/bin/python -m core.cli.main "$@"\n'
    )
    guest.sh(f"install -m 755 {CHECKOUT}/packaging/mount.rump /sbin/mount.rump")
    guest.sh(f"install -m 755 {SHARE}/rumpus /usr/local/bin/rumpus")
    guest.sh(f"id {USER} >/dev/null 2>&1 || echo somebody:x:{USER}:{USER}::/:/bin/sh >>/etc/passwd")
    guest.sh(f"echo {partition} {PLACE} rump noauto,user >>/etc/fstab")
    _ready(guest)
    mounted = guest.run("mount", PLACE, user=USER)
    assert (mounted.status, mounted.complaint) == (0, "")
    kind = guest.run("findmnt", "--noheadings", "--output", "FSTYPE,OPTIONS", PLACE, user=USER).text
    assert {"fuse.rumpus", "ro", "nosuid", "nodev", "noexec"} <= set(kind.replace(",", " ").split()), kind
    assert guest.run("cat", f"{PLACE}/README.TXT", user=USER).output == FILES["README.TXT"]
    unmounted = guest.run("umount", PLACE, user=USER)
    assert (unmounted.status, unmounted.complaint) == (0, "")
    guest.sh(f"while grep -q {PLACE} /proc/mounts; do sleep 0.05; done")
    guest.sh("while pgrep -f [c]ore.worker.zygote >/dev/null; do sleep 0.05; done")
