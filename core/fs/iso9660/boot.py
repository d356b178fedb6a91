"""What a disc boots, from its El Torito boot catalog: as facts, nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, MediumError
from core.fs.iso9660.structures import BOOT_ENTRY, SECTOR

_PLATFORMS = {0: "BIOS", 1: "PowerPC", 2: "Mac", 0xEF: "UEFI"}
_MEDIA = ("no emulation", "1.2 MB diskette", "1.44 MB diskette", "2.88 MB diskette", "hard disk")
_VALIDATION, _BOOTABLE, _SECTION, _LAST_SECTION = 0x01, 0x88, 0x90, 0x91
_MOST = 16


def images(device: BlockDevice, catalog: int) -> Iterator[str]:
    """Each boot image in words; of a catalog that is broken what can be said of that."""
    try:
        raw = device.read(catalog * SECTOR, SECTOR)
    except (CorruptStructure, MediumError):
        yield "a boot catalog that cannot be read"
        return
    words = (int.from_bytes(raw[at : at + 2], "little") for at in range(0, BOOT_ENTRY, 2))
    if raw[0] != _VALIDATION or sum(words) & 0xFFFF:
        yield "a boot catalog that is damaged"
        return
    platform = raw[1]
    for number, at in enumerate(range(BOOT_ENTRY, len(raw), BOOT_ENTRY)):
        if number >= _MOST:
            return
        entry = raw[at : at + BOOT_ENTRY]
        if entry[0] in (_SECTION, _LAST_SECTION):
            platform = entry[1]
        elif entry[0] == _BOOTABLE:
            kind = entry[1] & 0xF
            medium = _MEDIA[kind] if kind < len(_MEDIA) else f"medium {kind}"
            name = _PLATFORMS.get(platform, f"platform {platform}")
            sectors, block = int.from_bytes(entry[6:8], "little"), int.from_bytes(entry[8:12], "little")
            yield f"{name}, {medium}, {sectors} sectors of 512 bytes at block {block}"
        elif not any(entry):
            return
