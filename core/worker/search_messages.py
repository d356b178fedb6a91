"""What host and worker say to each other about a search over names. Part of `core.worker.protocol`."""

from __future__ import annotations

from typing import Annotated

import msgspec

from core.entry import Entry, UInt
from core.errors import Fault
from core.worker.message import Message, Name

MATCHES = 512
"""Matches, or folders, that a reply holds at most."""
LONGEST_QUERY = 256


class Search(Message, frozen=True):
    """Everything below a directory whose name has all words of the text: any number of `Matches`, with credit
    as for `List`, then `Searched`.

    Words may be in quotation marks; one with `*` or `?` stands for a whole name. Neither case nor accents
    matter. The names are kept, so that the next search need not walk again. A text without words finds
    nothing, and gathers the names.
    """

    node: UInt
    text: Annotated[str, msgspec.Meta(max_length=LONGEST_QUERY)]


class FolderAt(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A folder that matches lie in. Folders are numbered as they are told, from 1; 0 is where it began."""

    above: UInt
    name: Name
    node: UInt


class Missed(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A folder of that number could not be looked through, or not to its end."""

    folder: UInt
    fault: Fault


class Matches(Message, frozen=True):
    """What was found meanwhile, perhaps nothing. `looked` counts the names looked at so far."""

    looked: UInt
    folders: Annotated[list[FolderAt], msgspec.Meta(max_length=MATCHES)] = []
    """New ones, each behind the one it lies in."""
    matches: Annotated[list[tuple[UInt, Entry]], msgspec.Meta(max_length=MATCHES)] = []
    """(number of the folder, entry)."""
    missed: Annotated[list[Missed], msgspec.Meta(max_length=MATCHES)] = []


class Searched(Message, frozen=True):
    """The end. Not `whole`: there are more names than are kept, and the rest was not looked at."""

    looked: UInt
    whole: bool
