"""One program for a session: a second start hands its wishes to the first, over the session bus.

The name org.rumpus.Rumpus with the interface org.freedesktop.Application of the Desktop Entry Specification,
so that a desktop can start and raise the program by itself too. Without a bus every start is the first.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from dbus_fast import Message, MessageType, NameFlag, RequestNameReply, Variant
from dbus_fast.aio import MessageBus

from core.host import session_bus

NAME = "org.rumpus.Rumpus"
_PATH = "/org/rumpus/Rumpus"
_INTERFACE = "org.freedesktop.Application"
_ANSWERING = 10.0
"""Seconds that the first program has to answer; one that hangs does not keep a second from starting."""
_MOST = 100
"""Paths taken in one call."""

Raise = Callable[[Sequence[Path]], None]


class Instance:
    """The first program of the session. `close` it, for another one to be the first."""

    def __init__(self, bus: MessageBus | None) -> None:
        self._bus = bus
        self._waiting: list[Sequence[Path]] = []
        self._raise: Raise | None = None

    def serve(self, raise_: Raise) -> None:
        """From now on `raise_` hears of each further start, with its paths; and of those that came before."""
        self._raise = raise_
        waiting, self._waiting = self._waiting, []
        for paths in waiting:
            raise_(paths)

    async def close(self) -> None:
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
            case _:
                return None
        return Message.new_method_return(message)

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
