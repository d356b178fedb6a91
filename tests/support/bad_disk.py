"""A disk with a sector that cannot be read: an image behind FUSE, as DIRECTORY/disk.

python -m tests.support.bad_disk IMAGE DIRECTORY OFFSET serves it until it is unmounted. 512 bytes are bad.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IFDIR, S_IFREG
from typing import Any

from core.mount import host

_SECTOR = 512
_NAME = "disk"


@contextmanager
def bad_disk(image: Path, directory: Path, offset: int) -> Iterator[Path]:
    """The image as a file of which the sector at `offset` cannot be read."""
    directory.mkdir()
    command = [sys.executable, "-m", __name__, str(image), str(directory), str(offset)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"mounted\n"
            yield directory / _NAME
        finally:
            subprocess.run(["fusermount3", "-u", "-z", str(directory)], check=False)
            process.wait(60)


def _serve(image: Path, directory: str, bad: int) -> None:
    host.use_library()
    import mfusepy

    descriptor = os.open(image, os.O_RDONLY)
    size = image.stat().st_size

    class Disk(mfusepy.Operations):  # type: ignore[misc]
        use_ns = True

        def init(self, path: str) -> None:
            print("mounted", flush=True)

        def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
            if path == "/":
                return {"st_mode": S_IFDIR | 0o555, "st_nlink": 2}
            if path == f"/{_NAME}":
                return {"st_mode": S_IFREG | 0o444, "st_nlink": 1, "st_size": size}
            raise OSError(errno.ENOENT, "")

        def readdir(self, path: str, fh: int) -> list[str]:
            return [".", "..", _NAME]

        def open(self, path: str, flags: int) -> int:
            return 0

        def read(self, path: str, length: int, offset: int, fh: int) -> bytes:
            if offset < bad + _SECTOR and bad < offset + length:
                raise OSError(errno.EIO, "")
            return os.pread(descriptor, length, offset)

    mfusepy.FUSE(Disk(), directory, foreground=True, ro=True)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
