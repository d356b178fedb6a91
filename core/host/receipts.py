"""What a copy leaves for whoever has to prove it: which files, when, and that they are the same."""

from __future__ import annotations

import getpass
import json
import os
import socket
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.errors import HostWriteFailed
from core.host.devices import Device
from core.host.names import shown
from core.host.volume import Volume


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
    stick: StickFacts
    onto_stick: bool
    place: str
    """The host's folder that was copied into, or the stick's, for people."""
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    complete: bool = False
    """Whether every file was looked at."""
    items: list[Item] = field(default_factory=list)

    def as_json(self) -> str:
        whole: dict[str, Any] = {
            "program": "rumpus",
            "user": getpass.getuser(),
            "computer": socket.gethostname(),
            "began": self.began.isoformat(timespec="seconds"),
            "ended": self.ended.isoformat(timespec="seconds") if self.ended else None,
            "direction": "onto the stick" if self.onto_stick else "from the stick",
            "place": self.place,
            "stick": asdict(self.stick),
            "verified": self.complete and all(item.verified for item in self.items),
            "files": [asdict(item) for item in self.items],
        }
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"

    def save(self, path: Path) -> None:
        """There whole, or not at all. Raises HostWriteFailed."""
        partial = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            partial.write_text(self.as_json(), encoding="utf-8")
            partial.replace(path)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise HostWriteFailed(str(path), error.errno or 0) from error
