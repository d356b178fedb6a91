"""A made-up /sys for a process under umockdev-wrapper, through the C interface of libumockdev."""

from __future__ import annotations

import ctypes
from pathlib import Path

UDEV_DATABASE = Path("/run/udev/data")


class Testbed:
    """Devices that libudev believes in. The database of udev, which says who is ready, is kept beside."""

    __test__ = False

    def __init__(self) -> None:
        self._library = ctypes.CDLL("libumockdev.so.0")
        for name, result, arguments in (
            ("new", ctypes.c_void_p, ()),
            ("get_root_dir", ctypes.c_void_p, (ctypes.c_void_p,)),
            (
                "add_devicev",
                ctypes.c_void_p,
                (ctypes.c_void_p, *[ctypes.c_char_p] * 3, *[ctypes.c_void_p] * 2),
            ),
            ("set_attribute", None, (ctypes.c_void_p, *[ctypes.c_char_p] * 3)),
            ("set_property", None, (ctypes.c_void_p, *[ctypes.c_char_p] * 3)),
            ("uevent", None, (ctypes.c_void_p, *[ctypes.c_char_p] * 2)),
            ("remove_device", None, (ctypes.c_void_p, ctypes.c_char_p)),
        ):
            function = getattr(self._library, f"umockdev_testbed_{name}")
            function.restype, function.argtypes = result, arguments
        self._bed = self._library.umockdev_testbed_new()
        root: bytes = ctypes.string_at(self._library.umockdev_testbed_get_root_dir(self._bed))
        self._root = Path(root.decode())
        self._minors = 0
        for left in UDEV_DATABASE.iterdir():
            left.unlink()

    def add(
        self, subsystem: str, name: str, parent: str, attributes: dict[str, str], properties: dict[str, str]
    ) -> str:
        """The device's place in sysfs. Its `add` event is sent. `parent` is a place, or empty."""
        made = self._library.umockdev_testbed_add_devicev(
            self._bed,
            subsystem.encode(),
            name.encode(),
            parent.encode() or None,
            _pairs(attributes),
            _pairs(properties),
        )
        return ctypes.string_at(made).decode()

    def disk(
        self,
        name: str,
        parent: str,
        *,
        ready: bool = True,
        attributes: dict[str, str],
        properties: dict[str, str],
    ) -> str:
        """A whole disk. `ready`: whether udev has dealt with it."""
        self._minors += 16
        if ready:
            (UDEV_DATABASE / f"b8:{self._minors}").write_text("I:1\n")
        return self.add(
            "block",
            name,
            parent,
            {"ro": "0", "removable": "0", "dev": f"8:{self._minors}", **attributes},
            {
                "DEVTYPE": "disk",
                "DEVNAME": f"/dev/{name}",
                "MAJOR": "8",
                "MINOR": str(self._minors),
                **({"DISKSEQ": attributes["diskseq"]} if attributes.get("diskseq") else {}),
                **properties,
            },
        )

    def stick(
        self,
        name: str,
        *,
        ready: bool = True,
        attributes: dict[str, str] | None = None,
        properties: dict[str, str] | None = None,
    ) -> str:
        """A disk on USB."""
        hub = self.add("usb", f"port-{name}", "", {"busnum": "1"}, {"DEVTYPE": "usb_device"})
        attributes = {"size": "2048", "diskseq": "7", "removable": "1", **(attributes or {})}
        return self.disk(name, hub, ready=ready, attributes=attributes, properties=properties or {})

    def change(self, place: str, attributes: dict[str, str], properties: dict[str, str]) -> None:
        """Tells of it with a `change` event."""
        for name, value in attributes.items():
            self._library.umockdev_testbed_set_attribute(
                self._bed, place.encode(), name.encode(), value.encode()
            )
        for name, value in properties.items():
            self._library.umockdev_testbed_set_property(
                self._bed, place.encode(), name.encode(), value.encode()
            )
        self.event(place, "change")

    def event(self, place: str, action: str) -> None:
        self._library.umockdev_testbed_uevent(self._bed, place.encode(), action.encode())

    def vanish(self, stick: str) -> None:
        """Pulls a stick out without a word."""
        for place in (stick, str(Path(stick).parent)):
            self._library.umockdev_testbed_remove_device(self._bed, place.encode())
        (self._root / "sys/block" / Path(stick).name).unlink()  # which the testbed forgets

    def pull(self, stick: str) -> None:
        self.event(stick, "remove")
        self.vanish(stick)


def _pairs(values: dict[str, str]) -> ctypes.Array[ctypes.c_char_p]:
    flat = [text.encode() for pair in values.items() for text in pair]
    return (ctypes.c_char_p * (len(flat) + 1))(*flat, None)
