"""The packed forms that loops use agree with the declarations, and the checksums with their check values."""

from __future__ import annotations

import random
from struct import Struct as Packed
from typing import Any

import pytest

from core.fs.ext import structures
from core.fs.ext.checksum import START, crc16, crc32_forward, crc32c

PAIRS = {
    "inode": (structures.INODE, structures.INODE_PACKED, {"map"}),
    "extent header": (structures.EXTENT_HEADER, structures.EXTENT_HEADER_PACKED, set[str]()),
    "extent": (structures.EXTENT, structures.EXTENT_PACKED, set[str]()),
    "extent index": (structures.EXTENT_INDEX, structures.EXTENT_INDEX_PACKED, set[str]()),
    "directory entry": (structures.DIRECTORY_ENTRY, structures.DIRECTORY_ENTRY_PACKED, set[str]()),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_a_packed_form_reads_what_its_declaration_reads(pair: str) -> None:
    declared: Any
    packed: Packed
    declared, packed, left_out = PAIRS[pair]
    data = random.Random(1).randbytes(packed.size)
    assert declared.sizeof() == packed.size
    fields = {name: value for name, value in declared.parse(data).items() if not name.startswith("_")}
    assert packed.unpack(data) == tuple(value for name, value in fields.items() if name not in left_out)


def test_a_project_lies_where_the_declaration_has_it() -> None:
    data = random.Random(1).randbytes(structures.ORIGINAL_INODE + structures.INODE_EXTRA.sizeof())
    declared: Any = structures.INODE_EXTRA.parse(data[structures.ORIGINAL_INODE :])
    at = structures.PROJECT_AT
    assert int.from_bytes(data[at : at + 4], "little") == declared.project


def test_checksums_have_the_values_that_their_catalogues_give() -> None:
    digits = b"123456789"
    assert crc32c(START, digits) ^ START == 0xE3069283  # CRC-32/ISCSI
    assert crc32c(crc32c(START, digits[:4]), digits[4:]) == crc32c(START, digits)
    assert crc16(digits) == 0x4B37  # CRC-16/MODBUS
    assert crc32_forward(START, digits) == 0x0376E6E7  # CRC-32/MPEG-2
    assert crc32_forward(crc32_forward(START, digits[:4]), digits[4:]) == 0x0376E6E7
