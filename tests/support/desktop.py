"""A desktop of the test's own: a screen, a session bus, and the daemons that show things."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from dbus_fast import Message
from dbus_fast.aio import MessageBus

from tests.support.disks import tool

NOTIFICATIONS = "org.freedesktop.Notifications"


@contextmanager
def screen() -> Iterator[str]:
    """The name of a display that nobody sees. Skips where Xvfb is not installed."""
    read, write = os.pipe()
    with subprocess.Popen(
        [tool("Xvfb"), "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(write)
        try:
            with os.fdopen(read) as said:
                yield f":{said.readline().strip()}"
        finally:
            server.terminate()


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[MessageBus]:
    bus = await MessageBus(bus_address=address).connect()
    try:
        yield bus
    finally:
        bus.disconnect()
        await bus.wait_for_disconnect()


async def owned(bus: MessageBus, name: str) -> None:
    """Until somebody has that name."""
    there = asyncio.Event()
    bus.add_message_handler(lambda message: there.set() if name in message.body else None)
    rule = f"type='signal',member='NameOwnerChanged',arg0='{name}'"
    await _ask_bus(bus, "AddMatch", rule)
    if (await _ask_bus(bus, "NameHasOwner", name)).body[0] is not True:
        async with asyncio.timeout(30):
            await there.wait()


async def _ask_bus(bus: MessageBus, member: str, word: str) -> Message:
    name = "org.freedesktop.DBus"
    call = Message(
        destination=name,
        path="/org/freedesktop/DBus",
        interface=name,
        member=member,
        signature="s",
        body=[word],
    )
    reply = await bus.call(call)
    assert reply is not None
    return reply


class Dunst:
    """A real notification daemon, and what it shows."""

    def __init__(self, bus: MessageBus, said: Path) -> None:
        self._bus = bus
        self._said = said

    async def asked(self, member: str, signature: str = "", *body: object) -> list[object]:
        reply = await self._bus.call(
            Message(
                destination=NOTIFICATIONS,
                path="/org/freedesktop/Notifications",
                interface="org.dunstproject.cmd0",
                member=member,
                signature=signature,
                body=list(body),
            )
        )
        assert reply is not None
        return list(reply.body)

    @property
    def said(self) -> str:
        """Everything that it was told, as it prints it."""
        return self._said.read_text(errors="replace")

    async def shown(self) -> int:
        """How many notices stand on the screen."""
        reply = await self._bus.call(
            Message(
                destination=NOTIFICATIONS,
                path="/org/freedesktop/Notifications",
                interface="org.freedesktop.DBus.Properties",
                member="Get",
                signature="ss",
                body=["org.dunstproject.cmd0", "displayedLength"],
            )
        )
        assert reply is not None
        return int(reply.body[0].value)

    async def click(self, index: int = 0) -> None:
        """What a click on a notice does."""
        await self.asked("NotificationAction", "u", index)


@asynccontextmanager
async def dunst(address: str, display: str, folder: Path) -> AsyncIterator[Dunst]:
    """Skips where it is not installed."""
    said = folder / "dunst.txt"
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address, "DISPLAY": display}
    environment["XDG_CONFIG_HOME"] = str(folder)
    async with connected(address) as bus:
        with (
            said.open("wb") as file,
            subprocess.Popen(
                [tool("dunst"), "-print"], env=environment, stdout=file, stderr=subprocess.DEVNULL
            ) as daemon,
        ):
            try:
                await owned(bus, NOTIFICATIONS)
                yield Dunst(bus, said)
            finally:
                daemon.terminate()
