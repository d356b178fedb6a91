"""What must be sound before anything is written: where the bitmap lies, and how names are compared."""

from __future__ import annotations

from core.errors import CorruptStructure, ReadOnly
from core.fs.driver import Warnings
from core.fs.exfat import names
from core.fs.exfat.geometry import Geometry
from core.fs.exfat.system import Metadata, System
from core.fs.exfat.table import free_clusters
from core.fs.exfat.writing.bitmap import Bitmap
from core.fs.staging import Staging

_BITMAP = "its allocation bitmap is damaged"


def examined(
    staging: Staging, geometry: Geometry, system: System, metadata: Metadata, warnings: Warnings
) -> tuple[names.Upcase, Bitmap, int | None]:
    """(up-case table, bitmap, free clusters). `warnings` are those met while the root directory was read.

    Raises ReadOnly, MediumError.
    """
    if warnings:  # two bitmaps, or something unread that may be a second one
        raise ReadOnly("its root directory is damaged")
    try:
        pieces = metadata.bitmap()
        free = free_clusters(staging, pieces, geometry.clusters)
    except CorruptStructure as error:
        raise ReadOnly(_BITMAP) from error
    try:
        upcase = metadata.upcase_table()
    except CorruptStructure as error:
        raise ReadOnly("its up-case table is damaged") from error
    bitmap = Bitmap(staging, pieces)
    own = [geometry.cluster_at(position) for position, _ in pieces]
    own += [system.upcase.first_cluster, geometry.root_cluster]
    if any(bitmap.was_free(cluster) for cluster in own):  # it would give away what the volume itself lies in
        raise ReadOnly(_BITMAP)
    return upcase, bitmap, free
