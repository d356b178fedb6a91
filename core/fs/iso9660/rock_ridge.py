"""What Rock Ridge says of a file beside its directory record: IEEE P1282 (RRIP)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.fs.iso9660 import times

_CONTINUES, _CURRENT, _PARENT, _ROOT = 1, 2, 4, 8
_TIMES = ("created", "modified", "accessed", "changed")
_LONG_FORM = 0x80
_MOST_OTHERS = 8
_LONGEST_LINK = 4096
LARGEST = 2**63 - 1
LONGEST_NAME = 255
"""Of a longer one so much is kept, and a byte to show that it is."""


@dataclass(slots=True)
class Unix:
    """Each is None or empty where nothing is said. `mode` has the kind of file in its upper bits."""

    name: bytes = b""
    mode: int | None = None
    links: int = 1
    uid: int | None = None
    gid: int | None = None
    inode: int | None = None
    device: tuple[int, int] | None = None
    target: bytes | None = None
    modified: int | None = None
    created: int | None = None
    accessed: int | None = None
    changed: int | None = None
    child: int | None = None
    """Block of the directory that is kept elsewhere because it lies too deep."""
    moved: bool = False
    """A directory that is only kept here."""
    packed: tuple[bytes, int, int, int] | None = None
    """Method, words of the header, logarithm of the block size, size when it is unpacked."""
    sparse: int | None = None
    """The size of a file whose holes are left out, with them."""
    others: tuple[str, ...] = ()
    """Signatures of what is not known."""


def gathered(entries: Iterable[tuple[bytes, bytes]], unix: Unix) -> Unix:
    """Fills in what the entries say. What is too short to say anything is left out."""
    link: list[bytes] = []
    joined = False
    for signature, data in entries:
        size = len(data)
        if signature == b"NM" and size:
            if not data[0] & (_CURRENT | _PARENT):
                unix.name = (unix.name + data[1:])[: LONGEST_NAME + 1]
        elif signature == b"PX" and size >= 32:
            unix.mode, unix.links = _number(data, 0), _number(data, 8)
            unix.uid, unix.gid = _number(data, 16), _number(data, 24)
            unix.inode = _number(data, 32) if size >= 40 else None
        elif signature == b"TF" and size:
            _times(data, unix)
        elif signature == b"SL" and size:
            joined = _components(data[1:], link, joined)
            unix.target = b"/".join(link)[:_LONGEST_LINK]
        elif signature == b"PN" and size >= 16:
            unix.device = (_number(data, 0), _number(data, 8))
        elif signature == b"CL" and size >= 8:
            unix.child = _number(data, 0)
        elif signature == b"RE":
            unix.moved = True
        elif signature == b"ZF" and size >= 12:
            large = data[:2] == b"PZ"
            real = int.from_bytes(data[4:12], "little") if large else _number(data, 4)
            unix.packed = (data[:2], data[2], data[3], real)
        elif signature == b"SF":
            # IEEE P1282, 4.1.7: the upper half of the size and the lower; before version 1.12 the lower alone
            high, low = (_number(data, 0), _number(data, 8)) if size >= 16 else (0, _number(data, 0))
            unix.sparse = min(high << 32 | low, LARGEST)
        elif signature not in (b"RR", b"SP", b"ER", b"PD", b"PL", b"ES"):
            name = signature.decode("ascii", "backslashreplace")
            if len(unix.others) < _MOST_OTHERS and name not in unix.others:
                unix.others += (name,)
    return unix


def _number(data: bytes, at: int) -> int:
    """ECMA-119, 7.3.3: both byte orders, of which the first is taken."""
    return int.from_bytes(data[at : at + 4], "little")


def _times(data: bytes, unix: Unix) -> None:
    length = 17 if data[0] & _LONG_FORM else 7
    read = times.written if length == 17 else times.recorded
    at = 1
    for bit, name in enumerate(_TIMES):
        if data[0] & 1 << bit:
            if at + length > len(data):
                return
            setattr(unix, name, read(data[at : at + length]))
            at += length


def _components(data: bytes, link: list[bytes], joined: bool) -> bool:
    """Adds the components of a link's target; whether the last one goes on in the next entry."""
    at = 0
    while at + 2 <= len(data) and len(link) < _LONGEST_LINK:
        flags, length = data[at], data[at + 1]
        if flags & _ROOT:
            part = b""
            del link[:]
        elif flags & _CURRENT:
            part = b"."
        elif flags & _PARENT:
            part = b".."
        else:
            part = data[at + 2 : at + 2 + length]
        if joined and link:
            link[-1] += part
        else:
            link.append(part)
        joined = bool(flags & _CONTINUES)
        at += 2 + length
    return joined
