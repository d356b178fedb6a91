"""The window in the guest, and what a person sees of it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.vm.initramfs import SHARE
from tests.vm.machine import CACHE, USER, Machine
from tests.vm.talk import Talk


@contextmanager
def the_window(guest: Machine, platform: str = "offscreen", **environment: str) -> Iterator[Talk]:
    """Opened by an ordinary user, and closed at the end unless it was before."""
    talk = guest.talk("window", user=USER, QT_QPA_PLATFORM=platform, **environment)
    talk.hear(lambda message: "started" in message, seconds=120)
    try:
        yield talk
    except BaseException:
        talk.job.kill()  # it would take the sticks of the next scenario
        raise
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
    return keep(guest, name)


def keep(guest: Machine, name: str) -> Path:
    """A picture that a program of the guest has saved, beside the guest's log."""
    return Path(shutil.copy(guest.share / name, CACHE / name))
