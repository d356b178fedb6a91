"""What the kernel is told when something fails: the taxonomy as numbers of errno(3)."""

from __future__ import annotations

import errno

from core.errors import (
    AlreadyExists,
    DirectoryFull,
    InsideItself,
    NameNotAllowed,
    NoSpace,
    NotEmpty,
    NotFound,
    ReadOnly,
    RumpusError,
    TooLarge,
    UnsupportedFeature,
    WrongKind,
)

_WRONG_KIND = {"directory": errno.ENOTDIR, "file": errno.EISDIR}


def number_of(error: RumpusError) -> int:
    """Whatever has no number of its own is EIO, as a medium that cannot be read."""
    match error:
        case NotFound():
            return errno.ENOENT
        case WrongKind(wanted=wanted):
            return _WRONG_KIND.get(wanted, errno.EINVAL)
        case AlreadyExists():
            return errno.EEXIST
        case NotEmpty():
            return errno.ENOTEMPTY
        case InsideItself() | NameNotAllowed():
            return errno.EINVAL
        case NoSpace() | DirectoryFull():
            return errno.ENOSPC
        case TooLarge():
            return errno.EFBIG
        case ReadOnly():
            return errno.EROFS
        case UnsupportedFeature():
            return errno.EOPNOTSUPP
        case _:
            return errno.EIO
