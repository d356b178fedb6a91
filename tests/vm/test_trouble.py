"""What a person keeps when a stick is pulled out or has gone bad, in a real machine's kernel."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.vm.hardware import Usb
from tests.vm.images import MIB, files_of, place_of, stick
from tests.vm.machine import Machine
from tests.vm.senses import Figure, gone, plugged, ready, removed
from tests.vm.talk import Talk

FILES = files_of(2, big=8 * MIB)
BIG = FILES["big.bin"]
_CYCLES = 30
_LEFT_BEHIND = 20
"""Seconds after which what is still there counts as left behind."""
_SETTLED = 9
"""The cycle after which memory must not grow any more."""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stick(tmp_path_factory.mktemp("stick"), FILES, "TROUBLE")


def test_yank_during_copy_leaves_no_half_file_and_no_worker(
    guest: Machine, usb: Usb, udev: Talk, application: Talk, image: Path, figure: Figure
) -> None:
    slow = usb.plug(image, bytes_per_second=MIB)
    disk = plugged(udev)
    number = ready(application, disk)
    worker = application.ask(do="list", path=disk)["worker"]
    copying = application.order(do="copy", path=disk, sources=["/README.TXT", "/big.bin"], to="/tmp/yanked")
    application.hear(lambda message: message.get("copied", 0) > MIB // 2)
    pulled = time.monotonic()
    slow.yank()
    ended = application.answer(copying)
    figure("from the yank to the end of the copy, by the host's clock", _ms(time.monotonic() - pulled))
    gone(application, number)
    assert (ended["state"], ended["error"]["kind"]) == ("FAILED", "DeviceGone"), ended
    assert ended["sentence"] == "the stick was pulled out"
    assert ended["left"] in ([], ["README.TXT"])
    guest.sh(f"while test -e /proc/{worker}; do sleep 0.05; done")


def test_bad_sectors_cost_themselves_and_are_named(
    guest: Machine, usb: Usb, udev: Talk, application: Talk, image: Path, figure: Figure
) -> None:
    hole = range(3 * MIB, 3 * MIB + 8192)
    start = place_of(image, BIG[hole.start : hole.stop])
    usb.plug(image, bad=[range(start, start + len(hole))])
    disk = plugged(udev)
    ready(application, disk)
    began = application.ask(do="count")["time"]
    ended = application.ask(do="copy", path=disk, sources=["/big.bin"], to="/tmp/worn", seconds=120)
    assert ended["state"] == "DONE"
    assert ended["left"] == ["big.bin"]
    assert {(path, fault["kind"]) for path, fault in ended["problems"]} == {("big.bin", "MediumError")}
    lost = ended["lost"]
    assert len(hole) <= lost <= len(hole) + 2 * 4096, ended["problems"]
    figure("copying 8 MiB around 16 bad sectors", f"{ended['time'] - began:.1f} s")
    # The kernel reads and loses pages as a whole.
    kept = guest.run("cat", "/tmp/worn/big.bin").output
    assert kept == BIG[: hole.start] + bytes(lost) + BIG[hole.start + lost :]
    guest.sh("rm -r /tmp/worn")


def test_thirty_yanks_leave_no_descriptor_no_process_and_no_memory_behind(
    guest: Machine, usb: Usb, udev: Talk, application: Talk, image: Path, figure: Figure
) -> None:
    to_ready, to_listing, to_gone = [], [], []
    before = _counted(application)
    memory = []
    for _ in range(_CYCLES):
        greeting = application.order(do="greet")
        application.hear(lambda message: "greets" in message)
        plug = usb.plug(image)
        added = udev.hear(lambda message: message.get("action") == "add" and message["DEVTYPE"] == "disk")
        greeted = application.answer(greeting)
        assert "README.TXT" in greeted["names"]
        to_ready.append(greeted["ready"] - added["time"])
        to_listing.append(greeted["listed"] - added["time"])
        pulled = time.monotonic()
        plug.yank()
        number = greeted["stick"]
        gone(application, number)
        to_gone.append(time.monotonic() - pulled)
        removed(udev, added["DEVNAME"])
        assert _counted(application, before) == before
        memory.append(application.ask(do="count")["memory"])
    # What is kept of the first few, once, is no leak.
    grown = memory[-1] - memory[_SETTLED]
    figure(f"memory that {_CYCLES - 1 - _SETTLED} more yanks have taken", f"{grown / 1024:.0f} KiB")
    assert grown < 2 * MIB, memory
    figure("from udev's add to a stick that was looked at, median of 30", _ms(sorted(to_ready)[_CYCLES // 2]))
    figure("from udev's add to its first listing, median of 30", _ms(sorted(to_listing)[_CYCLES // 2]))
    figure(
        "from the yank to GONE in the list, by the host's clock, median of 30",
        _ms(sorted(to_gone)[_CYCLES // 2]),
    )


def _counted(application: Talk, wanted: tuple[int, int] | None = None) -> tuple[int, int]:
    """Open descriptors and processes around drivers; asked again while they are not yet what is wanted."""
    deadline = time.monotonic() + _LEFT_BEHIND
    while True:
        count = application.ask(do="count")
        found = count["descriptors"], count["walled"]
        if wanted is None or found == wanted or time.monotonic() > deadline:
            return found


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"
