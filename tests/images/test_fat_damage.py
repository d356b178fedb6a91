"""What cannot be read of a FAT directory is told, and everything else is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.blockdev.fault import FaultyDevice
from core.errors import MediumError
from core.fs.fat.driver import Fat
from tests.support.fat import blank_fat, mtools
from tests.support.memory import MemoryDevice


@pytest.mark.parametrize("width", [12, 32])
def test_a_bad_sector_in_a_folder_is_told_behind_the_names_that_are_left(tmp_path: Path, width: int) -> None:
    image = blank_fat(tmp_path / "stick.img", 40 << 20 if width == 32 else 4 << 20, "-F", str(width))
    source = tmp_path / "many"
    source.mkdir()
    for number in range(60):
        (source / f"{number:02} with a name of three slots").touch()
    mtools("mcopy", image, "-s", source, "::/")
    content = image.read_bytes()
    bad = content.index("30 with a nam".encode("utf-16-le")[:10])
    volume = Fat.open(FaultyDevice(MemoryDevice(content), bad=[(bad, 1)]))
    seen = []
    with pytest.raises(MediumError):
        for batch in volume.entries(volume.lookup(0, "many").node):
            seen += [entry.name for entry in batch]
    assert 50 <= len([name for name in seen if name.endswith("slots")]) < 60
