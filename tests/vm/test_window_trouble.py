"""What a person sees in the window when hardware is not as it should be; a picture of each is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.vm.hardware import Usb
from tests.vm.images import MIB, files_of, place_of, stick
from tests.vm.machine import Machine
from tests.vm.seeing import seen, shoot, the_window
from tests.vm.senses import plugged, written_to
from tests.vm.talk import Talk

FILES = {name: content for name, content in files_of(5, big=6 * MIB).items() if not name.startswith("many/")}
BIG = FILES["big.bin"]


@pytest.fixture(scope="module")
def window(guest: Machine) -> Iterator[Talk]:
    with the_window(guest) as talk:
        yield talk


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stick(tmp_path_factory.mktemp("stick"), FILES, "FILMS")


def says(words: str) -> Callable[[dict[str, Any]], bool]:
    return lambda look: any(words in sentence for sentence in look["sentences"])


def show(window: Talk, name: str) -> None:
    """Chooses a stick as soon as it is in the sidebar."""
    seen(window, lambda look: name in look["places"])
    assert window.ask(do="choose", place=name)["chosen"]


def test_a_copy_goes_on_when_the_stick_is_put_back(
    guest: Machine, usb: Usb, udev: Talk, window: Talk, image: Path
) -> None:
    slow = usb.plug(image, serial="BACK", bytes_per_second=MIB // 4)
    plugged(udev)
    show(window, "FILMS")
    seen(window, lambda look: "big.bin" in look["files"])
    window.ask(do="copy", names=["README.TXT", "big.bin"], to="/tmp/back")
    written_to(guest, "/tmp/back", MIB // 8)
    slow.yank()
    seen(window, says("put it back and the copy goes on"))
    seen(window, says("while files were being copied from it"))
    seen(window, says("did not arrive: “big.bin”"))
    shoot(guest, window, "window-waits-for-its-stick.png")
    usb.plug(image, serial="BACK")
    seen(window, says("Copied 2 items"), seconds=120)
    shoot(guest, window, "window-went-on.png")
    assert guest.run("cat", "/tmp/back/big.bin").output == BIG
    assert sorted(guest.sh("ls -A /tmp/back").split()) == ["README.TXT", "big.bin"]


def test_bad_sectors_in_the_middle_of_a_file_are_said_with_what_was_saved(
    guest: Machine, usb: Usb, udev: Talk, window: Talk, image: Path
) -> None:
    start = place_of(image, BIG[2 * MIB : 2 * MIB + 4096])
    usb.plug(image, serial="WORN", bad=[range(start, start + 4096)])
    plugged(udev)
    show(window, "FILMS")
    seen(window, lambda look: "big.bin" in look["files"])
    window.ask(do="copy", names=["big.bin"], to="/tmp/worn-window")
    look = seen(window, says("but not all of it"), seconds=120)
    shoot(guest, window, "window-bad-sectors.png")
    assert any("1 problem" in sentence for sentence in look["sentences"])
    kept = guest.run("cat", "/tmp/worn-window/big.bin").output
    assert len(kept) == len(BIG) and kept[: 2 * MIB] == BIG[: 2 * MIB] and kept[3 * MIB :] == BIG[3 * MIB :]


def test_a_hub_of_eight_shows_eight_and_twins_among_them_are_two(
    guest: Machine, usb: Usb, udev: Talk, window: Talk, tmp_path: Path
) -> None:
    hub = usb.hub("4")
    for port in range(1, 9):
        small = stick(tmp_path, {f"{port}.txt": b"x"}, f"PORT{port}", size=16 << 20)
        usb.plug(small, port=f"4.{port}", serial="SAME" if port < 3 else f"{port}")
    names = {f"PORT{port}" for port in range(1, 9)}
    seen(window, lambda look: names <= look["places"].keys(), seconds=120)
    for port in (1, 2):
        show(window, f"PORT{port}")
        seen(window, lambda look, port=port: set(look["files"]) == {f"{port}.txt"})  # type: ignore[misc]
    shoot(guest, window, "window-hub.png")
    hub.yank()
    seen(window, says("pulled out"))
    shoot(guest, window, "window-hub-gone.png")
    seen(window, lambda look: len(names & look["places"].keys()) <= 1)


def test_another_card_in_the_reader_is_another_place(
    guest: Machine, usb: Usb, udev: Talk, window: Talk, tmp_path: Path
) -> None:
    reader = usb.card_reader(stick(tmp_path, {"first.txt": b"1"}, "FIRST", size=16 << 20))
    plugged(udev)
    show(window, "FIRST")
    seen(window, lambda look: set(look["files"]) == {"first.txt"})
    reader.eject()
    seen(window, says("pulled out"))
    reader.insert(stick(tmp_path, {"second.txt": b"2"}, "SECOND", size=32 << 20))
    show(window, "SECOND")
    seen(window, lambda look: set(look["files"]) == {"second.txt"})
    shoot(guest, window, "window-another-card.png")
