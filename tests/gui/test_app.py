"""The application as a process: it starts, and it ends when it is told to, with all that it started."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


def awaits(process: subprocess.Popen[bytes], number: int) -> bool:
    """Whether the process has a handler for that signal (SigCgt in proc(5)): its window is up."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("SigCgt:"):
            return bool(int(line.split()[1], 16) & 1 << (number - 1))
    return False


def children(process: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_window_and_everything_it_started(number: int) -> None:
    command = [sys.executable, "-m", "gui.app", "resources/sample-stick.img"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        while not awaits(process, signal.SIGTERM):
            assert process.poll() is None, process.stderr and process.stderr.read().decode()
            time.sleep(0.01)
        zygotes = [os.pidfd_open(child) for child in children(process.pid)]
        assert len(zygotes) == 1, "sticks are read in processes that one of its own starts"
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said.decode()
        assert b"Traceback" not in said, said.decode()
        for zygote in zygotes:
            assert select.select([zygote], [], [], 20)[0]
            os.close(zygote)


def test_wrong_arguments_are_said_before_a_window_is_opened() -> None:
    done = subprocess.run([sys.executable, "-m", "gui.app", "--nonsense"], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"unrecognized arguments" in done.stderr
