"""`/sbin/mount.rump`: what mount(8) says of a line in /etc/fstab, and what rumpus gets to hear."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

HELPER = Path(__file__).resolve().parents[2] / "packaging" / "mount.rump"


def heard(tmp_path: Path, *words: str) -> list[str]:
    """The arguments with which the helper calls rumpus; none when it does not."""
    stub = tmp_path / "rumpus"
    stub.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    stub.chmod(0o755)
    command = [str(HELPER), "/dev/sdb1", "/m/a stick", *words]
    done = subprocess.run(command, env={"RUMPUS": str(stub)}, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ((), ""),
        (("-o", "rw,noexec,nosuid,nodev,user=me"), ",noexec,nosuid,nodev,user=me"),
        (("-o", "rw,write,umask=077"), ",rw,umask=077"),
        (("-s", "-v", "-n", "-r", "-t", "rump"), ",ro"),
        (("-o", "driver=fat,uid=5", "-w"), ",driver=fat,uid=5"),
    ],
)
def test_rumpus_mounts_as_the_line_says(tmp_path: Path, words: tuple[str, ...], options: str) -> None:
    assert heard(tmp_path, *words) == ["mount", "-o", options, "--", "/dev/sdb1", "/m/a stick"]


def test_a_mount_that_is_only_rehearsed_mounts_nothing(tmp_path: Path) -> None:
    assert heard(tmp_path, "-f") == []
