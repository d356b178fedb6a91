"""What making an empty volume takes, whatever the system."""

from __future__ import annotations

import msgspec

_UNIT = 1 << 20
_SMALL = 64 << 20


class Request(msgspec.Struct, frozen=True):
    """An empty volume to be made.

    `when`: nanoseconds since 1970, as the system keeps times (`core.entry.Zone`). `hidden_sectors`: how many
    lie before the volume on its medium.
    """

    label: str
    serial: int
    when: int
    hidden_sectors: int = 0


def aligned(size: int, sector_size: int) -> int:
    """Bytes of which the place of the first file is a multiple: a MiB, less on a volume that is small."""
    return _UNIT if size >= _SMALL else max(4096, sector_size) if size >= 1 << 20 else sector_size
