"""Names that are given on exFAT: which it can hold, and how they are compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import (
    AlreadyExists,
    NameNotAllowed,
)
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.writable import Reason
from tests.support.exfat import (
    Stick,
    blank_exfat,
)
from tests.support.fsck import exfat_complaints
from tests.support.memory import MemoryDevice
from tests.support.volumes import writer_of


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", Reason.EMPTY),
        (".", Reason.RESERVED),
        ("..", Reason.RESERVED),
        *((f"a{character}b", Reason.CHARACTER) for character in '"*/:<>?\\|\0\x1f\ud800'),
        ("end.", Reason.END),
        ("end ", Reason.END),
        ("x" * 256, Reason.LENGTH),
        ("𝄞" * 128, Reason.LENGTH),
    ],
)
def test_names_that_exfat_cannot_hold_are_refused_with_the_reason(
    tmp_path: Path, name: str, reason: Reason
) -> None:
    writer = ExFatWriter.open(MemoryDevice(bytes(Stick().data)))
    for act in (
        lambda: writer.create(0, name, Kind.FILE),
        lambda: writer.reserve(0, name, 5),
    ):
        with pytest.raises(NameNotAllowed) as caught:
            act()
        assert caught.value.reason == reason
    assert writer.staged == 0


def test_names_are_compared_by_the_table_of_the_volume_itself(tmp_path: Path) -> None:
    small = ExFatWriter.open(MemoryDevice(bytes(Stick().data)))  # its table has the letters of ASCII alone
    for name in ("größe", "grÖße", "grÖßE2"):
        small.create(0, name, Kind.FILE)
    with pytest.raises(AlreadyExists):
        small.create(0, "GRößE", Kind.FILE)
    image = blank_exfat(tmp_path / "stick.img", 3 << 20)
    with writer_of(ExFatWriter, image) as (writer, _):
        writer.create(0, "größe", Kind.FILE)
        with pytest.raises(AlreadyExists):
            writer.create(0, "GRÖßE", Kind.FILE)
        writer.flush()
    assert exfat_complaints(image) == []
