"""What a consistency check finds. Nothing is written: a check is another way of reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from core.entry import Finding

Findings = Iterator[Finding | None]
"""As they are met; None now and then, so that a check of a large volume can be interrupted."""


@runtime_checkable
class Checkable(Protocol):
    """An open volume whose driver can check it."""

    def check(self) -> Findings:
        """Everything that contradicts the specification. Raises DeviceGone."""
