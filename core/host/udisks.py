"""Asks udisks2 for a device that this user may not open, over the system bus, with a deadline for each step.

The interface is org.freedesktop.UDisks2 (Manager.ResolveDevice, Block.OpenDevice); polkit decides there,
for an active session usually by an administrator's password.
"""

from __future__ import annotations

import asyncio
import os
import stat

from dbus_fast import DBusError, Message, Variant
from dbus_fast.errors import AuthError, InvalidAddressError

from core.errors import AccessDenied, DeviceGone, RumpusError
from core.host import udisks_bus
from core.host.denied import Denied
from core.host.holders import busy, holder
from core.host.udisks_bus import REFUSALS, SERVICE, call, close, resolve, system_bus


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
        async with system_bus() as bus:
            place = await resolve(bus, denied.device)
            if place is None:
                raise await asyncio.to_thread(_unknown, denied)
            flags = os.O_CLOEXEC | (0 if write else os.O_EXCL)
            options = {"flags": Variant("i", flags)}
            if not ask:
                options["auth.no_user_interaction"] = Variant("b", True)
            async with asyncio.timeout(udisks_bus.ASKING if ask else udisks_bus.ANSWERING):
                reply = await call(bus, place, "Block.OpenDevice", "sa{sv}", "rw" if write else "r", options)
            opened.append(_checked(reply, denied))
    except BaseException:
        close(opened)
        raise
    return opened[0]


def _checked(reply: Message, denied: Denied) -> int:
    """The one descriptor of the reply, if it is of the device that was meant."""
    if reply.signature != "h" or len(reply.unix_fds) != 1:
        close(reply.unix_fds)
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
    if error.type.startswith(REFUSALS):
        return _denied(denied, error.text)
    held = holder(denied.number) is not None or "busy" in error.text
    if error.type == f"{SERVICE}.Error.Failed" and held:
        return busy(denied.path, denied.number)
    if not denied.device.exists():
        return DeviceGone()
    return _denied(denied, f"{denied.reason}; udisks2: {error.text}")


def _unknown(denied: Denied) -> RumpusError:
    if not denied.device.exists():
        return DeviceGone()
    return _denied(denied, f"{denied.reason}; udisks2 does not know this device")


def _denied(denied: Denied, reason: str) -> AccessDenied:
    return AccessDenied(str(denied.path), reason)
