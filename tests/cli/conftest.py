"""One small stick that the tests of reading commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.fat import blank_fat, mtools


@pytest.fixture(scope="session")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """/hello.txt; /docs with `long name.txt` and an empty folder `deep`; a name with an escape character."""
    folder = tmp_path_factory.mktemp("stick")
    image = blank_fat(folder / "stick.img", 8 << 20, "-F", "16", "-s", "1", "-n", "HOLIDAY")
    (folder / "hello.txt").write_bytes(b"hello\n")
    (folder / "long").write_bytes(bytes(300_000))
    mtools("mmd", image, "::/docs", "::/docs/deep")
    mtools("mcopy", image, folder / "hello.txt", "::/hello.txt")
    mtools("mcopy", image, folder / "long", "::/docs/long name.txt")
    mtools("mcopy", image, folder / "hello.txt", "::/eeEEe")
    raw = "eeEEe".encode("utf-16-le")
    image.write_bytes(image.read_bytes().replace(raw, "\x1b[2Jx".encode("utf-16-le")))
    return image


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A stick with the files GOOD and BROKEN; the latter begins outside the volume."""
    image = blank_fat(tmp_path / "broken.img", 4 << 20)
    (tmp_path / "content").write_bytes(b"content\n")
    for name in ("GOOD", "BROKEN"):
        mtools("mcopy", image, tmp_path / "content", f"::/{name}")
    data = bytearray(image.read_bytes())
    at = data.find(b"BROKEN     ")
    data[at + 26 : at + 28] = b"\xf0\xff"
    image.write_bytes(data)
    return image
