"""Asks udisks2 to unmount a volume, and to switch a drive off.

Filesystem.Unmount, Drive.Eject and Drive.PowerOff of org.freedesktop.UDisks2; polkit allows them to whoever
sits before the machine, without a password.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbus_fast import DBusError, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError, InvalidAddressError

from core.host import udisks_bus
from core.host.udisks_bus import SERVICE, call, resolve, system_bus

_EJECTING = 60.0
"""Seconds: a drive empties its cache first."""
_PROPERTIES = "org.freedesktop.DBus.Properties.Get"
_DONE = (f"{SERVICE}.Error.NotMounted", f"{SERVICE}.Error.AlreadyUnmounting")


class Unavailable(Exception):
    """udisks2 is not there, or does not know the device; the text says which, for people."""


class Refused(Exception):
    """udisks2 did not do it; the text is its reason, for people."""


@dataclass(frozen=True)
class _Drive:
    place: str
    can_power_off: bool
    ejectable: bool
    reader: bool
    """Whether it is one for cards, of which only the card is taken out: it has other slots, or says so."""


async def unmount(source: Path) -> None:
    """Unmounts a block device everywhere. Raises Unavailable, Refused."""

    async def ask(bus: MessageBus) -> None:
        place = await _known(bus, source)
        async with asyncio.timeout(udisks_bus.ASKING):
            await call(bus, place, "Filesystem.Unmount", "a{sv}", {})

    try:
        await _asked(ask)
    except Refused as refusal:
        if refusal.args[1] not in _DONE:
            raise


async def switch_off(node: Path) -> None:
    """Powers a drive down; a card reader only gives its card away. Raises Unavailable, Refused."""

    async def ask(bus: MessageBus) -> None:
        drive = await _drive(bus, await _known(bus, node))
        if drive.can_power_off and not drive.reader:
            method = "Drive.PowerOff"
        elif drive.ejectable:
            method = "Drive.Eject"
        else:
            raise Unavailable("this drive can neither be switched off nor ejected")
        async with asyncio.timeout(_EJECTING):
            await call(bus, drive.place, method, "a{sv}", {})

    await _asked(ask)


async def _asked(ask: Any) -> None:
    try:
        async with system_bus() as bus:
            await ask(bus)
    except DBusError as error:
        if error.type.startswith("org.freedesktop.DBus.Error.") and "AccessDenied" not in error.type:
            raise Unavailable(f"udisks2 is not there ({error.text})") from error
        raise Refused(f"udisks2: {error.text}", error.type) from error
    except TimeoutError as error:
        raise Unavailable("udisks2 gave no answer") from error
    except (OSError, EOFError, AuthError, InvalidAddressError) as error:
        raise Unavailable(f"no system bus to ask udisks2 ({error})") from error


async def _known(bus: MessageBus, device: Path) -> str:
    place = await resolve(bus, device)
    if place is None:
        raise Unavailable("udisks2 does not know this device")
    return place


async def _drive(bus: MessageBus, block: str) -> _Drive:
    place = str(await _property(bus, block, "Block", "Drive")).removeprefix("/org/freedesktop/UDisks2/")
    if place in ("", "/"):
        raise Unavailable("udisks2 knows no drive of this device")
    sibling = str(await _property(bus, place, "Drive", "SiblingId"))
    takes = [str(kind) for kind in await _property(bus, place, "Drive", "MediaCompatibility")]
    return _Drive(
        place,
        bool(await _property(bus, place, "Drive", "CanPowerOff")),
        bool(await _property(bus, place, "Drive", "Ejectable")),
        any(kind.startswith("flash") for kind in takes) or await _has_sibling(bus, place, sibling),
    )


async def _property(bus: MessageBus, place: str, interface: str, name: str) -> Any:
    async with asyncio.timeout(udisks_bus.ANSWERING):
        reply = await call(bus, place, _PROPERTIES, "ss", f"{SERVICE}.{interface}", name)
    match reply.body:
        case [Variant(value=value)]:
            return value
    raise Unavailable("udisks2 said nothing that makes sense")


async def _has_sibling(bus: MessageBus, place: str, sibling: str) -> bool:
    """Whether another drive is in the same physical device, and would lose its power too."""
    if not sibling:
        return False
    async with asyncio.timeout(udisks_bus.ANSWERING):
        reply = await call(bus, "", "org.freedesktop.DBus.ObjectManager.GetManagedObjects", "")
    (objects,) = reply.body
    drives = {path: each.get(f"{SERVICE}.Drive", {}) for path, each in objects.items()}
    return any(
        "SiblingId" in drive and drive["SiblingId"].value == sibling
        for path, drive in drives.items()
        if not path.endswith(f"/{place}")
    )
