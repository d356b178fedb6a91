"""Talks to udisks2 (interface org.freedesktop.UDisks2) over the system bus, with a deadline for each step."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from dbus_fast import BusType, DBusError, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

CONNECTING = 5.0
"""Seconds for the bus to take us in."""
ANSWERING = 25.0
"""Seconds for an answer that asks nobody; the bus may have to start the service first."""
ASKING = 300.0
"""Seconds for an answer that may wait for somebody to type a password."""

SERVICE = "org.freedesktop.UDisks2"
REFUSALS = f"{SERVICE}.Error.NotAuthorized", "org.freedesktop.DBus.Error.AccessDenied"
_ROOT = "/org/freedesktop/UDisks2"


@asynccontextmanager
async def system_bus() -> AsyncIterator[MessageBus]:
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


async def resolve(bus: MessageBus, device: Path) -> str | None:
    """The object of the device, below that of the service; None when udisks2 does not know it."""
    specification = {"path": Variant("s", str(device))}
    async with asyncio.timeout(ANSWERING):
        reply = await call(bus, "Manager", "Manager.ResolveDevice", "a{sv}a{sv}", specification, {})
    match reply.body:
        case [[str(found), *_]]:
            return found.removeprefix(f"{_ROOT}/")
        case _:
            return None


async def call(bus: MessageBus, place: str, method: str, signature: str, *body: Any) -> Message:
    """The reply. Raises DBusError. Descriptors of a reply that nobody waits for any more are closed.

    `place` is below that of the service, and so is the interface of a `method`, where it is udisks' own.
    """
    interface, _, member = method.rpartition(".")
    interface = interface if interface.startswith("org.") else f"{SERVICE}.{interface}"
    message = Message(
        destination=SERVICE,
        path=f"{_ROOT}/{place}".rstrip("/"),
        interface=interface,
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
        close(reply.unix_fds)
        raise DBusError._from_message(reply)
    return reply


def _drop(answer: asyncio.Future[Message]) -> None:
    if not answer.cancelled() and answer.exception() is None:
        close(answer.result().unix_fds)


def close(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
