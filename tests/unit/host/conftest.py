"""A stick for the tests of the list of sticks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.fat import blank_fat, mtools

MIB = 1 << 20


@pytest.fixture(scope="module")
def holiday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stick with one file."""
    folder = tmp_path_factory.mktemp("holiday")
    (folder / "beach.txt").write_text("sand\n")
    image = blank_fat(folder / "holiday.img", 4 * MIB, "-n", "HOLIDAY")
    mtools("mcopy", image, folder / "beach.txt", "::")
    return image


@pytest.fixture
def image(holiday: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return Path(shutil.copy(holiday, tmp_path / "stick.img"))
