"""What became of something that was being done with a stick when the stick went: file by file."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from core.host import names

MOST_NAMED = 500
"""Files of each sort that are named; all are counted."""


class Doing(enum.Enum):
    COPYING_OUT = enum.auto()
    COPYING_IN = enum.auto()
    CHECKING = enum.auto()
    """Whether what was copied is the same on both sides."""
    REMOVING = enum.auto()
    REPAIRING = enum.auto()
    FORMATTING = enum.auto()


class Account(msgspec.Struct, frozen=True):
    """Names are paths for people. `whole`: files that are where they were to be, with every byte, and on the
    medium where that is the stick; of a removal, what is still as it was. `lost`: all the others."""

    doing: Doing
    current: str = ""
    """What it was about just then."""
    whole: tuple[str, ...] = ()
    whole_count: int = 0
    lost: tuple[str, ...] = ()
    lost_count: int = 0


_T = TypeVar("_T")


def account(
    doing: Doing, current: str, files: Iterable[_T], is_whole: Callable[[_T], bool], path: Callable[[_T], str]
) -> Account:
    """Of the files that it was about. A raw `path` is asked for only where it is named."""
    whole: list[_T] = []
    lost: list[_T] = []
    for file in files:
        (whole if is_whole(file) else lost).append(file)
    named, missed = (tuple(names.shown(path(file)) for file in sort[:MOST_NAMED]) for sort in (whole, lost))
    return Account(doing, current, named, len(whole), missed, len(lost))
