"""Names that are given on FAT: which it can hold, and their short forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import (
    AlreadyExists,
    NameNotAllowed,
)
from core.fs.driver import Options
from core.fs.writable import Reason
from tests.support.fat import blank_fat, volume_of, writer_of
from tests.support.fsck import complaints
from tests.support.volumes import listed


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", Reason.EMPTY),
        ("a/b", Reason.CHARACTER),
        ("tab\t", Reason.CHARACTER),
        ("\udc80", Reason.CHARACTER),
        ("dot.", Reason.END),
        ("space ", Reason.END),
        ("..", Reason.RESERVED),
        ("x" * 256, Reason.LENGTH),
        ("😀" * 128, Reason.LENGTH),
    ],
)
def test_names_that_fat_cannot_hold_are_refused_with_the_reason(
    tmp_path: Path, name: str, reason: Reason
) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20)
    with writer_of(image) as (writer, _):
        with pytest.raises(NameNotAllowed) as caught:
            writer.create(0, name, Kind.FILE)
        assert caught.value.reason == reason
        assert listed(writer) == {}
    assert complaints(image) == []


def test_names_that_differ_in_case_alone_are_the_same_name(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20)
    with writer_of(image) as (writer, _):
        writer.create(0, "Ünïcode name of a file", Kind.FILE)
        for again in ("ÜNÏCODE NAME OF A FILE", "ün_cod~1"):
            with pytest.raises(AlreadyExists):
                writer.create(0, again, Kind.DIRECTORY)


def test_short_names_are_those_that_windows_gives(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20)
    wanted = {
        "TEXTFILE.TXT": "TEXTFILE.TXT",
        "TextFile.Doc": "TEXTFILE.DOC",
        "The quick brown fox.text": "THEQUI~1.TEX",
        "The quick brown dog.text": "THEQUI~2.TEX",
        "a.b.c.d": "ABC~1.D",
        ".bashrc": "BASHRC~1",
        "a+b.txt": "A_B~1.TXT",
        "naïve été.txt": "NA_VEÉ~1.TXT",
    }
    with writer_of(image) as (writer, _):
        for name, short in wanted.items():
            entry = writer.create(0, name, Kind.FILE)
            found = dict(writer.stat(entry.node).facts)["Short name"]
            assert found == short
        shorts, folder = set(), writer.create(0, "folder", Kind.DIRECTORY).node
        for number in range(300):
            entry = writer.create(folder, f"photograph number {number}.jpeg", Kind.FILE)
            shorts.add(dict(writer.stat(entry.node).facts)["Short name"])
        assert len(shorts) == 300
        assert {f"PHOTOG~{number}.JPE" for number in range(1, 5)} < shorts
        writer.flush()
    assert complaints(image) == []


def test_short_names_are_cut_between_characters_of_two_bytes(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 2 << 20)
    with writer_of(image, Options("cp932")) as (writer, _):
        entry = writer.create(0, "a日本語テキスト文書.テキスト", Kind.FILE)
        assert dict(writer.stat(entry.node).facts)["Short name"] == "A日本~1.テ"
        writer.flush()
    with volume_of(image, Options("cp932")) as volume:
        assert volume.lookup(0, "a日本~1.テ").name == "a日本語テキスト文書.テキスト"
        assert listed(volume)["a日本語テキスト文書.テキスト"].problem is None
    assert complaints(image) == []
