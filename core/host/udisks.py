"""Asks udisks2 for a device that this user may not open, over the system bus, with a deadline for each step.

The interface is org.freedesktop.UDisks2 (Manager.ResolveDevice, Block.OpenDevice); polkit decides there,
for an active session usually by an administrator's password.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

from dbus_fast import BusType, DBusError, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError, InvalidAddressError

from core.errors import AccessDenied, DeviceBusy, DeviceGone, RumpusError
from core.host.denied import Denied
from core.host.holders import holder

CONNECTING = 5.0
"""Seconds for the bus to take us in."""
ANSWERING = 25.0
"""Seconds for an answer that asks nobody; the bus may have to start the service first."""
ASKING = 300.0
"""Seconds for an answer that may wait for somebody to type a password."""

_SERVICE = "org.freedesktop.UDisks2"
_ROOT = "/org/freedesktop/UDisks2"
_REFUSALS = f"{_SERVICE}.Error.NotAuthorized", "org.freedesktop.DBus.Error.AccessDenied"


async def open_device(denied: Denied, *, ask: bool, write: bool = False) -> int:
    """A descriptor of the device: exclusive and for reading, or with `write` neither.

    `ask`: whether the user may be asked for a password. Raises AccessDenied with the host's own word (the
    kernel's when udisks2 is not there), DeviceBusy, DeviceGone.
    """
    try:
        return await _asked(denied, ask, write)
    except DBusError as error:
        raise await asyncio.to_thread(_meaning, error, denied) from error
    except TimeoutError as error:
        raise _denied(denied, f"{denied.reason}; udisks2 gave no answer") from error
    except (OSError, EOFError, AuthError, InvalidAddressError) as error:
        raise _denied(denied, f"{denied.reason}; no system bus to ask udisks2 ({error})") from error


async def _asked(denied: Denied, ask: bool, write: bool) -> int:
    opened: list[int] = []
    try:
        async with _system_bus() as bus:
            place = await _resolve(bus, denied)
            if place is None:
                raise await asyncio.to_thread(_unknown, denied)
            flags = os.O_CLOEXEC | (0 if write else os.O_EXCL)
            options = {"flags": Variant("i", flags)}
            if not ask:
                options["auth.no_user_interaction"] = Variant("b", True)
            async with asyncio.timeout(ASKING if ask else ANSWERING):
                reply = await _call(bus, place, "Block.OpenDevice", "sa{sv}", "rw" if write else "r", options)
            opened.append(_checked(reply, denied))
    except BaseException:
        _close(opened)
        raise
    return opened[0]


@asynccontextmanager
async def _system_bus() -> AsyncIterator[MessageBus]:
    bus = MessageBus(bus_type=BusType.SYSTEM, negotiate_unix_fd=True)
    async with asyncio.timeout(CONNECTING):
        await bus.connect()
    try:
        yield bus
    finally:
        bus.disconnect()
        # Within the loop's next turn; until then the bus still owns its socket.
        await asyncio.wait({asyncio.ensure_future(_ended(bus))})


async def _ended(bus: MessageBus) -> None:
    with suppress(Exception):  # how a connection ended that we were done with is of no interest
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]


async def _resolve(bus: MessageBus, denied: Denied) -> str | None:
    """The object of the device, below that of the service; None when udisks2 does not know it."""
    specification = {"path": Variant("s", str(denied.device))}
    async with asyncio.timeout(ANSWERING):
        reply = await _call(bus, "Manager", "Manager.ResolveDevice", "a{sv}a{sv}", specification, {})
    match reply.body:
        case [[str(found), *_]]:
            return found.removeprefix(f"{_ROOT}/")
        case _:
            return None


async def _call(bus: MessageBus, place: str, method: str, signature: str, *body: Any) -> Message:
    """The reply. Raises DBusError. Descriptors of a reply that nobody waits for any more are closed."""
    interface, _, member = method.rpartition(".")
    message = Message(
        destination=_SERVICE,
        path=f"{_ROOT}/{place}",
        interface=f"{_SERVICE}.{interface}",
        member=member,
        signature=signature,
        body=list(body),
    )
    answer = asyncio.ensure_future(bus.call(message))
    try:
        await asyncio.wait({answer})
    except asyncio.CancelledError:
        answer.add_done_callback(_drop)
        raise
    reply = answer.result()
    if reply.message_type is MessageType.ERROR:
        _close(reply.unix_fds)
        raise DBusError._from_message(reply)
    return reply


def _drop(answer: asyncio.Future[Message]) -> None:
    if not answer.cancelled() and answer.exception() is None:
        _close(answer.result().unix_fds)


def _close(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _checked(reply: Message, denied: Denied) -> int:
    """The one descriptor of the reply, if it is of the device that was meant."""
    if reply.signature != "h" or len(reply.unix_fds) != 1:
        _close(reply.unix_fds)
        raise _denied(denied, "udisks2 sent no device")
    descriptor = reply.unix_fds[0]
    os.set_inheritable(descriptor, False)
    opened = os.fstat(descriptor)
    if not stat.S_ISBLK(opened.st_mode) or opened.st_rdev != denied.number:
        os.close(descriptor)
        raise _denied(denied, "udisks2 sent another device")
    return descriptor


def _meaning(error: DBusError, denied: Denied) -> RumpusError:
    """What udisks2 said no for. Looks at the host, so it runs off the loop.

    A busy device is reported as a plain failure with the C library's text, which may be translated.
    """
    if error.type.startswith(_REFUSALS):
        return _denied(denied, error.text)
    held_by = holder(denied.number)
    if error.type == f"{_SERVICE}.Error.Failed" and (held_by or "busy" in error.text):
        return DeviceBusy(str(denied.path), held_by)
    if not denied.device.exists():
        return DeviceGone()
    return _denied(denied, f"{denied.reason}; udisks2: {error.text}")


def _unknown(denied: Denied) -> RumpusError:
    if not denied.device.exists():
        return DeviceGone()
    return _denied(denied, f"{denied.reason}; udisks2 does not know this device")


def _denied(denied: Denied, reason: str) -> AccessDenied:
    return AccessDenied(str(denied.path), reason)
