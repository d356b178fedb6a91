"""One program for a session: a second start hands its wishes to the first, over the session bus.

The name org.rumpus.Rumpus with the interface org.freedesktop.Application of the Desktop Entry Specification,
so that a desktop can start and raise the program by itself too. Without a bus every start is the first.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
from dbus_fast import Message, MessageFlag, MessageType, NameFlag, RequestNameReply, Variant
from dbus_fast.aio import MessageBus

from core.errors import Fault
from core.host import session_bus

NAME = "org.rumpus.Rumpus"
_PATH = "/org/rumpus/Rumpus"
_INTERFACE = "org.freedesktop.Application"
_ANSWERING = 10.0
"""Seconds that the first program has to answer; one that hangs does not keep a second from starting."""
_MOST = 100
"""Paths taken in one call."""

_OWN = "org.rumpus.Rumpus"
_EJECTING = 120.0
"""Seconds for the program to write what is left, and to let go."""

Raise = Callable[[Sequence[Path]], None]
Eject = Callable[[Path, bool], Awaitable[Fault | None]]
"""Ejects the stick at a device file, and ends who holds it where that is wanted: what came in the way."""


class Instance:
    """The first program of the session. `close` it, for another one to be the first."""

    def __init__(self, bus: MessageBus | None) -> None:
        self._bus = bus
        self._waiting: list[Sequence[Path]] = []
        self._raise: Raise | None = None
        self._eject: Eject | None = None
        self._ejecting: set[asyncio.Task[None]] = set()

    def serve(self, raise_: Raise, eject: Eject | None = None) -> None:
        """From now on `raise_` hears of each further start, with its paths; and of those that came before."""
        self._raise, self._eject = raise_, eject
        waiting, self._waiting = self._waiting, []
        for paths in waiting:
            raise_(paths)

    async def close(self) -> None:
        for task in self._ejecting:
            task.cancel()
        if self._ejecting:
            await asyncio.wait(self._ejecting)
        bus, self._bus = self._bus, None
        if bus is not None:
            await session_bus.disconnect(bus)

    def hear(self, message: Message) -> Message | bool | None:
        """A call to this program; None for what is none."""
        if message.message_type is not MessageType.METHOD_CALL or message.path != _PATH:
            return None
        match message.interface, message.member, message.body:
            case _, "Activate", [{**platform}]:
                self._wanted(platform, [])
            case _, "Open", [list(uris), {**platform}]:
                self._wanted(platform, [path for uri in uris[:_MOST] if (path := _path(uri)) is not None])
            case _, "Eject", [str(path), bool(end)] if message.interface == _OWN and self._eject is not None:
                task = asyncio.get_running_loop().create_task(self._give_back(message, Path(path), end))
                self._ejecting.add(task)
                task.add_done_callback(self._ejecting.discard)
                return True
            case _:
                return None
        return Message.new_method_return(message)

    async def _give_back(self, message: Message, path: Path, end: bool) -> None:
        assert self._eject is not None
        fault = await self._eject(path, end)
        if self._bus is not None:
            told = msgspec.json.encode(fault).decode() if fault is not None else ""
            await self._bus.send(Message.new_method_return(message, "s", [told]))

    def _wanted(self, platform: dict[Any, Any], paths: Sequence[Path]) -> None:
        token = platform.get("activation-token")
        if isinstance(token, Variant):
            os.environ["XDG_ACTIVATION_TOKEN"] = str(token.value)  # with which a window may come to the front
        if self._raise is None:
            self._waiting.append(paths)
        else:
            self._raise(paths)


async def claim(paths: Sequence[Path], *, quiet: bool = False) -> Instance | None:
    """The one program of the session; None when another one is, which was asked to show `paths`.

    `quiet`: it is only to be there, and not raised.
    """
    try:
        async with asyncio.timeout(_ANSWERING):
            bus = await session_bus.connect()
    except session_bus.TROUBLE:
        return Instance(None)
    instance, first, told = Instance(bus), True, False
    bus.add_message_handler(instance.hear)
    try:
        async with asyncio.timeout(_ANSWERING):
            first = await bus.request_name(NAME, NameFlag.DO_NOT_QUEUE) is RequestNameReply.PRIMARY_OWNER
            told = not first and await _asked(bus, paths, quiet)
    except session_bus.TROUBLE:
        told = False
    except BaseException:
        await instance.close()
        raise
    if first:
        return instance
    await instance.close()
    return None if told else Instance(None)


async def _asked(bus: MessageBus, paths: Sequence[Path], quiet: bool) -> bool:
    """Whether the other one does what we were to do."""
    if quiet and not paths:
        return True
    token = os.environ.get("XDG_ACTIVATION_TOKEN")
    platform = {"activation-token": Variant("s", token)} if token else {}
    uris = [path.absolute().as_uri() for path in paths]
    reply = await bus.call(
        Message(
            destination=NAME,
            path=_PATH,
            interface=_INTERFACE,
            member="Open" if uris else "Activate",
            signature="asa{sv}" if uris else "a{sv}",
            body=[uris, platform] if uris else [platform],
        )
    )
    return reply is not None and reply.message_type is MessageType.METHOD_RETURN


def _path(uri: object) -> Path | None:
    parts = urlsplit(str(uri))
    return Path(unquote(parts.path)) if parts.scheme == "file" and parts.path else None


async def ask_to_eject(path: Path, *, end: bool) -> Fault | None:
    """Has the program that runs in this session eject a stick; what came in the way.

    Raises what is in `session_bus.TROUBLE` when there is none, or it knows no such stick.
    """
    async with asyncio.timeout(_EJECTING):
        bus = await session_bus.connect()
        try:
            call = Message(
                destination=NAME,
                path=_PATH,
                interface=_OWN,
                member="Eject",
                flags=MessageFlag.NO_AUTOSTART,
                signature="sb",
                body=[str(path), end],
            )
            reply = await bus.call(call)
        finally:
            await session_bus.disconnect(bus)
    if reply is None or reply.message_type is not MessageType.METHOD_RETURN:
        raise EOFError
    return msgspec.json.decode(reply.body[0], type=Fault) if reply.body[0] else None
