"""libseccomp's filter compiler: those of its functions that the walls need (seccomp_init(3) and so on).

Found by the library's name, and not by a search for it: that would run two programs at each start.
"""

from __future__ import annotations

import ctypes
import os
from typing import NamedTuple

KILL_PROCESS = 0x8000_0000
ALLOW = 0x7FFF_0000
EQ, MASKED_EQ = 4, 7
_ON_ANOTHER_ARCHITECTURE = 2
"""SCMP_FLTATR_ACT_BADARCH: what comes of calls by the numbers of another one, as of 32 bits."""

_library = ctypes.CDLL("libseccomp.so.2")


class Condition(NamedTuple):
    """What argument number `argument` of a call must be: EQ `first`, or under the mask `first` MASKED_EQ
    `second`."""

    argument: int
    operator: int
    first: int
    second: int = 0


class _Comparison(ctypes.Structure):
    _fields_ = [
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    ]


_library.seccomp_init.restype = ctypes.c_void_p
_library.seccomp_init.argtypes = [ctypes.c_uint32]
_library.seccomp_attr_set.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32]
_library.seccomp_rule_add_array.argtypes = [
    *(ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.POINTER(_Comparison))
]
_library.seccomp_load.argtypes = [ctypes.c_void_p]
_library.seccomp_syscall_resolve_name.argtypes = [ctypes.c_char_p]


def number(name: str) -> int:
    """The number of a system call on this architecture; negative where it has none."""
    return int(_library.seccomp_syscall_resolve_name(name.encode()))


class Filter:
    """Kills whoever makes a call that was not allowed. It is kept for as long as the process lives."""

    def __init__(self) -> None:
        self._context = _library.seccomp_init(KILL_PROCESS)
        if self._context is None:
            raise MemoryError("a filter of system calls")
        _check(_library.seccomp_attr_set(self._context, _ON_ANOTHER_ARCHITECTURE, KILL_PROCESS))

    def allow(self, name: str, *conditions: Condition) -> None:
        """With that the call may be made, if all conditions are met. Raises OSError."""
        compared = (_Comparison * len(conditions))(*(_Comparison(*each) for each in conditions))
        _check(_library.seccomp_rule_add_array(self._context, ALLOW, number(name), len(conditions), compared))

    def load(self) -> None:
        """Puts this process, and those that it forks, behind the filter for good. Raises OSError."""
        _check(_library.seccomp_load(self._context))


def _check(result: int) -> None:
    if result < 0:
        raise OSError(-result, os.strerror(-result))
