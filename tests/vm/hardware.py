"""The guest's USB bus: sticks, hubs and card readers that are plugged, pulled and go bad on request."""

from __future__ import annotations

import errno
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.vm.qmp import Qmp

CONTROLLER = ("-device", "qemu-xhci,id=xhci,p2=15,p3=15")
_BUS = "xhci.0"
_NO_LIMIT: Mapping[str, int] = {}


@dataclass(eq=False)
class Plugged:
    """Something in a port. `serial` is what udev calls ID_SERIAL_SHORT."""

    usb: Usb = field(repr=False)
    name: str
    serial: str = ""
    port: str = ""
    nodes: list[str] = field(default_factory=list, repr=False)

    def yank(self) -> None:
        """Pulls it out, whoever uses it, with what is plugged into it.

        Returns when QEMU has taken it away, which is before the guest's udev says so.
        """
        self.usb.take(self)


class CardReader(Plugged):
    """Stays plugged while its cards change."""

    def insert(self, image: Path) -> None:
        self.eject()
        self.nodes = self.usb.medium(image)
        slot = {"id": _disk(self.name)}
        self.usb.qmp.execute("blockdev-insert-medium", {**slot, "node-name": self.nodes[-1]})
        self.usb.qmp.execute("blockdev-close-tray", slot)

    def eject(self) -> None:
        """Takes the card out, as fingers do: the guest is not asked."""
        if self.nodes:
            slot = {"id": _disk(self.name)}
            self.usb.qmp.execute("blockdev-open-tray", {**slot, "force": True})
            self.usb.qmp.execute("blockdev-remove-medium", slot)
            self.usb.drop(self.nodes)
            self.nodes = []


class Usb:
    """Plugs things in. Every method returns once QEMU has done it, which is before the guest has noticed."""

    def __init__(self, qmp: Qmp) -> None:
        self.qmp = qmp
        self._plugged: list[Plugged] = []
        self._numbers = itertools.count(1)

    def plug(
        self,
        image: Path,
        *,
        serial: str = "",
        port: str = "",
        removable: bool = True,
        read_only: bool = False,
        sector_size: int = 512,
        bad: Sequence[range] = (),
        bytes_per_second: int = 0,
        slow_to_read: bool = True,
    ) -> Plugged:
        """A stick that holds the image.

        `port`: "3", or "3.1" for the first port of a hub in port 3; any free one if empty. `bad`: byte ranges
        of sectors that cannot be read. `bytes_per_second`: of the medium, 0 for as fast as may be; unless
        `slow_to_read`, of what is written only.
        """
        speed = {"bps-total" if slow_to_read else "bps-write": bytes_per_second} if bytes_per_second else {}
        nodes = self.medium(image, read_only=read_only, bad=bad, speed=speed)
        stick = Plugged(self, self._name("stick"), serial, port, nodes)
        sizes = {"logical_block_size": sector_size, "physical_block_size": sector_size}
        self._storage(stick, removable=removable, **sizes)
        return stick

    def card_reader(self, image: Path, serial: str = "READER") -> CardReader:
        """A reader with a card in it."""
        reader = CardReader(self, self._name("reader"), serial, "", self.medium(image))
        self._storage(reader, removable=True)
        return reader

    def hub(self, port: str) -> Plugged:
        """A hub with eight ports, in that port."""
        hub = Plugged(self, self._name("hub"), port=port)
        self._add("usb-hub", hub.name, port=port)
        self._plugged.append(hub)
        return hub

    def pull_everything(self) -> None:
        """Leaves the bus empty, so that a failed scenario does not fail the next one."""
        while self._plugged:
            self.take(self._plugged[0])

    def take(self, thing: Plugged) -> None:
        self.qmp.execute("device_del", {"id": thing.name})
        self.qmp.event("DEVICE_DELETED", lambda data: data.get("device") == thing.name)
        below = [other for other in self._plugged if thing.port and other.port.startswith(f"{thing.port}.")]
        for gone in (thing, *below):
            self._plugged.remove(gone)
            self.drop(gone.nodes)

    def _name(self, kind: str) -> str:
        return f"{kind}{next(self._numbers)}"

    def medium(
        self,
        image: Path,
        *,
        read_only: bool = False,
        bad: Sequence[range] = (),
        speed: Mapping[str, int] = _NO_LIMIT,
    ) -> list[str]:
        """The block nodes over an image, each over the one before it: file, bad sectors, speed, raw."""
        name = self._name("medium")
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
        if speed:
            group = {"qom-type": "throttle-group", "id": f"{name}-speed"}
            self.qmp.execute("object-add", {**group, "limits": dict(speed)})
            layers.append({"driver": "throttle", "throttle-group": f"{name}-speed"})
        layers.append({"driver": "raw"})
        nodes: list[str] = []
        for layer in layers:
            below = {} if not nodes else {"image" if layer["driver"] == "blkdebug" else "file": nodes[-1]}
            nodes.append(f"{name}-{layer['driver']}")
            self.qmp.execute(
                "blockdev-add", {"node-name": nodes[-1], "read-only": read_only, **layer, **below}
            )
        return nodes

    def drop(self, nodes: list[str]) -> None:
        for node in reversed(nodes):
            self.qmp.execute("blockdev-del", {"node-name": node})
            if node.endswith("-throttle"):
                self.qmp.execute("object-del", {"id": node.removesuffix("throttle") + "speed"})

    def _storage(self, thing: Plugged, **disk: Any) -> None:
        """A device of the kind that usb-storage drives (bulk-only transport), with one disk in it.

        QEMU's own `usb-storage` is the same, but keeps its disk's sector size and medium to itself.
        """
        place = {"port": thing.port} if thing.port else {}
        self._add("usb-bot", thing.name, serial=thing.serial or thing.name, **place)
        self._add("scsi-hd", _disk(thing.name), f"{thing.name}.0", lun=0, drive=thing.nodes[-1], **disk)
        self._plugged.append(thing)
        # Added to a running machine, it stays hidden until its disk is there.
        self.qmp.execute(
            "qom-set", {"path": f"/machine/peripheral/{thing.name}", "property": "attached", "value": True}
        )

    def _add(self, driver: str, name: str, bus: str = _BUS, **properties: Any) -> None:
        self.qmp.execute("device_add", {"driver": driver, "id": name, "bus": bus, **properties})


def _disk(name: str) -> str:
    return f"{name}-disk"
