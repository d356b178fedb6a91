"""What loops over thousands of entries unpack by hand, against the declaration that it stands for."""

from __future__ import annotations

from core.fs.fat.structures import SHORT, Short


def test_an_entry_is_read_as_it_is_declared() -> None:
    raw = bytes(range(1, 33))
    declared = SHORT.parse(raw)
    assert Short.parse(raw)._asdict() == {name: declared[name] for name in Short._fields}
