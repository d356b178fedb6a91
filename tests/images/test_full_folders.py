"""Folders that can hold no more, which refuse thousands of files one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import NotFound
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.fat.writing.writer import FatWriter
from tests.support.exfat import blank_exfat
from tests.support.fat import blank_fat
from tests.support.volumes import writer_of


@pytest.mark.parametrize(("driver", "blank"), [(FatWriter, blank_fat), (ExFatWriter, blank_exfat)])
def test_a_name_that_a_folder_has_not_is_not_looked_for_on_the_medium(
    driver: type[FatWriter | ExFatWriter], blank: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file that found no room is looked for once more."""
    assert callable(blank)
    with writer_of(driver, blank(tmp_path / "stick.img", 4 << 20)) as (writer, _):
        folder = writer.create(writer.facts().root, "folder", Kind.DIRECTORY)
        made = writer.create(folder.node, "There.txt", Kind.FILE)
        assert writer.lookup(folder.node, "there.TXT") == made
        with monkeypatch.context() as patched:
            patched.setattr(driver, "entries", lambda *_: pytest.fail("the directory is read"))
            with pytest.raises(NotFound):
                writer.lookup(folder.node, "not there")
        writer.remove(made.node)
        with pytest.raises(NotFound):
            writer.lookup(folder.node, "There.txt")
        writer.flush()
