"""Crash reports: what a worker was doing when it ended, kept with the user's application state."""

from __future__ import annotations

import contextlib
import os
import traceback
from datetime import datetime
from pathlib import Path

from core.errors import MAX_FAULT_TEXT, DriverCrashed

_KEPT = 20


def directory() -> Path:
    import platformdirs  # which brings much along that no command needs that goes well

    return Path(platformdirs.user_state_dir("rumpus")) / "reports"


def save(cause: str, operations: list[str], said: str) -> str:
    """Writes a report and returns its text, which starts with the place it was saved to.

    `operations` are the last requests, oldest first; `said` is what the worker wrote to its stderr, or a
    traceback. A host that cannot write it (full disk, no home) still gets the text.
    """
    now = datetime.now().astimezone()
    body = "\n".join(
        (
            f"Rumpus driver report, {now:%Y-%m-%d %H:%M:%S %z}",
            f"Cause: {cause}",
            "",
            "Last operations:",
            *(f"  {operation}" for operation in operations),
            "",
            "What the worker said:",
            said or "  (nothing)",
            "",
        )
    )
    try:
        place = _write(f"{now:%Y%m%d-%H%M%S}", body)
    except OSError as error:
        return f"Not saved: {error.strerror}\n{body}"
    return f"Saved as {place}\n{body}"


def bug(error: Exception) -> DriverCrashed:
    """An exception that is none of the taxonomy, as one that is: with a report that holds its traceback."""
    cause = f"{type(error).__name__}: {error}"[:200]
    said = "".join(traceback.format_exception(error))
    return DriverCrashed(cause, save(cause, [], said)[:MAX_FAULT_TEXT])


def _write(stamp: str, body: str) -> Path:
    folder = directory()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for attempt in range(100):
        place = folder / f"{stamp}-{attempt:02}.txt"
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
                file.write(body)
            _forget_oldest(folder)
            return place
    raise FileExistsError(17, "too many reports in one second")


def _forget_oldest(folder: Path) -> None:
    for old in sorted(folder.glob("*.txt"))[:-_KEPT]:
        old.unlink(missing_ok=True)
