"""`rumpus eject`: safe to pull out, or who holds it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.disks import loop_node, run, sparse, tool
from tests.support.terminal import rumpus


@pytest.fixture(autouse=True)
def _no_bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Path]:
    image = sparse(tmp_path / "ext4.img", 4 << 20)
    run("mkfs.ext4", "-q", image)
    with loop_node(image) as node:
        yield node


@pytest.fixture
def mount(device: Path, tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "a place"
    folder.mkdir()
    made = subprocess.run([tool("mount"), device, folder], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"mount: {made.stderr.strip()}")
    yield folder
    subprocess.run([tool("umount"), folder], capture_output=True, check=False)


def test_a_stick_that_nobody_holds_can_be_pulled_out(device: Path) -> None:
    done = rumpus("eject", device)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{device} can be pulled out")


def test_a_mounted_stick_is_left_mounted_and_one_hears_how_to_go_on(device: Path, mount: Path) -> None:
    done = rumpus("eject", device)
    assert done.returncode == 1
    assert f"mounted on: {mount}" in done.stderr
    assert "--end" in done.stdout
    assert mount.is_mount()


def test_a_mounted_stick_is_unmounted_where_one_wants_that_and_may_be_named_by_its_place(
    device: Path, mount: Path
) -> None:
    done = rumpus("eject", "--end", "--json", mount)
    assert done.returncode == 0
    assert json.loads(done.stdout)["device"] == str(device)
    assert json.loads(done.stdout)["safe"] is True
    assert not mount.is_mount()


def test_programs_are_named_for_programs(device: Path) -> None:
    code = f"import signal; x = open({str(device)!r}, 'rb'); print(flush=True); signal.pause()"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as holding:
        assert holding.stdout is not None
        try:
            holding.stdout.readline()
            done = rumpus("eject", "--json", device)
            assert done.returncode == 1
            (holder,) = json.loads(done.stdout)["held_by"]
            assert (holder["kind"], holder["process"]) == ("program", holding.pid)
            assert rumpus("eject", "--end", device).returncode == 0
            assert holding.wait() == -signal.SIGTERM
        finally:
            holding.kill()


def test_what_is_no_stick_is_not_ejected(tmp_path: Path) -> None:
    (tmp_path / "image").touch()
    for place in (tmp_path / "image", tmp_path, tmp_path / "none"):
        assert rumpus("eject", place).returncode == 3


def test_what_this_computer_runs_from_is_not_ejected() -> None:
    done = rumpus("eject", "--end", "/")
    assert done.returncode == 3
    assert os.path.ismount("/")
