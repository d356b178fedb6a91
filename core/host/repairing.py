"""A repair of an open volume: planned and looked at first, then made or forgotten."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing

from core.entry import Finding, FindingKind, Remedy
from core.errors import ProtocolViolation
from core.host.accounts import Account, Doing
from core.host.uses import Uses
from core.host.worker import Worker
from core.worker import protocol

_MOST_FINDINGS = 4_000_000
_KEPT = 10_000
"""Findings kept for those who ask later; all are told as they come."""


class Repair:
    """Got from `Volume.repair`, and good for one plan and one `apply`, before which nothing is written."""

    what = "repairing it"
    """For people, while it is made."""

    def __init__(self, worker: Worker, uses: Uses) -> None:
        self._worker = worker
        self._uses = uses
        self.mended: list[Finding] = []
        """What is put right, the first of many, each with its remedy."""
        self.left: list[Finding] = []
        """What will still be wrong, the first of many."""
        self.mended_count = self.left_count = 0
        self.freed = 0
        """Clusters that belong to no file and will be free."""
        self.sectors = 0
        self.size = 0
        """Bytes that are written."""

    async def plan(self, *, keep: bool = False, told: Callable[[Finding, bool], None] | None = None) -> None:
        """Tries the repair in the worker's memory. With `keep` lost clusters become files.

        `told` hears each finding, and whether it is left as it is. Raises UnsupportedFeature, also when there
        is more to change than fits in the memory, and as all of a volume.
        """
        async with aclosing(self._worker.converse(protocol.Repair(id=0, keep=keep))) as replies:
            async for reply in replies:
                match reply:
                    case protocol.Findings(findings=findings, left=left):
                        for finding in findings:
                            self._take(finding, left)
                            if told is not None:
                                told(finding, left)
                    case protocol.Planned(sectors=sectors, size=size):
                        self.sectors, self.size = sectors, size
                        return
        raise ProtocolViolation("a repair without an end")

    def _take(self, finding: Finding, left: bool) -> None:
        if self.mended_count + self.left_count >= _MOST_FINDINGS:
            raise ProtocolViolation(f"more than {_MOST_FINDINGS} findings")
        if left:
            self.left_count += 1
        else:
            self.mended_count += 1
            if finding.kind is FindingKind.LOST and finding.remedy is Remedy.FREE:
                self.freed += finding.clusters
        kept = self.left if left else self.mended
        if len(kept) < _KEPT:
            kept.append(finding)

    async def apply(self, descriptor: int, moved: Callable[[int], None] | None = None) -> None:
        """Writes what was planned through a descriptor that can (`Medium.for_writing`), and opens it anew.

        The writes come in an order in which a stick that is pulled out is no worse than before. Raises
        DeviceGone, MediumError, and as all of a volume.
        """
        with self._uses.during(self):
            async with aclosing(self._worker.converse(protocol.Apply(id=0), descriptor)) as replies:
                async for reply in replies:
                    if moved is not None and isinstance(reply, protocol.Moved):
                        moved(reply.done)

    def cancel(self) -> None:
        """What has begun to be made is made to its end, which is near."""

    def account(self) -> Account:
        return Account(Doing.REPAIRING)
