"""What listings unpack at once is what the declarations say."""

from __future__ import annotations

import random

from construct import Struct

from core.fs.ntfs import structures


def declared(raw: bytes, *structs: Struct) -> list[object]:
    """The values of these structures, one behind the other, in their order."""
    values: list[object] = []
    at = 0
    for struct in structs:
        found = struct.parse(raw[at:])
        values += [found[part.name] for part in struct.subcons if part.name is not None]
        at += struct.sizeof()
    return values


def test_the_short_forms_agree_with_the_declarations() -> None:
    chance = random.Random(1)
    for _ in range(20):
        raw = chance.randbytes(128)
        assert list(structures.RECORD_PACKED.unpack_from(raw)) == declared(raw, structures.RECORD)
        found = declared(raw, structures.NON_RESIDENT)
        assert list(structures.NON_RESIDENT_PACKED.unpack_from(raw)) == found
        found = declared(raw, structures.ATTRIBUTE, structures.RESIDENT)
        assert list(structures.ATTRIBUTE_PACKED.unpack_from(raw)) == found[:-1]
        found = declared(raw, structures.INDEX_HEADER)
        assert list(structures.INDEX_HEADER_PACKED.unpack_from(raw)) == found


def test_a_boot_sector_has_512_bytes() -> None:
    assert structures.BOOT_SECTOR.sizeof() == structures.BOOT_LENGTH
