"""Volumes under other names, and what of their own names is left there."""

from __future__ import annotations

import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable

from core.entry import Entry, Kind
from core.errors import RumpusError
from core.fs.driver import Driver
from core.fs.scrambling import Scramblable
from tests.support.memory import MemoryDevice

CODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp437", "cp850", "latin-1", "mac_roman")
SEED = bytes(range(32))


def disguised(volume: Driver, size: int, nodes: Iterable[int] = ()) -> bytes:
    """So many bytes of a volume under other names."""
    assert isinstance(volume, Scramblable)
    scrambled = volume.scrambled(SEED, list(nodes))
    for _ in scrambled.gather():
        pass
    return scrambled.read(0, size)


def spelt(names: Iterable[str]) -> dict[bytes, str]:
    """The bytes that names may have somewhere, whatever the case and whether composed or not."""
    found = {}
    for name in names:
        for text in {name, name.upper(), name.lower(), unicodedata.normalize("NFD", name)}:
            for coding in CODINGS:
                raw = text.encode(coding, "ignore")
                if len(raw) >= len(text) and len(raw) >= 4:
                    found[raw] = f"{text} in {coding}"
    return found


def left(content: bytes, names: dict[bytes, str]) -> list[str]:
    """How names stand in what is mostly zeros."""
    content = re.sub(rb"\0{64,}", bytes(64), content)
    return [told for raw, told in names.items() if raw in content]


def shape(volume: Driver) -> list[tuple[object, ...]]:
    """All that is on a volume but for the names."""
    found: list[tuple[object, ...]] = []
    waiting = [volume.facts().root]
    while waiting:
        for batch in volume.entries(waiting.pop(0)):
            for entry in batch:
                found.append(outline(volume, entry))
                if entry.kind is Kind.DIRECTORY:
                    waiting.append(entry.node)
    return found


def outline(volume: Driver, entry: Entry) -> tuple[object, ...]:
    target = ""
    if entry.kind is Kind.SYMLINK:
        try:
            target = volume.read_link(entry.node)
        except RumpusError as error:
            target = error.kind
    # Marks may be such that there is no letter composed with them.
    bare = (letter for letter in entry.name if unicodedata.category(letter)[0] != "M")
    name = "".join("x" if letter.isalnum() else letter for letter in bare)
    where: object = None
    if entry.kind is Kind.FILE:
        try:
            where = list(volume.extents(entry.node))
        except RumpusError as error:
            where = error.kind
    return name, entry.node, entry.kind, entry.size, len(target), where, entry.problem


def again(driver: type[Driver], content: bytes) -> Driver:
    return driver.open(MemoryDevice(content))


def everything(packed: bytes) -> bytes:
    """All that a stranger finds in an archive, with what JSON escapes as text too."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        members = [archive.read(name) for name in archive.namelist()]
        members.append(json.dumps(json.loads(archive.read("capsule.json")), ensure_ascii=False).encode())
    return b"\0\0".join(members)


def found_in(content: bytes, name: str) -> list[str]:
    """The ways in which a name, or its beginning, stands somewhere."""
    spelt = {name, name.upper(), name.lower(), name[:5], name[:8].strip(), name.upper()[:6].replace(" ", "")}
    told = []
    for text in (each for each in spelt if len(each) >= 4):
        for coding in ("utf-8", "utf-16-le", "utf-16-be", "cp437", "cp850", "latin-1"):
            raw = text.encode(coding, "ignore")
            if len(raw) >= len(text) and raw in content:
                told.append(f"{text} in {coding}")
    return told
