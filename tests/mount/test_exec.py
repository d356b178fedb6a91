"""`rumpus exec`: a program of this machine inside a stick, mounted for just that long."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.support.fat import blank_fat, mtools
from tests.support.mounts import is_mounted, need_fuse
from tests.support.terminal import rumpus


@pytest.fixture
def image(tmp_path: Path) -> Path:
    need_fuse()
    path = blank_fat(tmp_path / "stick.img", 8 << 20)
    (tmp_path / "hello.txt").write_text("hello\n")
    mtools("mmd", path, "::/docs")
    mtools("mcopy", path, tmp_path / "hello.txt", "::/docs/hello.txt")
    return path


def test_a_program_runs_in_a_folder_of_the_stick_and_nothing_stays_mounted(image: Path) -> None:
    done = rumpus("exec", f"{image}:/docs", "--", "sh", "-c", "cat hello.txt; pwd; echo $RUMPUS_MOUNT")
    assert (done.returncode, done.stderr) == (0, "")
    hello, folder, mount = done.stdout.splitlines()
    assert (hello, folder) == ("hello", f"{mount}/docs")
    assert not is_mounted(Path(mount))
    assert not Path(mount).exists()


def test_the_exit_status_is_that_of_the_program(image: Path) -> None:
    assert rumpus("exec", image, "--", "sh", "-c", "exit 7").returncode == 7
    assert rumpus("exec", image, "--", "sh", "-c", "kill -9 $$").returncode == 128 + 9


def test_a_program_that_there_is_not_is_said_as_a_shell_says_it(image: Path) -> None:
    done = rumpus("exec", image, "--", "/no/such/program")
    assert done.returncode == 127
    assert "/no/such/program: not found" in done.stderr


def test_a_program_that_stays_behind_does_not_keep_the_stick(image: Path) -> None:
    done = rumpus(
        "exec", image, "--", "sh", "-c", "exec 3<docs/hello.txt; sleep 300 >/dev/null 2>&1 & echo $!"
    )
    os.kill(int(done.stdout), signal.SIGKILL)
    assert done.returncode == 0
