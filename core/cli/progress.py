"""The progress bar of a copy: on a terminal only, and only when it takes longer than a moment."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.host.jobs import Job, TransferState

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PATIENCE = 0.5
"""Seconds."""


@contextmanager
def bar(job: Job) -> Iterator[None]:
    """Shows the job's progress on stderr while this lasts, and leaves nothing of it behind."""
    if not sys.stderr.isatty():
        yield
        return
    shown = _Bar()
    forget = job.observe(shown.update)
    try:
        yield
    finally:
        forget()
        shown.close()


class _Bar:
    def __init__(self) -> None:
        self._began = asyncio.get_running_loop().time()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def update(self, job: Job) -> None:
        if self._progress is None:
            if asyncio.get_running_loop().time() < self._began + _PATIENCE:
                return
            self._progress = _made()
            self._task = self._progress.add_task("", total=None, files="", name="")
            self._progress.start()
        if job.state is TransferState.RUNNING and self._task is not None:
            now = job.progress
            files = f"{now.files_done} of {now.files} files"
            self._progress.update(
                self._task,
                total=now.bytes,
                completed=now.bytes_done,
                files=files,
                name=now.current,
                refresh=True,
            )

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()


def _made() -> Progress:
    """Imported late: it takes longer than most copies of one file."""
    from rich import progress
    from rich.console import Console
    from rich.table import Column

    return progress.Progress(
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.DownloadColumn(),
        progress.TransferSpeedColumn(),
        progress.TimeRemainingColumn(),
        progress.TextColumn("{task.fields[files]}", markup=False),
        progress.TextColumn(
            "{task.fields[name]}",
            markup=False,
            table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"),
        ),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
        expand=True,
    )
