"""What a person sees in the real window while sticks come and go."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import fsck
from tests.support.fat import blank_fat
from tests.vm.hardware import Usb
from tests.vm.images import MIB, files_of, lay_out, stick, sums
from tests.vm.initramfs import SHARE
from tests.vm.machine import Machine
from tests.vm.seeing import seen, shoot, the_window
from tests.vm.senses import Figure, by_kernel, plugged
from tests.vm.talk import Talk

FILES = files_of(4, big=4096)


@pytest.fixture
def window(guest: Machine, usb: Usb) -> Iterator[Talk]:
    with the_window(guest) as talk:
        yield talk


def test_a_stick_is_opened_is_said_to_be_gone_and_opens_again_when_it_is_put_back(
    guest: Machine, usb: Usb, udev: Talk, window: Talk, tmp_path: Path, figure: Figure
) -> None:
    image = stick(tmp_path, FILES)
    plug = usb.plug(image, serial="4711")
    plugged(udev)
    began = time.monotonic()
    seen(window, lambda look: "README.TXT" in look["files"])
    figure("from udev's add to the files in the window", f"{time.monotonic() - began:.1f} s")
    seen(window, lambda look: look["title"].startswith("HOLIDAY") and "HOLIDAY" in look["places"])
    seen(window, lambda look: {"many", "Photos", "Grüße aus Kiel.txt"} <= set(look["files"]))
    shoot(guest, window, "window-open.png")
    began = time.monotonic()
    plug.yank()
    seen(window, lambda look: any("pulled out" in sentence for sentence in look["sentences"]))
    figure("from the yank to the window saying so", f"{time.monotonic() - began:.1f} s")
    seen(window, lambda look: "README.TXT" not in look["files"])
    shoot(guest, window, "window-gone.png")
    usb.plug(image, serial="4711")
    seen(window, lambda look: "README.TXT" in look["files"])


def test_a_folder_that_is_dropped_in_is_on_the_stick_when_it_says_that_it_can_be_pulled_out(
    guest: Machine, usb: Usb, udev: Talk, window: Talk, tmp_path: Path
) -> None:
    lay_out(guest.share / "dropped", FILES)
    image = blank_fat(tmp_path / "stick.img", 64 * MIB, "-F", "16", "-n", "EMPTY")
    plug = usb.plug(image)
    plugged(udev)
    seen(window, lambda look: any("This folder is empty." in sentence for sentence in look["sentences"]))
    assert window.ask(do="drop", paths=[str(SHARE / "dropped")])["taken"]
    seen(window, lambda look: any("all of it on the stick" in sentence for sentence in look["sentences"]))
    seen(window, lambda look: "dropped" in look["files"])
    shoot(guest, window, "window-dropped.png")
    assert window.ask(do="trigger", action="eject")["enabled"]
    seen(window, lambda look: any("can be pulled out" in sentence for sentence in look["sentences"]))
    shoot(guest, window, "window-ejected.png")
    plug.yank()
    window.end()
    assert fsck.complaints(image) == []
    usb.plug(image)
    by_name = {f"dropped/{name}": content for name, content in FILES.items()}
    assert by_kernel(guest, "vfat", plugged(udev), "ro,utf8") == sums(by_name)


def test_a_damaged_stick_beside_a_whole_one_costs_its_own_pane(
    guest: Machine, usb: Usb, udev: Talk, window: Talk, tmp_path: Path
) -> None:
    usb.plug(stick(tmp_path, FILES, "WHOLE"))
    plugged(udev)
    seen(window, lambda look: "README.TXT" in look["files"])
    damaged = blank_fat(tmp_path / "damaged.img", 16 * MIB, "-F", "16", "-n", "DAMAGED")
    with damaged.open("r+b") as file:
        file.seek(13)
        file.write(b"\x03")  # sectors in a cluster, which must be a power of two
    usb.plug(damaged, serial="DAMAGED")
    plugged(udev)
    look = seen(window, lambda look: any("QEMU" in place for place in look["places"]))
    name = next(place for place in look["places"] if "QEMU" in place)
    assert window.ask(do="choose", place=name)["chosen"]
    seen(window, lambda look: any("recognises nothing" in sentence for sentence in look["sentences"]))
    shoot(guest, window, "window-damaged.png")
    assert window.ask(do="choose", place="WHOLE")["chosen"]
    seen(window, lambda look: "README.TXT" in look["files"])
