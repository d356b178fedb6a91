"""Checks and repairs of the open volume, step by step."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec

from core.blockdev.device import BlockDevice
from core.blockdev.draft import DraftDevice
from core.entry import Finding, Remedy
from core.errors import HostWriteFailed, NotFound, UnsupportedFeature
from core.fs.checking import Checkable
from core.fs.driver import Driver
from core.fs.repairing import Mender, repair
from core.worker import protocol, survey
from core.worker.protocol import Findings, Moved, Planned

_SIGN_OF_LIFE = 5.0
_SAY_EVERY = 0.05
"""Seconds."""


def check(request: int, driver: Driver) -> Iterator[Findings | None]:
    """Raises UnsupportedFeature."""
    if not isinstance(driver, Checkable):
        raise UnsupportedFeature(f"checking {driver.name}")
    return _told(request, driver.check(), left=False)


class Repairs:
    """The repair that was planned last, which waits for somebody to want it."""

    def __init__(self) -> None:
        self._draft: DraftDevice | None = None

    def plan(
        self, request: protocol.Repair, device: BlockDevice, chosen: protocol.Open
    ) -> Iterator[Findings | Planned | None]:
        """Tries the repair on a draft, and checks that. Raises UnsupportedFeature, ReadOnly."""
        self._draft = None
        draft, walk = survey.draft_of(device, chosen)
        try:
            yield from _told(request.id, repair(lambda: walk(request.keep)), left=False)
        except HostWriteFailed as error:
            raise UnsupportedFeature("repairing so much at once") from error
        yield from _told(request.id, _left(walk(False)), left=True)
        self._draft = draft
        yield Planned(id=request.id, sectors=draft.sectors, size=draft.amount)

    def apply(self, request: protocol.Apply, volume: BlockDevice) -> Iterator[Moved | None]:
        """Writes what was planned, once. Raises NotFound when nothing was."""
        draft, self._draft = self._draft, None
        if draft is None:
            raise NotFound("planned repair")
        said = time.monotonic()
        for done in draft.replay(volume):
            now = time.monotonic()
            if now - said < _SAY_EVERY:
                yield None
            else:
                said = now
                yield Moved(id=request.id, done=done)


def _left(walk: Mender) -> Iterator[Finding | None]:
    """What is still there after a repair, for which there is no remedy."""
    for problem in walk.problems():
        yield None if problem is None else msgspec.structs.replace(problem.finding, remedy=Remedy.NONE)


def _told(request: int, findings: Iterator[Finding | None], *, left: bool) -> Iterator[Findings | None]:
    said = time.monotonic()
    for finding in findings:
        now = time.monotonic()
        if finding is not None or now - said > _SIGN_OF_LIFE:
            said = now
            yield Findings(id=request, findings=[] if finding is None else [finding], left=left)
        else:
            yield None
