"""A connection to the session bus, for those who can do without one."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from dbus_fast import BusType, DBusError
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError, InvalidAddressError

TROUBLE = (DBusError, OSError, EOFError, AuthError, InvalidAddressError, TimeoutError)
"""What comes of a bus that is not there, or does not answer."""


async def connect() -> MessageBus:
    """Raises what is in TROUBLE."""
    bus = MessageBus(bus_type=BusType.SESSION)
    await bus.connect()
    return bus


async def disconnect(bus: MessageBus) -> None:
    """Its socket is closed when this returns."""
    bus.disconnect()
    await asyncio.wait({asyncio.ensure_future(_ended(bus))})


async def _ended(bus: MessageBus) -> None:
    with suppress(Exception):  # how a connection ended that we were done with is of no interest
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
