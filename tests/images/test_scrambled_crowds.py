"""Other names for a very large folder are thought of in small steps: whoever lists files need not wait."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.fs.driver import Driver
from core.fs.ext.driver import Ext
from core.fs.ffs.driver import Ffs
from core.fs.ntfs.driver import Ntfs
from core.fs.scrambling import Scramblable
from tests.support.disguises import SEED
from tests.support.ext import ext_image
from tests.support.ffs import ffs_image
from tests.support.memory import MemoryDevice
from tests.support.ntfs import blank_ntfs
from tests.support.ntfs import mounted as mounted_ntfs

_NAMES = [f"{number} of very many files, each of them with a long name" for number in range(2000)]


def _ext(folder: Path) -> Path:
    return ext_image(
        folder / "image", 8 << 20, "-t", "ext4", "-b", "1024", "-N", "4096", source=_source(folder)
    )


def _ffs(folder: Path) -> Path:
    return ffs_image(folder / "image", _source(folder), 2, "le", size="8m")


def _ntfs(folder: Path) -> Path:
    image = blank_ntfs(folder / "image", 16 << 20)
    with mounted_ntfs(image) as inside:
        _fill(inside)
    return image


def _source(folder: Path) -> Path:
    (folder / "source").mkdir()
    _fill(folder / "source")
    return folder / "source"


def _fill(folder: Path) -> None:
    for name in _NAMES:
        (folder / name).touch()


@pytest.mark.parametrize(
    ("driver", "make"), [(Ext, _ext), (Ffs, _ffs), (Ntfs, _ntfs)], ids=["ext4", "UFS2", "NTFS"]
)
def test_no_step_reads_the_whole_of_a_crowded_folder(
    driver: type[Driver], make: Callable[[Path], Path], tmp_path: Path
) -> None:
    device = MemoryDevice(make(tmp_path).read_bytes())
    volume = driver.open(device)
    assert isinstance(volume, Scramblable)
    device.reads.clear()
    most = 0
    for _ in volume.scrambled(SEED, []).gather():
        most = max(most, len(device.reads))
        device.reads.clear()
    assert most < 25
