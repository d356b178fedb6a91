"""What the kernel does for a file that lands: the part of `landing` that knows how systems differ in that.

Folders are open descriptors, and names are within them. Nothing that has a name already is replaced here.
"""

from __future__ import annotations

import ctypes
import errno
import itertools
import os

from core.host import names

NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
NAMELESS = os.O_WRONLY | os.O_TMPFILE | os.O_CLOEXEC
FILE_MODE = 0o644
_RENAME_NOREPLACE = 1
_AT_EMPTY_PATH = 0x1000
_NO_SUCH_RENAME = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP})
_NO_LINKS = frozenset({errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV})

_libc = ctypes.CDLL(None, use_errno=True)
_token = os.urandom(4).hex()
_numbers = itertools.count()
_through_proc = False
"""Whether files get their names through /proc, since this kernel does not do it otherwise."""


def unique() -> str:
    """What no other file of ours has in its hidden name."""
    return f"{_token}{next(_numbers):x}"


def name(descriptor: int, folder: int, wanted: str) -> None:
    """Gives a file that has no name its first. Raises FileExistsError, OSError.

    Linux 6.10 and later take the descriptor for that from whoever opened it; before, only the way through
    /proc was free to all, which takes longer.
    """
    global _through_proc
    if not _through_proc:
        if _libc.linkat(descriptor, b"", folder, os.fsencode(wanted), _AT_EMPTY_PATH) == 0:
            return
        if ctypes.get_errno() == errno.EEXIST:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    os.link(f"/proc/self/fd/{descriptor}", wanted, dst_dir_fd=folder, follow_symlinks=True)
    _through_proc = True  # since the other way had failed


def flush(folder: int) -> None:
    """Waits until all that was written to its file system is on the medium. Raises OSError."""
    _checked(_libc.syncfs(folder))


def can_be_named_later(folder: int) -> bool:
    """Tries it with an empty file: some file systems take the one half and not the other."""
    try:
        descriptor = os.open(".", NAMELESS, FILE_MODE, dir_fd=folder)
    except OSError:
        return False
    try:
        tried = names.unfinished("", unique())
        name(descriptor, folder, tried)
        os.unlink(tried, dir_fd=folder)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def rename_without_replacing(folder: int, source: str, target: str) -> None:
    """Within a folder. Raises FileExistsError, OSError."""
    try:
        _checked(_libc.renameat2(folder, os.fsencode(source), folder, os.fsencode(target), _RENAME_NOREPLACE))
        return
    except OSError as error:
        if error.errno not in _NO_SUCH_RENAME:
            raise
    try:
        os.link(source, target, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A system without either (some FUSE ones): the name is taken with an empty file, then with ours.
        os.close(os.open(target, NEW, FILE_MODE, dir_fd=folder))
        os.rename(source, target, src_dir_fd=folder, dst_dir_fd=folder)
    else:
        os.unlink(source, dir_fd=folder)


def _checked(result: int) -> None:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
