"""The application as a process: it starts, and it ends when it is told to, with all that it started."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from core.resources import resource
from tests.support.descriptors import has_open
from tests.support.desktop import screen

STICK = resource("sample-stick.img").resolve()


def awaits(process: subprocess.Popen[bytes], number: int) -> bool:
    """Whether the process has a handler for that signal (SigCgt in proc(5))."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("SigCgt:"):
            return bool(int(line.split()[1], 16) & 1 << (number - 1))
    return False


def children(process: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@contextmanager
def window(environment: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The application once its window has a stick open, and a pidfd of what starts the readers of sticks."""
    command = [sys.executable, "-m", "gui.app", str(STICK)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment) as process:
        while not (awaits(process, signal.SIGTERM) and has_open(process.pid, STICK)):
            assert process.poll() is None, process.stderr and process.stderr.read().decode()
            time.sleep(0.01)
        (zygote,) = children(process.pid)
        watch = os.pidfd_open(zygote)
        try:
            yield process, watch
        finally:
            os.close(watch)
            process.kill()


def ended(process: subprocess.Popen[bytes], zygote: int) -> tuple[int, str]:
    """The status and what was said, once nothing runs any more."""
    _, said = process.communicate(timeout=60)
    assert select.select([zygote], [], [], 20)[0]
    return process.returncode, said.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_window_and_everything_it_started(number: int) -> None:
    with window(os.environ) as (process, zygote):
        process.send_signal(number)
        assert ended(process, zygote) == (0, "")


def test_whoever_is_impatient_may_say_it_again_and_again() -> None:
    with window(os.environ) as (process, zygote):
        while process.poll() is None:
            process.send_signal(signal.SIGTERM)
            time.sleep(0.001)
        _, said = ended(process, zygote)
        assert "in callback" not in said


def test_a_display_that_goes_away_ends_everything_in_order_too(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "XDG_RUNTIME_DIR": str(tmp_path)}
    with ExitStack() as desktop:
        environment["DISPLAY"] = desktop.enter_context(screen())
        with window(environment) as (process, zygote):
            desktop.close()
            status, said = ended(process, zygote)
            assert status == 1
            assert len(said.splitlines()) == 1
            assert "connection broke" in said


def test_wrong_arguments_are_said_before_a_window_is_opened() -> None:
    done = subprocess.run([sys.executable, "-m", "gui.app", "--nonsense"], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"unrecognized arguments" in done.stderr
