"""A link that no driver takes for one any more still says nothing in a capsule."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.fs.ext.driver import Ext
from core.fs.retelling import masked
from tests.support.disguises import disguised, left, spelt
from tests.support.ext import debugfs, ext_image, needs_e2fsprogs
from tests.support.memory import MemoryDevice

TARGETS = {"plain": "diary/of Anna", "cyrillic": "Тайны/Анны", "chinese": "我的日记/秘密"}


@needs_e2fsprogs
@pytest.mark.parametrize("kind", TARGETS)
def test_where_a_link_of_a_wrong_size_led_is_not_told(tmp_path: Path, kind: str) -> None:
    """Its target stands where pointers would, and is looked at as such."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "link").symlink_to(TARGETS[kind])
    image = ext_image(tmp_path / "ext.img", 2 << 20, "-t", "ext2", source=tmp_path / "source")
    debugfs(image, "set_inode_field /link size 99", write=True)
    content = image.read_bytes()
    names = spelt(TARGETS[kind].split("/"))
    assert left(content, names)
    assert left(disguised(Ext.open(MemoryDevice(content)), len(content)), names) == []


@pytest.mark.parametrize("number", [0x0403_0201, 0x0001_D0B0, 0x00E5_A0B1, 2**32 - 9, 10**9])
def test_numbers_are_no_text(number: int) -> None:
    data = b"".join((number + at).to_bytes(4, "little") for at in range(9))
    assert masked(data) == data
