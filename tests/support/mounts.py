"""What FUSE shows for as long as a test looks at it: `rumpus mount` in the foreground, and other drivers."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.disks import run, tool
from tests.support.terminal import COMMAND


@dataclass
class Mounted:
    """`process` is the command, which ends when nothing is mounted any more."""

    path: Path
    process: subprocess.Popen[str]

    def ended(self) -> tuple[int, str]:
        """Waits for the command to end: its status, and what it said on stderr."""
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said

    def workers(self) -> list[int]:
        """Processes that run drivers for it."""
        zygotes = children(self.process.pid)
        return [worker for zygote in zygotes for worker in children(zygote)]


def need_fuse() -> None:
    """Skips by the name of what is missing."""
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        pytest.skip("/dev/fuse cannot be opened here")
    tool("fusermount3")


@contextmanager
def mounted(image: Path | str, directory: Path, *options: str) -> Iterator[Mounted]:
    """Unmounts at the end, if the test has not."""
    need_fuse()
    directory.mkdir(exist_ok=True)
    command = [*COMMAND, "mount", "-f", "--json", *options, str(image), str(directory)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            pytest.fail(f"it was not mounted: {process.communicate()[1]}")
        assert json.loads(line)["mounted"] == str(directory)
        yield Mounted(directory, process)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


@contextmanager
def served(image: Path, *command: str, environment: Mapping[str, str] | None = None) -> Iterator[Path]:
    """A folder beside the image in which another driver, started with that folder as its last argument, shows
    it. At the end it has written all of it. Skips where there is no FUSE for this user."""
    need_fuse()
    folder = image.with_name(image.name + ".mounted")
    folder.mkdir(exist_ok=True)
    ended, lives = os.pipe()
    done = subprocess.run(
        [tool(command[0]), *command[1:], str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, **(environment or {})},
        pass_fds=(lives,),
        check=False,
    )
    os.close(lives)
    try:
        if done.returncode != 0:
            pytest.skip(f"{command[0]}: {done.stderr.strip()}")
        try:
            yield folder
        finally:
            run("umount", folder)
            os.read(ended, 1)  # it goes on writing, and holds its end of the pipe for so long
    finally:
        os.close(ended)


def is_mounted(directory: Path) -> bool:
    return any(
        line.split()[4] == str(directory) for line in Path("/proc/self/mountinfo").read_text().splitlines()
    )


def children(process: int) -> list[int]:
    """Processes that it started."""
    path = Path(f"/proc/{process}/task")
    return [int(number) for task in path.iterdir() for number in (task / "children").read_text().split()]
