"""What a file is, from its record: a folder, a link or bytes, and what else there is to say of it."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from core.entry import Attribute, Kind
from core.errors import CorruptStructure, MediumError, NotFound, RumpusError
from core.fs.ntfs import names, reparse
from core.fs.ntfs.file import File, Value
from core.fs.ntfs.structures import (
    DATA,
    EXTENDED_ATTRIBUTES,
    FILE_NAME,
    FILE_NAME_LENGTH,
    FILE_NAME_PACKED,
    NAMESPACE_DOS,
    OBJECT_ID,
    REFERENCE,
    REPARSE_POINT,
    STANDARD_INFORMATION,
    STANDARD_PACKED,
)

_MOST_SHOWN = 24
LONGEST_SHOWN = 256
_IS_SYSTEM = int(Attribute.SYSTEM)
_INTERIX_LINK, _INTERIX_DEVICES = b"IntxLNK\1", (b"IntxCHR\0", b"IntxBLK\0")
"""How files of the system attribute begin that stand for Unix's links and devices."""
_LONGEST_LINK = 4096
DAMAGE = (CorruptStructure, MediumError, NotFound)


class Seen(NamedTuple):
    """What a file is, in short. `value` is its unnamed data, None where it has none or it is broken."""

    kind: Kind
    problem: RumpusError | None
    value: Value | None
    point: reparse.Point | None
    standard: Standard

    @property
    def overlay(self) -> int | None:
        """By which method the system packed its bytes into a stream."""
        return None if self.point is None else reparse.overlay_method(self.point)


class Standard(NamedTuple):
    """What every file has. Times as NTFS counts them."""

    created: int
    modified: int
    changed: int
    accessed: int
    attributes: int


def look(file: File) -> Seen:
    kind = Kind.DIRECTORY if file.record.is_directory else Kind.FILE
    problem = file.problem
    standard = _standard(file)
    value: Value | None = None
    point: reparse.Point | None = None
    try:
        if kind is Kind.FILE:
            value = file.value(DATA)
        point = _point(file)
        if point is not None:
            kind, refused = reparse.kind(point, file.record.is_directory, standard.attributes)
            problem = problem or refused
        elif value is not None and standard.attributes & _IS_SYSTEM:
            kind = _interix(value)
    except DAMAGE as error:
        problem = problem or error
    if problem is not None:
        problem = taxonomy(problem, file.number)
    return Seen(kind, problem, value, point, standard)


def target(seen: Seen, node: int) -> str:
    """Where a symbolic link leads. Raises CorruptStructure, MediumError."""
    if seen.point is not None:
        return reparse.target(seen.point)[:_LONGEST_LINK]
    assert seen.value is not None
    try:
        raw = seen.value.read(2 * _LONGEST_LINK + len(_INTERIX_LINK))[len(_INTERIX_LINK) :]
    except NotFound as error:
        raise taxonomy(error, node) from error
    return names.shown(raw).replace("\0", "\\x00")[:_LONGEST_LINK]


def _point(file: File) -> reparse.Point | None:
    value = file.value(REPARSE_POINT)
    if value is None:
        return None
    position = next(value.record.pieces(value.attribute.at, 1))[0]
    return reparse.parsed(value.read(reparse.LONGEST), position)


def _interix(value: Value) -> Kind:
    if value.size < len(_INTERIX_LINK) or value.size > 2 * _LONGEST_LINK + len(_INTERIX_LINK):
        return Kind.FILE
    head = value.read(len(_INTERIX_LINK))
    if head == _INTERIX_LINK:
        return Kind.SYMLINK
    return Kind.OTHER if head in _INTERIX_DEVICES else Kind.FILE


def described(file: File, seen: Seen) -> tuple[int, list[tuple[str, str]]]:
    """How many names it has besides short ones, and they, its streams and what else there is as facts."""
    links, facts = 0, []
    for record, attribute in islice(file.all_of(FILE_NAME), 2048):
        raw = record.value(attribute)
        if len(raw) < FILE_NAME_LENGTH:
            continue
        parent, _, _, length, namespace = FILE_NAME_PACKED.unpack_from(raw)
        text = names.shown(raw[FILE_NAME_LENGTH : FILE_NAME_LENGTH + 2 * length])
        if namespace == NAMESPACE_DOS:
            facts.append(("Short name", text))
            continue
        links += 1
        facts.append(("Name", f"{text} in {parent & REFERENCE}"))
    facts = facts[:_MOST_SHOWN] if links > 1 or len(facts) > 1 else []
    streams = 0
    for record, attribute in islice(file.all_of(DATA), 2048):
        if not attribute.name:
            continue
        streams += 1
        if streams <= _MOST_SHOWN:
            value = Value(file, [], record, attribute)
            facts.append((f"Stream {attribute.name}", f"{value.size} bytes"))
    if streams > _MOST_SHOWN:
        facts.append(("Streams", f"{streams - _MOST_SHOWN} more"))
    for record, attribute in islice(file.all_of(OBJECT_ID), 1):
        facts.append(("Object identifier", record.value(attribute)[:16].hex()))
    if next(file.all_of(EXTENDED_ATTRIBUTES), None) is not None:
        value_of = file.value(EXTENDED_ATTRIBUTES)
        facts.append(("Extended attributes", f"{value_of.size if value_of else 0} bytes"))
    return links, facts


def _standard(file: File) -> Standard:
    """From $STANDARD_INFORMATION, which every file has in its own record."""
    attribute = file.record.find(STANDARD_INFORMATION)
    if attribute is None or attribute.size < STANDARD_PACKED.size:
        return Standard(0, 0, 0, 0, 0)
    return Standard(*STANDARD_PACKED.unpack_from(file.record.raw, attribute.value))


def taxonomy(error: RumpusError, node: int) -> RumpusError:
    """What a file needs and is not there is damage of the file."""
    if not isinstance(error, NotFound):
        return error
    return CorruptStructure("file record", 0, f"what file record {node} needs", str(error)[:LONGEST_SHOWN])
