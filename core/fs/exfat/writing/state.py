"""What a volume says of itself as a whole: whether it is clean and how much is in use (section 3.1)."""

from __future__ import annotations

from core.fs.exfat.structures import CLEAR_TO_ZERO, DIRTY
from core.fs.staging import Phase, Staging

_FLAGS, _PERCENT = 106, 112
"""Of the main boot sector; the boot checksum leaves them out, and the backup's are stale: section 3.1.13."""
_UNKNOWN = 0xFF


class State:
    """Stages these; when they are written is for the caller."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging

    def mark(self, *, dirty: bool) -> None:
        """Sections 3.1.13.2 and 3.1.13.4."""
        self._staging.stage(
            Phase.PREPARE, _FLAGS, bytes([DIRTY if dirty else 0]), bytes([DIRTY | CLEAR_TO_ZERO])
        )

    def inform(self, free: int | None, clusters: int) -> None:
        """Section 3.1.18."""
        percent = _UNKNOWN if free is None else (clusters - free) * 100 // clusters
        self._staging.stage(Phase.FREE, _PERCENT, bytes([percent]))
