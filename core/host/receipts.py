"""What a copy leaves for whoever has to prove it: which files, when, and that they are the same."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import socket
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.errors import HostWriteFailed
from core.host.devices import Device
from core.host.names import shown
from core.host.uncaching import Uncached
from core.host.volume import Volume
from core.version import VERSION

_NOTES = (
    "Contents were compared byte by byte. Names, times and attributes were not.",
    "What the stick itself keeps in a memory of its own cannot be told from what it has stored.",
)


@dataclass(frozen=True)
class Item:
    """One file. `path` on the stick, for people."""

    path: str
    size: int
    modified: str
    """ISO 8601, of the file on the stick; without a zone where the stick has none, empty when unknown."""
    blake2b: str
    """Of what both sides have, in hex; empty when they were not both read to their end, or differ."""
    verified: bool
    why: str = ""
    """Why it is not verified, for people."""
    other: str = ""
    """The other side's path, for people."""


@dataclass(frozen=True)
class LeftOut:
    """What was to be copied and was not, or not whole. For people."""

    path: str
    why: str


@dataclass(frozen=True)
class StickFacts:
    """Texts of the stick are shown as they are on screen: nothing in them obeys."""

    name: str
    serial: str
    maker: str
    volume_id: str
    system: str

    @classmethod
    def of(cls, volume: Volume, device: Device | None) -> StickFacts:
        facts = volume.facts
        serial, maker = (device.serial, f"{device.vendor} {device.model}".strip()) if device else ("", "")
        return cls(shown(facts.label), shown(serial), shown(maker), shown(facts.uuid), facts.system)


@dataclass
class Receipt:
    """`source` and `target`: where was copied from and to, for people."""

    stick: StickFacts
    onto_stick: bool
    source: str
    target: str
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When the two sides began to be compared."""
    ended: datetime | None = None
    waiting: int = 0
    """Files that arrived and have not been compared."""
    items: list[Item] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    skipped: int = 0
    """Files that were not copied because one of their name was there and was to stay."""
    stick_read: Uncached | None = None
    """The least that the kernel did before it was read."""
    from_memory: int = 0
    """Files of the other side that the kernel would not read from their medium."""

    def note_read(self, way: Uncached) -> None:
        """The stick will be read after the kernel did that; a receipt may be of several times."""
        ways = list(Uncached)
        self.stick_read = way if self.stick_read is None else max(way, self.stick_read, key=ways.index)

    @property
    def complete(self) -> bool:
        """Whether every file that arrived was looked at."""
        return self.ended is not None and not self.waiting

    @property
    def verified(self) -> bool:
        """Whether every file that arrived is the same on both sides."""
        return self.complete and all(item.verified for item in self.items)

    @property
    def differing(self) -> list[Item]:
        return [item for item in self.items if not item.verified]

    def as_json(self) -> str:
        whole: dict[str, Any] = {
            "program": "rumpus",
            "version": VERSION,
            "user": _user(),
            "computer": socket.gethostname(),
            "began": self.began.isoformat(timespec="seconds"),
            "ended": self.ended.isoformat(timespec="seconds") if self.ended else None,
            "direction": "onto the stick" if self.onto_stick else "from the stick",
            "source": self.source,
            "target": self.target,
            "stick": asdict(self.stick),
            "reading": {
                "stick": _read_from(self.stick_read or Uncached.KEPT),
                "other side": {"files": len(self.items), "from memory": self.from_memory},
            },
            "verified": self.verified,
            "files": [asdict(item) for item in self.items],
            "not verified": {
                "differing": len(self.differing),
                "not copied": [asdict(each) for each in self.left_out],
                "skipped": self.skipped,
                "not looked at": self.waiting,
                "notes": list(_NOTES),
            },
        }
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"

    def save(self, path: Path) -> None:
        """There whole, or not at all. Raises HostWriteFailed."""
        partial = path.parent / f".{path.name}.{os.getpid()}.part"
        try:
            partial.write_text(self.as_json(), encoding="utf-8")
            partial.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                partial.unlink()
            raise HostWriteFailed(str(path), error.errno or 0) from error


def sources_in_words(paths: Sequence[Path]) -> str:
    """The folder that they are all in, or the only one of them. For people."""
    if len(paths) == 1:
        return shown(str(paths[0]))
    return shown(os.path.commonpath(paths)) if paths else ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # one without a name
        return str(os.getuid())


def _read_from(way: Uncached) -> dict[str, str]:
    if way is Uncached.KEPT:
        return {"from": "memory, as the kernel would not forget what it had read"}
    return {"from": "the medium", "by": way.value}
