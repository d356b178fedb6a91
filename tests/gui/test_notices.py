"""What the desktop is told while the window is not looked at, and that it is told nothing while it is."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import DeviceBusy, SandboxViolation
from core.host import stick as stick_module
from core.host.devices import Bus, Device, Event, Happening
from core.host.notifications import Act, Notice, Urgency
from core.host.sticks import Stick, StickState
from core.host.volume import Volume
from core.resources import resource
from gui import notices
from gui.incoming import Target
from tests.support.any_order import Others, Work, made_up_devices
from tests.support.window import Desk


class Desktop:
    """Remembers what stands on it, by what it is about, and everything that was said."""

    def __init__(self) -> None:
        self.stands: dict[str, tuple[Notice, Act]] = {}
        self.said: list[str] = []

    def show(self, about: str, notice: Notice, act: Act = lambda key: None) -> None:
        self.stands[about] = notice, act
        self.said.append(notice.summary)

    def withdraw(self, about: str) -> None:
        self.stands.pop(about, None)

    async def close(self) -> None:
        self.stands.clear()

    @property
    def only(self) -> Notice:
        ((notice, _),) = self.stands.values()
        return notice

    def choose(self, key: str) -> None:
        ((notice, act),) = self.stands.values()
        assert key in dict(notice.actions)
        act(key)


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """Asked for before the window, which would find the real one."""
    desktop = Desktop()
    monkeypatch.setattr(notices, "Notifications", lambda: desktop)
    return desktop


@pytest.fixture
def away(desktop: Desktop, desk: Desk) -> Desk:
    """The window, which nobody looks at."""
    desk.window.showMinimized()
    return desk


@pytest.fixture
def device(tmp_path: Path) -> Device:
    image = Path(shutil.copy(resource("sample-stick.img"), tmp_path / "sdz"))
    return Device(image, Path("/sys/block/sdz"), 1, image.stat().st_size, Bus.USB, vendor="Acme", model="Key")


@pytest.fixture
def world() -> Iterator[Others]:
    world = Others()
    with made_up_devices() as worlds:
        worlds.append(world)
        yield world


async def plugged(desk: Desk, device: Device) -> Stick:
    desk.watcher.hear(Event(Happening.PLUGGED, device))
    stick = desk.window._sticks.sticks[-1]
    await desk.until(lambda: stick.state is not StickState.PROBING, "it is known what it is")
    await desk.settled()
    return stick


async def test_a_stick_that_comes_is_told_of_in_one_place_and_can_be_opened_from_there(
    desktop: Desktop, away: Desk, device: Device
) -> None:
    stick = await plugged(away, device)
    assert desktop.said == ["“Acme Key” was plugged in", "“HOLIDAY” is ready"]
    assert desktop.only.actions == (("default", ""), ("open", "Open"), ("eject", "Eject"))
    desktop.choose("open")
    await away.settled()
    assert away.window.isVisible()
    assert not away.window.isMinimized()
    assert away.page.stick is stick


async def test_a_stick_is_ejected_from_its_notice_and_the_notice_says_when_it_is_safe(
    desktop: Desktop, away: Desk, device: Device, world: Others
) -> None:
    stick = await plugged(away, device)
    desktop.choose("eject")
    await away.settled()
    assert stick.state is StickState.SAFE
    assert desktop.only.summary == "“HOLIDAY” can be pulled out now."
    away.watcher.hear(Event(Happening.PULLED, device))
    assert desktop.only.summary == "“HOLIDAY” can be pulled out now."
    await stick.ended()


async def test_what_the_window_shows_is_not_said_twice(desktop: Desktop, desk: Desk, device: Device) -> None:
    desk.window.activateWindow()
    await desk.until(lambda: desk.window.isActiveWindow(), "the window is looked at")
    stick = await plugged(desk, device)
    desk.watcher.hear(Event(Happening.PULLED, device))
    await stick.ended()
    assert desktop.said == []


async def test_sticks_that_were_there_before_are_not_news(desktop: Desktop, away: Desk) -> None:
    assert desktop.said == []


async def test_pulled_out_in_the_middle_of_something_is_told_until_it_is_seen(
    desktop: Desktop, away: Desk, device: Device
) -> None:
    stick, work = await plugged(away, device), Work()
    working = asyncio.create_task(work.on(stick))
    await asyncio.sleep(0)
    away.watcher.hear(Event(Happening.PULLED, device))
    assert desktop.only.summary == "“HOLIDAY” was pulled out too early"
    assert "1 file did not get there whole: “letter.txt”" in desktop.only.body
    assert "1 file that was being copied to it is on it, whole." in desktop.only.body
    assert desktop.only.urgency is Urgency.CRITICAL
    work.cancel()
    await working
    await stick.ended()


async def test_pulled_out_with_nothing_lost_takes_back_what_was_said(
    desktop: Desktop, away: Desk, device: Device
) -> None:
    stick = await plugged(away, device)
    away.watcher.hear(Event(Happening.PULLED, device))
    assert desktop.stands == {}
    await stick.ended()


async def test_an_attack_is_told_once(desktop: Desktop, away: Desk, device: Device) -> None:
    stick = await plugged(away, device)
    volume = await stick.volumes[0].open()
    volume._worker._end(SandboxViolation("execve"))
    await away.until(lambda: desktop.only.urgency is Urgency.CRITICAL, "it is told")
    assert desktop.only.actions == (("default", ""), ("details", "Show details"))
    said = len(desktop.said)
    stick._tell()
    assert len(desktop.said) == said
    desktop.choose("details")
    await away.settled()
    assert away.page.stick is stick


async def test_what_the_desktop_has_mounted_can_be_taken_over_from_its_notice(
    desktop: Desktop, away: Desk, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Stick] = []

    async def refuse(path: Path, *, ask: bool) -> None:
        raise DeviceBusy(str(path), "/media/anna/HOLIDAY", "/media/anna/HOLIDAY")

    async def take_over(stick: Stick) -> None:
        taken.append(stick)

    monkeypatch.setattr(stick_module, "open_medium", refuse)
    monkeypatch.setattr(Stick, "take_over", take_over)
    stick = await plugged(away, device)
    assert desktop.only.summary == "The desktop has opened “Acme Key” itself."
    desktop.choose("safely")
    await away.settled()
    assert taken == [stick]


async def copied(desk: Desk, device: Device, folder: Path) -> Volume:
    stick = await plugged(desk, device)
    volume = await stick.volumes[0].open()
    desk.window.outgoing.copy_to(volume, [await volume.resolve("Letters")], folder)
    return volume


async def test_a_copy_that_is_finished_is_told_with_what_one_may_do_next(
    desktop: Desktop, away: Desk, device: Device, tmp_path: Path, world: Others
) -> None:
    volume = await copied(away, device, tmp_path)
    await away.settled()
    desktop.withdraw(f"stick-{away.window._sticks.sticks[-1].id}")
    assert desktop.only.summary == f"Copied “Letters” to “{tmp_path.name}”."
    desktop.choose("eject")
    await away.settled()
    assert volume.ended.done()
    assert (tmp_path / "Letters").is_dir()


async def test_a_copy_that_fails_says_how_much_did_not_arrive(
    desktop: Desktop, away: Desk, device: Device, tmp_path: Path
) -> None:
    await copied(away, device, tmp_path / "nowhere")
    await away.settled()
    desktop.withdraw(f"stick-{away.window._sticks.sticks[-1].id}")
    assert desktop.only.summary == "The folder where “Letters” should go is not there any more."
    assert "details" in dict(desktop.only.actions)


async def test_a_copy_onto_a_stick_is_told_when_it_is_all_on_the_stick(
    desktop: Desktop, away: Desk, device: Device, tmp_path: Path
) -> None:
    stick = await plugged(away, device)
    (tmp_path / "report.txt").write_text("all is well")
    volume = await stick.volumes[0].open()
    target = Target(stick.volumes[0], volume, volume.facts.root, "HOLIDAY")
    away.window.editing.incoming.copy_paths(target, [tmp_path / "report.txt"])
    await away.settled()
    desktop.withdraw(f"stick-{stick.id}")
    assert desktop.only.summary == "Copied “report.txt” to “HOLIDAY”."
    assert "all of it on the stick" in desktop.only.body
    assert "eject" in dict(desktop.only.actions)


async def test_a_copy_that_is_read_back_is_told_of_once_that_is_done(
    desktop: Desktop, away: Desk, device: Device, tmp_path: Path
) -> None:
    stick = await plugged(away, device)
    (tmp_path / "report.txt").write_text("all is well")
    volume = await stick.volumes[0].open()
    away.window.actions_.verify.setChecked(True)
    target = Target(stick.volumes[0], volume, volume.facts.root, "HOLIDAY")
    away.window.editing.incoming.copy_paths(target, [tmp_path / "report.txt"])
    await away.settled()
    desktop.withdraw(f"stick-{stick.id}")
    assert desktop.only.summary == "1 file read back from “HOLIDAY”: the same."
    assert "eject" in dict(desktop.only.actions)
