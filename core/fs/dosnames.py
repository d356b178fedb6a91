"""Which names the FAT family allows.

Microsoft, "FAT: General Overview of On-Disk Format" 1.03, page 27; exFAT specification, section 7.7.3. That a
name must not end with a dot or a space is the rule of Windows, which finds no such file again.
"""

from __future__ import annotations

from core.errors import NameNotAllowed
from core.fs.writable import Reason

LONGEST = 255
"""Units of UTF-16."""
FORBIDDEN = frozenset('"*/:<>?\\|') | frozenset(map(chr, range(0x20)))


def check(name: str) -> None:
    """Raises NameNotAllowed."""
    if not name:
        raise NameNotAllowed(name, Reason.EMPTY)
    if name in (".", ".."):
        raise NameNotAllowed(name, Reason.RESERVED)
    if not FORBIDDEN.isdisjoint(name):
        raise NameNotAllowed(name.encode(errors="replace").decode(), Reason.CHARACTER)
    try:
        units = len(name.encode("utf-16-le")) // 2
    except UnicodeEncodeError as error:  # half a surrogate pair: a host's name that is no text
        raise NameNotAllowed(name.encode(errors="replace").decode(), Reason.CHARACTER) from error
    if name[-1] in ". ":
        raise NameNotAllowed(name, Reason.END)
    if units > LONGEST:
        raise NameNotAllowed(name, Reason.LENGTH)
