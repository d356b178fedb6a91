"""A command that was started with its standard streams closed, as daemons and careless scripts do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from core.cli.entry import main; raise SystemExit(main())"]


def run(closed: str, *words: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {closed}', *COMMAND, *map(str, words)], capture_output=True, timeout=60
    )


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_it_works_without_them_and_never_writes_to_the_stick(stick: Path, closed: str) -> None:
    before = stick.read_bytes()
    done = run(closed, "cat", f"{stick}:/hello.txt")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == (b"" if " >&-" in f" {closed}" else b"hello\n")
    assert run(closed, "cat", f"{stick}:/missing").returncode == 1
    assert stick.read_bytes() == before
