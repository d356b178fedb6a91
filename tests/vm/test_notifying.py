"""The desktop's notifications in the guest: a real daemon, and a click of the mouse on what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.disks import tool
from tests.vm.hardware import Usb
from tests.vm.images import files_of, stick
from tests.vm.initramfs import SHARE
from tests.vm.machine import USER, Machine
from tests.vm.seeing import keep, seen, the_window
from tests.vm.senses import plugged
from tests.vm.talk import Talk

FILES = {name: content for name, content in files_of(7, big=4096).items() if not name.startswith("many/")}
SESSION = {
    "DISPLAY": ":7",
    "DBUS_SESSION_BUS_ADDRESS": "unix:path=/tmp/home-1000/bus",
    "XDG_RUNTIME_DIR": "/tmp/home-1000",
}
_DUNST = """
[global]
origin = top-left
offset = 0x0
width = 400
mouse_left_click = do_action, close_current

[urgency_normal]
timeout = 0
"""


@pytest.fixture(scope="module")
def desktop(guest: Machine) -> Iterator[None]:
    """A screen, a session bus and a notification daemon of an ordinary user."""
    for name in ("Xvfb", "dbus-daemon", "dunst", "xdotool"):
        tool(name)
    (guest.share / "dunstrc").write_text(_DUNST)
    address = SESSION["DBUS_SESSION_BUS_ADDRESS"]
    jobs = [
        guest.start("Xvfb", ":7", "-screen", "0", "1280x800x24", "-nolisten", "tcp", user=USER),
        guest.start("dbus-daemon", "--session", f"--address={address}", "--nofork", user=USER),
    ]
    guest.sh("until test -S /tmp/.X11-unix/X7 && test -S /tmp/home-1000/bus; do sleep 0.05; done")
    jobs.append(guest.start("dunst", "-conf", SHARE / "dunstrc", user=USER, **SESSION))
    guest.sh(f"until {_as_user('dunstctl is-paused')} | grep -q false; do sleep 0.1; done")
    yield
    for job in reversed(jobs):
        job.kill()
        job.wait(30)


def _as_user(command: str) -> str:
    settings = " ".join(f"{name}={value}" for name, value in SESSION.items())
    return f"setpriv --reuid {USER} --regid {USER} --clear-groups env {settings} {command} 2>/dev/null"


def test_a_click_on_the_notice_of_a_stick_shows_its_files_in_a_window_that_was_closed(
    guest: Machine, usb: Usb, udev: Talk, desktop: None, tmp_path: Path
) -> None:
    with the_window(guest, "xcb", **SESSION) as window:
        window.ask(do="hide")
        usb.plug(stick(tmp_path, FILES, "NOTICED"))
        plugged(udev)
        shown = _as_user("dunstctl count displayed")
        guest.sh(f"until test $({shown}) -ge 1; do sleep 0.1; done")
        seen(window, lambda look: "NOTICED" in look["places"])
        guest.sh(f"until test $({shown}) -eq 1; do sleep 0.1; done")
        assert not window.ask(do="look")["visible"]
        assert window.ask(do="screen", to=str(SHARE / "notice.png"))["saved"]
        keep(guest, "notice.png")
        guest.sh(_as_user("xdotool search --sync --onlyvisible --class Dunst"))
        guest.sh(_as_user("xdotool mousemove 100 20 click 1"))
        look = seen(window, lambda look: look["visible"] and "README.TXT" in look["files"])
        assert look["title"].startswith("NOTICED")
        assert window.ask(do="screen", to=str(SHARE / "noticed.png"))["saved"]
        keep(guest, "noticed.png")
