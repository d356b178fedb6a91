"""What a person gets from hardware that is not one plain stick: readers, hubs, twins, and a locked stick."""

from __future__ import annotations

from pathlib import Path

from tests.vm.hardware import Usb
from tests.vm.images import files_of, stick
from tests.vm.machine import Machine
from tests.vm.senses import gone, plugged, ready
from tests.vm.talk import Talk

FILES = {name: content for name, content in files_of(3, big=4096).items() if not name.startswith("many/")}


def test_two_sticks_that_claim_to_be_one_are_two(
    usb: Usb, udev: Talk, application: Talk, tmp_path: Path
) -> None:
    one = stick(tmp_path, {"one.txt": b"1"}, "ONE", size=16 << 20)
    two = stick(tmp_path, {"two.txt": b"2"}, "TWO", size=16 << 20)
    usb.plug(one, serial="SAME")
    first = plugged(udev)
    second_stick = usb.plug(two, serial="SAME")
    second = plugged(udev)
    ready(application, first)
    number = ready(application, second)
    assert application.ask(do="list", path=first)["names"] == ["one.txt"]
    assert application.ask(do="list", path=second)["names"] == ["two.txt"]
    second_stick.yank()
    gone(application, number)
    assert application.ask(do="list", path=first)["names"] == ["one.txt"]


def test_a_reader_shows_the_card_that_is_in_it(
    usb: Usb, udev: Talk, application: Talk, tmp_path: Path
) -> None:
    first_card = stick(tmp_path, {"first.txt": b"1"}, "FIRST", size=16 << 20)
    second_card = stick(tmp_path, {"second.txt": b"2"}, "SECOND", size=32 << 20)
    reader = usb.card_reader(first_card)
    disk = plugged(udev)
    number = ready(application, disk)
    assert application.ask(do="list", path=disk)["names"] == ["first.txt"]
    reader.eject()
    gone(application, number)
    application.forget()
    reader.insert(second_card)
    assert ready(application, disk) != number
    assert application.ask(do="list", path=disk)["names"] == ["second.txt"]


def test_eight_sticks_in_a_hub_come_and_go_together(
    usb: Usb, udev: Talk, application: Talk, tmp_path: Path
) -> None:
    hub = usb.hub("4")
    numbers = set()
    for port in range(1, 9):
        usb.plug(stick(tmp_path, {f"{port}.txt": b"x"}, f"PORT{port}", size=16 << 20), port=f"4.{port}")
    for _ in range(8):
        disk = plugged(udev)
        numbers.add(ready(application, disk))
        assert application.ask(do="list", path=disk)["names"]
    hub.yank()
    for number in numbers:
        gone(application, number)


def test_a_locked_stick_is_read_like_any_other(
    guest: Machine, usb: Usb, udev: Talk, application: Talk, tmp_path: Path
) -> None:
    usb.plug(stick(tmp_path, FILES, "LOCKED"), read_only=True)
    disk = plugged(udev)
    assert guest.sh(f"blockdev --getro {disk}").strip() == "1"
    ready(application, disk)
    assert "README.TXT" in application.ask(do="list", path=disk)["names"]
