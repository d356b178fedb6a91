"""FAT images made by mkfs.fat and mtools, and what mtools reads back from them."""

from __future__ import annotations

import os
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path

from core.blockdev.device import BlockDevice
from core.fs.driver import DEFAULTS, Options
from core.fs.fat.driver import Fat
from core.fs.fat.writing.writer import FatWriter
from tests.support import volumes
from tests.support.disks import run, sparse, tool

_ENVIRONMENT = {**os.environ, "MTOOLS_SKIP_CHECK": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def mtools(name: str, image: Path, *arguments: str | Path, code_page: int = 437) -> bytes:
    """What a command of mtools prints about an image."""
    settings = image.with_name("mtoolsrc")
    settings.write_text(f"default_codepage={code_page}\n")
    done = subprocess.run(
        [tool(name), "-i", str(image), *map(str, arguments)],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env={**_ENVIRONMENT, "MTOOLSRC": str(settings)},
        check=False,
    )
    assert done.returncode == 0, (name, arguments, done.stderr)
    return done.stdout


def blank_fat(path: Path, size: int, *options: str) -> Path:
    """A freshly made FAT volume that takes all of a sparse image."""
    run("mkfs.fat", *options, sparse(path, size))
    return path


def same_by_mtools(image: Path, made: dict[str, bytes], folder: Path) -> None:
    """Whether mcopy brings these files, and no others, out of an image; `folder` is for them."""
    out = folder / "out"
    out.mkdir()
    mtools("mcopy", image, "-s", "-n", "-m", "::/", out)
    found = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert found == made


def volume_of(image: Path, options: Options = DEFAULTS) -> AbstractContextManager[Fat]:
    return volumes.volume_of(Fat, image, options)


def writer_of(
    image: Path, options: Options = DEFAULTS
) -> AbstractContextManager[tuple[FatWriter, BlockDevice]]:
    return volumes.writer_of(FatWriter, image, options)
