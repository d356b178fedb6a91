"""What `-o` takes, as mount(8) has it for other file systems."""

from __future__ import annotations

import os
from typing import Any

import msgspec

from core.errors import NotMounted


class Options(msgspec.Struct, frozen=True):
    """How a volume shows itself to the host. `umask` are the permission bits that nobody has."""

    uid: int = msgspec.field(default_factory=os.getuid)
    gid: int = msgspec.field(default_factory=os.getgid)
    umask: int = 0o022
    writable: bool = False
    allow_other: bool = False
    noatime: bool = False
    exec: bool = False
    """Whether programs on the stick may be run."""
    steady: bool = True
    """Nobody changes the volume meanwhile: the kernel may remember for good what it was told once."""
    contained: bool = False
    """Links that lead out of the volume lead nowhere: they would show files of the host as the stick's."""
    driver: str = ""
    code_page: str = ""


_FLAGS: dict[str, dict[str, Any]] = {
    "ro": {"writable": False},
    "rw": {"writable": True},
    "allow_other": {"allow_other": True},
    "noatime": {"noatime": True},
    "exec": {"exec": True},
    "noexec": {"exec": False},
}
_IGNORED = frozenset(
    (
        *("auto", "noauto", "user", "nouser", "users", "owner", "group", "nofail", "defaults"),
        *("nodev", "nosuid", "relatime", "atime", "async"),
    )
)
"""What mount(8) and /etc/fstab say to each other, and what is so in any case."""


def parse(text: str, options: Options) -> Options:
    """Options of a comma-separated list; of two that contradict each other the later. Raises NotMounted."""
    for word in filter(None, text.split(",")):
        name, equals, value = word.partition("=")
        if name in _FLAGS and not equals:
            options = msgspec.structs.replace(options, **_FLAGS[name])
        elif name == "uid":
            options = msgspec.structs.replace(options, uid=_number(word, value, 10))
        elif name == "gid":
            options = msgspec.structs.replace(options, gid=_number(word, value, 10))
        elif name == "umask":
            options = msgspec.structs.replace(options, umask=_number(word, value, 8) & 0o777)
        elif name == "driver":
            options = msgspec.structs.replace(options, driver=value)
        elif name == "code_page":
            options = msgspec.structs.replace(options, code_page=value)
        elif name not in _IGNORED and not name.startswith("x-"):
            raise NotMounted("", f"there is no option {word}")
    return options


def _number(word: str, value: str, base: int) -> int:
    try:
        number = int(value, base)
    except ValueError:
        number = -1
    if not 0 <= number < 2**32 - 1:
        raise NotMounted("", f"{word} is not a number")
    return number
