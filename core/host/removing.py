"""Removing from a stick: one job takes entries away, with all that is in them."""

from __future__ import annotations

from collections.abc import Sequence

from core.entry import Entry, Kind
from core.errors import DeviceGone, ReadOnly, RumpusError
from core.host import names
from core.host.accounts import Account, Doing, account
from core.host.changes import Changes
from core.host.jobs import Job, TransferState
from core.host.volume import Volume


class Remove(Job):
    """What is gone stays gone when it is cancelled. Progress counts files and folders; how many there are is
    not known before. When it has ended, what was removed is gone from the medium too."""

    def __init__(self, volume: Volume, changes: Changes, entries: Sequence[Entry]) -> None:
        super().__init__()
        self.uses = volume.uses
        self._volume = volume
        self._changes = changes
        self._entries = tuple(entries)
        self.removed: list[Entry] = []
        """Of what was asked for, what is wholly gone."""
        self._touched: set[int] = set()
        """Nodes of what may not be as it was any more."""

    @property
    def what(self) -> str:
        return f"deleting {self.progress.current}".strip()

    def safe(self) -> list[str]:
        gone = {entry.node for entry in self.removed}
        return [names.shown(entry.name) for entry in self._entries if entry.node not in gone]

    def missing(self) -> list[str]:
        return [names.shown(entry.name) for entry in self.removed]

    def account(self) -> Account:
        current = self.progress.current
        return account(
            Doing.REMOVING,
            current,
            self._entries,
            lambda entry: entry.node not in self._touched,
            lambda entry: entry.name,
        )

    async def _copy(self) -> None:
        self.state = TransferState.RUNNING
        self._changed()
        for entry in self._entries:
            await self._turn()
            self._count(current=entry.name)
            self._touched.add(entry.node)
            before = self.progress.files_done
            try:
                await self._changes.remove(
                    entry.node,
                    recursive=entry.kind is Kind.DIRECTORY,
                    gone=lambda gone, before=before: self._gone(before + gone),  # type: ignore[misc]
                )
            except RumpusError as error:
                if isinstance(error, DeviceGone | ReadOnly) or self._volume.ended.done():
                    raise
                self._trouble(entry.name, error)
                continue
            self.removed.append(entry)
            self._gone(max(before + 1, self.progress.files_done))
        await self._changes.flush()

    def _gone(self, files: int) -> None:
        self._count(files=files - self.progress.files_done)
