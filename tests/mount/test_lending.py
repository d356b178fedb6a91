"""A stick that is shown to other programs is given back as any other: no mount of ours is in its way."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from core.errors import DeviceBusy, NotMounted
from core.host.holders import Hold
from core.host.sticks import Stick, Sticks, StickState, StickVolume
from core.host.supervisor import Supervisor
from core.mount.lending import Lending
from core.mount.operations import leads_out
from core.mount.runtime import Runtime
from tests.support.disks import loop_node
from tests.support.ext import ext_image, needs_e2fsprogs
from tests.support.fat import blank_fat, mtools
from tests.support.mounts import is_mounted, need_fuse
from tests.support.plugging import ScriptedWatcher, device_of


@pytest.fixture(autouse=True)
def _runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need_fuse()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Path]:
    image = blank_fat(tmp_path / "stick.img", 8 << 20, "-n", "HOLIDAY")
    (tmp_path / "letter.txt").write_text("hello\n")
    mtools("mcopy", image, tmp_path / "letter.txt", "::/")
    with loop_node(image) as node:
        yield node


@pytest_asyncio.fixture
async def lent(node: Path) -> AsyncIterator[tuple[Stick, StickVolume, Path, ScriptedWatcher]]:
    """A stick, its volume, where that is mounted, and what can pull it out."""
    watcher, lending = ScriptedWatcher(device_of(node)), Lending()
    async with Supervisor() as supervisor, Sticks(supervisor, watcher) as sticks:
        (stick,) = sticks.sticks
        await stick.settled()
        (at,) = stick.volumes
        await at.open()
        yield stick, at, await lending.directory(at), watcher
        await lending.close()


Lent = tuple[Stick, StickVolume, Path, ScriptedWatcher]


async def test_our_own_mount_does_not_hold_up_an_eject(lent: Lent) -> None:
    stick, _, directory, _ = lent
    assert (directory / "letter.txt").read_text() == "hello\n"
    await stick.eject()
    assert stick.state is StickState.SAFE
    assert not is_mounted(directory)


async def test_a_mount_that_is_just_being_made_does_not_hold_up_an_eject(node: Path) -> None:
    async with Supervisor() as supervisor, Sticks(supervisor, ScriptedWatcher(device_of(node))) as sticks:
        (stick,) = sticks.sticks
        await stick.settled()
        await stick.volumes[0].open()
        lending = Lending()
        lending.prepare(stick.volumes[0])
        await stick.eject()
        assert stick.state is StickState.SAFE
        await lending.close()


async def test_a_program_that_has_a_file_of_it_open_is_named_and_can_be_ended(lent: Lent) -> None:
    stick, _, directory, _ = lent
    code = "import sys, time; file = open(sys.argv[1]); print(file.read(), flush=True); time.sleep(600)"
    with subprocess.Popen(
        [sys.executable, "-c", code, directory / "letter.txt"], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "hello\n"
        with pytest.raises(DeviceBusy) as refusal:
            await stick.eject()
        assert f"process {program.pid}" in refusal.value.holder
        (holder,) = await stick.held_by()
        assert (holder.hold, holder.process) == (Hold.PROGRAM, program.pid)
        assert is_mounted(directory), "the stick stays as it is"
        await stick.eject(end=True)
        assert stick.state is StickState.SAFE
        assert program.wait(10) != 0


async def test_a_stick_that_is_pulled_out_is_unmounted_whoever_has_files_open(lent: Lent) -> None:
    stick, _, directory, watcher = lent
    file = os.open(directory / "letter.txt", os.O_RDONLY)
    watcher.pull(watcher.plugged[0])
    await stick.ended()
    assert not is_mounted(directory)
    with pytest.raises(OSError):
        os.read(file, 10)
    with contextlib.suppress(OSError):  # nobody is there to hear of it
        os.close(file)


async def test_a_mount_ends_with_the_volume_and_is_made_anew_with_the_next(
    lent: Lent, tmp_path: Path
) -> None:
    stick, at, directory, _ = lent
    await at.close()
    assert not is_mounted(directory)
    assert at.lent is None
    lending = Lending()
    with pytest.raises(NotMounted):
        await lending.directory(at)
    await at.open()
    assert ((await lending.directory(at)) / "letter.txt").read_text() == "hello\n"
    await lending.close()
    await stick.eject()


async def test_a_runtime_directory_that_others_can_enter_is_not_used(
    node: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rumpus").mkdir()
    (tmp_path / "rumpus").chmod(0o755)
    async with Supervisor() as supervisor, Sticks(supervisor, ScriptedWatcher(device_of(node))) as sticks:
        await sticks.sticks[0].settled()
        (at,) = sticks.sticks[0].volumes
        await at.open()
        with pytest.raises(NotMounted, match="not yours alone"):
            await Lending().directory(at)
        monkeypatch.delenv("XDG_RUNTIME_DIR")
        with pytest.raises(NotMounted, match="no directory of your own"):
            await Lending().directory(at)


def test_a_runtime_directory_that_went_with_its_session_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "gone"))
    with pytest.raises(NotMounted):
        Runtime().make("STICK")


@needs_e2fsprogs
async def test_links_that_lead_out_of_the_stick_lead_nowhere(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "in" / "deep").mkdir(parents=True)
    (source / "letter.txt").write_text("hello\n")
    (source / "in" / "up").symlink_to("../letter.txt")
    (source / "in" / "out").symlink_to("../../../../../../../../etc/hostname")
    (source / "root").symlink_to("/etc/hostname")
    (source / "in" / "deep" / "top").symlink_to("../..")
    (source / "through").symlink_to("in/deep/top/../secret.txt")
    (source / "round").symlink_to("in/deep/../../letter.txt")
    image = ext_image(tmp_path / "ext.img", 4 << 20, "-t", "ext4", source=source)
    lending = Lending()
    async with Supervisor() as supervisor, Sticks(supervisor) as sticks:
        (at,) = (await sticks.add_image(image)).volumes
        await at.open()
        directory = await lending.directory(at)
        (directory.parent / "secret.txt").write_text("of the host\n")
        assert (directory / "in" / "up").read_text() == "hello\n"
        assert (directory / "round").read_text() == "hello\n"
        assert (directory / "in" / "deep" / "top" / "letter.txt").read_text() == "hello\n"
        for name in ("in/out", "root", "through"):
            with pytest.raises(PermissionError):
                (directory / name).read_text()
        await lending.close()


@pytest.mark.parametrize(
    ("path", "target", "out"),
    [
        ("/a", "b", False),
        ("/a", "..", True),
        ("/d/a", "..", False),
        ("/d/a", "../..", True),
        ("/d/a", "x/../../b", False),
        ("/d/a", "./x/../../../d", True),
        ("/a", "/", True),
        ("/d/a", "x/link/../b", True),
        ("/d/a", "x/../link/b", False),
    ],
)
def test_where_a_link_leads(path: str, target: str, out: bool) -> None:
    assert leads_out(path, target, lambda folder: not folder.endswith("link")) is out


async def test_nothing_of_ours_is_under_way_when_the_window_is_closed(lent: Lent) -> None:
    _, at, directory, _ = lent
    before = at.lent
    assert before is not None
    await at.take_back()
    assert not is_mounted(directory)
    assert not Path(f"/proc/{before.process}").exists()
