"""The guest's USB bus: sticks, hubs and card readers that are plugged, pulled and go bad on request."""

from __future__ import annotations

import errno
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.vm.qmp import Qmp

CONTROLLER = ("-device", "qemu-xhci,id=xhci,p2=15,p3=15")
_BUS = "xhci.0"


@dataclass
class Stick:
    """A stick in the guest's port. `serial` is what udev calls ID_SERIAL_SHORT."""

    usb: Usb
    name: str
    serial: str
    _nodes: list[str] = field(repr=False)

    def yank(self) -> None:
        """Pulls it out, whoever reads it. Returns when QEMU has taken it away; udev hears of it by itself."""
        self.usb._remove(self.name)
        self.usb._drop(self._nodes)
        self.usb.sticks.remove(self)


@dataclass
class CardReader:
    """A reader that stays plugged while its cards change."""

    usb: Usb
    name: str
    serial: str
    _card: list[str] = field(default_factory=list, repr=False)

    def insert(self, image: Path) -> None:
        self.eject()
        self._card = self.usb._medium(f"{self.name}-{next(self.usb._numbers)}", image)
        self.usb.qmp.execute("blockdev-insert-medium", {"id": _slot(self.name), "node-name": self._card[-1]})

    def eject(self) -> None:
        """Takes the card out, as fingers do: the guest is not asked."""
        if self._card:
            self.usb.qmp.execute("blockdev-remove-medium", {"id": _slot(self.name)})
            self.usb._drop(self._card)
            self._card = []

    def yank(self) -> None:
        self.usb._remove(self.name)
        self.usb._drop(self._card)
        self._card = []


class Usb:
    """Plugs things in. Every method returns once QEMU has done it, which is before the guest has noticed."""

    def __init__(self, qmp: Qmp) -> None:
        self.qmp = qmp
        self.sticks: list[Stick] = []
        self._numbers = itertools.count(1)

    def plug(
        self,
        image: Path,
        *,
        serial: str = "",
        port: str | None = None,
        removable: bool = True,
        read_only: bool = False,
        sector_size: int = 512,
        bad: Sequence[range] = (),
        bytes_per_second: int = 0,
    ) -> Stick:
        """A stick that holds the image.

        `port`: "3", or "3.1" for the first port of a hub in port 3. `bad`: byte ranges of sectors that
        cannot be read. `bytes_per_second`: how fast the medium is read, 0 for as fast as may be.
        """
        name = f"stick{next(self._numbers)}"
        serial = serial or f"RUMPUS{name[5:]:0>4}"
        nodes = self._medium(name, image, read_only=read_only, bad=bad, bytes_per_second=bytes_per_second)
        sizes = {"logical_block_size": sector_size, "physical_block_size": sector_size}
        self._storage(name, nodes[-1], serial=serial, port=port, removable=removable, **sizes)
        stick = Stick(self, name, serial, nodes)
        self.sticks.append(stick)
        return stick

    def hub(self, port: str) -> str:
        """A hub with eight ports in that port; its name is for `unplug_hub`."""
        name = f"hub{next(self._numbers)}"
        self._add("usb-hub", name, port=port)
        return name

    def unplug_hub(self, name: str) -> None:
        """Pulls the hub out with everything that is in it."""
        self._remove(name)

    def card_reader(self, image: Path, serial: str = "READER") -> CardReader:
        name = f"reader{next(self._numbers)}"
        reader = CardReader(self, name, serial)
        reader._card = self._medium(f"{name}-card", image)
        self._storage(name, reader._card[-1], serial=serial, port=None, removable=True)
        return reader

    def pull_everything(self) -> None:
        """Leaves the bus empty, so that a failed scenario does not fail the next one."""
        for stick in self.sticks.copy():
            stick.yank()

    def _medium(
        self,
        name: str,
        image: Path,
        *,
        read_only: bool = False,
        bad: Sequence[range] = (),
        bytes_per_second: int = 0,
    ) -> list[str]:
        """The block nodes over an image, each over the one before it: file, bad sectors, speed, raw."""
        layers: list[dict[str, Any]] = [
            {"driver": "file", "filename": str(image), "locking": "off"},
        ]
        if bad:
            # ENODATA is how QEMU says "unrecovered read error", which is what a worn stick answers.
            sectors = [at // 512 for place in bad for at in range(place.start, place.stop, 512)]
            rules = [
                {"event": "none", "iotype": "read", "errno": errno.ENODATA, "sector": sector, "once": False}
                for sector in sectors
            ]
            layers.append({"driver": "blkdebug", "inject-error": rules})
        if bytes_per_second:
            group = {"qom-type": "throttle-group", "id": f"{name}-speed"}
            self.qmp.execute("object-add", {**group, "limits": {"bps-total": bytes_per_second}})
            layers.append({"driver": "throttle", "throttle-group": f"{name}-speed"})
        layers.append({"driver": "raw"})
        nodes: list[str] = []
        for layer in layers:
            below = {} if not nodes else {"image" if layer["driver"] == "blkdebug" else "file": nodes[-1]}
            nodes.append(f"{name}-{layer['driver']}")
            self.qmp.execute("blockdev-add", {"node-name": nodes[-1], "read-only": read_only, **layer, **below})
        return nodes

    def _storage(
        self, name: str, node: str, *, serial: str, port: str | None, removable: bool, **disk: Any
    ) -> None:
        """A device of the kind that usb-storage drives (bulk-only transport), with one disk in it.

        QEMU's own `usb-storage` is the same, but keeps sector sizes and the slot of its disk to itself.
        """
        self._add("usb-bot", name, serial=serial, **({"port": port} if port else {}))
        self._add("scsi-hd", _slot(name), bus=f"{name}.0", lun=0, drive=node, removable=removable, **disk)
        # Added to a running machine, it stays hidden until its disk is there.
        self.qmp.execute(
            "qom-set", {"path": f"/machine/peripheral/{name}", "property": "attached", "value": True}
        )

    def _add(self, driver: str, name: str, bus: str = _BUS, **properties: Any) -> None:
        self.qmp.execute("device_add", {"driver": driver, "id": name, "bus": bus, **properties})

    def _drop(self, nodes: list[str]) -> None:
        for node in reversed(nodes):
            self.qmp.execute("blockdev-del", {"node-name": node})
            if node.endswith("-throttle"):
                self.qmp.execute("object-del", {"id": node.removesuffix("throttle") + "speed"})

    def _remove(self, name: str) -> None:
        self.qmp.execute("device_del", {"id": name})
        self.qmp.event("DEVICE_DELETED", lambda data: data.get("device") == name)


def _slot(name: str) -> str:
    return f"{name}-slot"
