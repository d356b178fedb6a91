"""What loops over thousands of entries unpack by hand, against the declarations that it stands for."""

from __future__ import annotations

import pytest
from construct import Struct

from core.fs.exfat.structures import FILE_ENTRY, STREAM_ENTRY, FileEntry, StreamEntry


@pytest.mark.parametrize(("declaration", "read"), [(FILE_ENTRY, FileEntry), (STREAM_ENTRY, StreamEntry)])
def test_entries_are_read_as_they_are_declared(
    declaration: Struct, read: type[FileEntry] | type[StreamEntry]
) -> None:
    raw = bytes(range(1, 33))
    declared = declaration.parse(raw)
    assert read.parse(raw)._asdict() == {name: declared[name] for name in read._fields}
