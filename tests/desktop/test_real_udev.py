"""The real kernel, a real systemd-udevd and real netlink, with loop devices as the slots of a card reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import pyudev

from core.host.devices import Bus, Device
from core.host.sticks import Change, Sticks, StickState
from core.host.supervisor import Supervisor
from core.host.watcher import UdevWatcher
from tests.desktop.conftest import udevd_running
from tests.support.descriptors import nothing_left
from tests.support.disks import loop_node, run
from tests.support.fat import blank_fat
from tests.support.plugging import Observer

pytestmark = pytest.mark.machine("udevd")


@pytest.fixture(scope="module", autouse=True)
def udevd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with udevd_running(tmp_path_factory.mktemp("udevd")):
        yield


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return blank_fat(tmp_path / "card.img", 1 << 20, "-n", "CARD")


def only_loops_over(folder: Path) -> Callable[[pyudev.Device], Device | None]:
    """Takes loop devices for sticks, if their images are the test's own."""

    def describe(disk: pyudev.Device) -> Device | None:
        backing = disk.attributes.get("loop/backing_file") or b""
        size = int(disk.attributes.get("size") or 0) * 512
        if not size or Path(backing.decode()).parent != folder:
            return None
        sequence = int(disk.attributes.get("diskseq") or 0)
        return Device(Path(disk.device_node), Path(disk.sys_path), sequence, size, Bus.CARD)

    return describe


def settle() -> None:
    """Waits until udevd has told of everything; what it told is read later."""
    run("udevadm", "settle", "--timeout", "20")


async def test_a_card_comes_is_opened_and_goes(supervisor: Supervisor, image: Path) -> None:
    watcher = UdevWatcher(describe=only_loops_over(image.parent))
    async with Sticks(supervisor, watcher) as sticks:
        assert (sticks.degraded, sticks.sticks) == ("", ())
        observer = Observer(sticks)
        with loop_node(image):
            await observer.until(lambda: bool(sticks.sticks))
            (stick,) = sticks.sticks
            await stick.settled()
            assert (stick.state, stick.name) == (StickState.READY, "CARD")
            assert (await stick.volumes[0].open()).facts.label == "CARD"
            await sticks.forget(stick)
        settle()
        with loop_node(image):
            await observer.until(lambda: bool(sticks.sticks))
            (again,) = sticks.sticks
            assert again.id != stick.id
            await again.settled()
            assert again.state is StickState.READY
            assert again.medium is not None
            # A loop device cannot be torn off while it is held, as a stick can: let go first.
            again.medium.close()
        await observer.until(lambda: not sticks.sticks)
        assert observer.of(again)[-1] is Change.REMOVED
        assert again.state is StickState.GONE


async def test_a_card_that_is_there_already_is_found_at_the_start(
    supervisor: Supervisor, image: Path
) -> None:
    with loop_node(image) as node:
        settle()
        async with Sticks(supervisor, UdevWatcher(describe=only_loops_over(image.parent))) as sticks:
            (stick,) = sticks.sticks
            assert stick.path == node


async def test_events_that_the_kernel_had_to_drop_cost_no_stick(supervisor: Supervisor, image: Path) -> None:
    """With room for a few events only, and nobody reading while hundreds come: ENOBUFS."""
    started = 0

    class Counting(UdevWatcher):
        def _start_over(self) -> None:
            nonlocal started
            started += 1
            super()._start_over()

    watcher = Counting(describe=only_loops_over(image.parent), receive_buffer=2304)
    async with Sticks(supervisor, watcher) as sticks:
        observer = Observer(sticks)
        other = blank_fat(image.with_name("other.img"), 1 << 20, "-n", "OTHER")
        with loop_node(other) as busy:
            await observer.until(lambda: bool(sticks.sticks))
            (first,) = sticks.sticks
            await first.settled()
            with loop_node(image):
                for _ in range(100):
                    run("udevadm", "trigger", "--action", "change", f"/sys/class/block/{busy.name}")
                settle()
                # Only now does the event loop go on.
                await observer.until(lambda: len(sticks.sticks) == 2)
                assert started > 0
                assert first in sticks.sticks
                second = sticks.sticks[1]
                await second.settled()
                assert second.name == "CARD"
            for stick in (first, second):
                await sticks.forget(stick)


async def test_the_watching_leaves_nothing_open(image: Path) -> None:
    watcher = UdevWatcher(describe=only_loops_over(image.parent), receive_buffer=2304)
    watcher.start(lambda _: None)
    watcher.close()
    async with nothing_left():
        for _ in range(10):
            watcher.start(lambda _: None)
            watcher._start_over()
            watcher.close()
