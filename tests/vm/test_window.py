"""What a person sees in the real window while sticks come and go."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.vm.hardware import Usb
from tests.vm.images import files_of, stick
from tests.vm.initramfs import SHARE
from tests.vm.machine import CACHE, USER, Machine
from tests.vm.senses import Figure, plugged
from tests.vm.talk import Talk

FILES = files_of(4, big=4096)


@pytest.fixture
def window(guest: Machine, usb: Usb) -> Iterator[Talk]:
    talk = guest.talk("window", user=USER, QT_QPA_PLATFORM="offscreen")
    talk.hear(lambda message: "started" in message, seconds=120)
    yield talk
    talk.end()


def seen(window: Talk, fits: Callable[[dict[str, Any]], bool], seconds: float = 60) -> dict[str, Any]:
    """What the window shows, once it shows what is waited for. Fails with what it showed instead."""
    deadline = time.monotonic() + seconds
    while not fits(look := window.ask(do="look")):
        assert time.monotonic() < deadline, look
    return look


def shoot(guest: Machine, window: Talk, name: str) -> Path:
    """A picture of the window, kept beside the guest's log."""
    assert window.ask(do="shoot", to=str(SHARE / name))["saved"]
    return Path(shutil.copy(guest.share / name, CACHE / name))


def test_a_stick_is_opened_is_said_to_be_gone_and_opens_again_when_it_is_put_back(
    guest: Machine, usb: Usb, udev: Talk, window: Talk, tmp_path: Path, figure: Figure
) -> None:
    image = stick(tmp_path, FILES)
    plug = usb.plug(image, serial="4711")
    plugged(udev)
    began = time.monotonic()
    seen(window, lambda look: "README.TXT" in look["files"])
    figure("from udev's add to the files in the window", f"{time.monotonic() - began:.1f} s")
    look = seen(window, lambda look: look["title"].startswith("HOLIDAY"))
    assert "HOLIDAY" in look["places"]
    assert {"many", "Photos", "Grüße aus Kiel.txt"} <= set(look["files"])
    shoot(guest, window, "window-open.png")
    began = time.monotonic()
    plug.yank()
    look = seen(window, lambda look: any("pulled out" in sentence for sentence in look["sentences"]))
    figure("from the yank to the window saying so", f"{time.monotonic() - began:.1f} s")
    assert "README.TXT" not in look["files"]
    shoot(guest, window, "window-gone.png")
    usb.plug(image, serial="4711")
    seen(window, lambda look: "README.TXT" in look["files"])
