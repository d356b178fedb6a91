"""`rumpus` as a person starts it: a process of its own, with what it prints and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "core.cli.main")


def rumpus(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, **options)


def records(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """What a command printed with --json."""
    return [json.loads(line) for line in done.stdout.splitlines()]
