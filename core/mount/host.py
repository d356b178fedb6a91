"""What the host needs for a mount, and where it takes one: looked at first, for a refusal with words."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import importlib
import os
import shutil
from pathlib import Path

from core.errors import NotMounted

_LIBRARIES = ("libfuse3.so.3", "libfuse3.so.4")
_DEVICE = Path("/dev/fuse")
_SETTINGS = Path("/etc/fuse.conf")
_HELPER = "fusermount3"


def check_fuse(*, allow_other: bool = False, device: Path = _DEVICE) -> None:
    """Raises NotMounted, with what is missing on this machine."""
    if not device.exists():
        raise NotMounted(str(device), f"this system has no FUSE ({device} is missing)")
    if not os.access(device, os.R_OK | os.W_OK):
        raise NotMounted(str(device), f"you may not use FUSE ({device} is not yours to open)")
    if _library() is None:
        raise NotMounted("", "libfuse3 is not installed (on Debian and Ubuntu: the package fuse3)")
    if os.geteuid() == 0:
        return
    if shutil.which(_HELPER) is None:
        raise NotMounted("", f"{_HELPER} is not installed (on Debian and Ubuntu: the package fuse3)")
    if allow_other and not _others_may():
        raise NotMounted(str(_SETTINGS), f"allow_other needs the line user_allow_other in {_SETTINGS}")


def use_library() -> None:
    """Tells mfusepy, before it is imported, which library to load: it would start programs to search."""
    library = _library()
    if library is not None:
        os.environ.setdefault("FUSE_LIBRARY_PATH", library)


def preload() -> None:
    """Imports early what a mount needs late. What is missing is told by `check_fuse`."""
    use_library()
    with contextlib.suppress(OSError, AttributeError, ImportError):
        importlib.import_module("core.mount.session")


def check_directory(directory: Path) -> None:
    """Whether something can be mounted there: an empty directory of this user. Raises NotMounted."""
    path = str(directory)
    try:
        with os.scandir(directory) as found:
            empty = next(found, None) is None
    except OSError as error:
        raise NotMounted(path, _why(error, path)) from error
    if os.path.ismount(directory):
        raise NotMounted(path, f"something is mounted at {path} already")
    if not empty:
        raise NotMounted(path, f"the directory {path} is not empty")
    if not os.access(directory, os.W_OK):
        raise NotMounted(path, f"the directory {path} is not yours to write to")


def _why(error: OSError, path: str) -> str:
    match error.errno:
        case errno.ENOENT:
            return f"there is no directory {path}"
        case errno.ENOTDIR:
            return f"{path} is not a directory"
        case errno.ENOTCONN:
            return f"what was mounted at {path} is dead; unmount it first (fusermount3 -u {path})"
        case _:
            return f"{path} cannot be looked into ({error.strerror})"


async def unmount(directory: Path, *, lazily: bool = False) -> bool:
    """Whether it is unmounted. `lazily`: its name is gone at once, and whoever has files open keeps them."""
    helper = shutil.which(_HELPER)
    if helper is not None:
        command = [helper, "-uz" if lazily else "-u", "--", str(directory)]
    else:
        command = ["umount", *(["-l"] if lazily else []), "--", str(directory)]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait() == 0


def read_ahead(directory: Path, size: int) -> None:
    """Has the kernel read `size` bytes ahead, where this user may say so."""
    with contextlib.suppress(OSError):
        number = directory.stat().st_dev
        setting = Path("/sys/class/bdi") / f"{os.major(number)}:{os.minor(number)}" / "read_ahead_kb"
        setting.write_text(str(size >> 10))


def _library() -> str | None:
    for name in _LIBRARIES:
        with contextlib.suppress(OSError):
            ctypes.CDLL(name)
            return name
    return None


def _others_may() -> bool:
    try:
        lines = _SETTINGS.read_text().splitlines()
    except OSError:
        return False
    return any(line.strip() == "user_allow_other" for line in lines)
