"""Tells of things through the desktop's notifications: org.freedesktop.Notifications on the session bus.

https://specifications.freedesktop.org/notification-spec/1.2/: capabilities are asked for first, a notice is
replaced in place by a later one about the same (`replaces_id`). Whatever goes wrong, nothing is said and
nothing else suffers: no notice is the only way to anything.
"""

from __future__ import annotations

import asyncio
import enum
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from dbus_fast import DBusError, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from core.host import session_bus
from core.host.names import shown

_ANSWERING = 10.0
"""Seconds for a daemon that may have to be started first."""
_SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_BUS = "org.freedesktop.DBus"
_NO_MARKUP = str.maketrans({"<": "\u2039", ">": "\u203a", "&": "\uff06"})
"""Some daemons read markup where the specification has none."""
_LINK = re.compile(r"(?i)://|\bwww\.|\bmailto:")
"""What some daemons find in plain text, and offer to open."""


class Urgency(enum.IntEnum):
    """The byte of the hint (section 8)."""

    LOW = 0
    NORMAL = 1
    CRITICAL = 2
    """Stays until somebody has seen it."""


@dataclass(frozen=True)
class Notice:
    """What is said. May hold text from a stick: what could be markup or mislead does not get through."""

    summary: str
    body: str = ""
    actions: tuple[tuple[str, str], ...] = ()
    """(key, label). The key "default" is what a click on the notice itself does, and needs no label."""
    icon: str = "drive-removable-media"
    """A name of the Icon Naming Specification."""
    urgency: Urgency = Urgency.NORMAL


Act = Callable[[str], None]


class Notifications:
    """Owns a connection to the session bus, made at the first notice. `close` it."""

    def __init__(self) -> None:
        self._bus: MessageBus | None = None
        self._capabilities: frozenset[str] | None = None
        self._daemon: str | None = None
        """Its unique name: of others nothing is believed."""
        self._said: dict[str, int] = {}
        """The ids that the daemon gave, by what they are about."""
        self._acts: dict[str, Act] = {}
        self._waiting: dict[str, Notice | None] = {}
        self._telling: asyncio.Task[None] | None = None

    def show(self, about: str, notice: Notice, act: Act = lambda key: None) -> None:
        """Says it soon, in place of what was said about the same. `act` hears the key of a chosen action."""
        self._acts.pop(about, None)
        if notice.actions:
            self._acts[about] = act
        self._tell(about, notice)

    def withdraw(self, about: str) -> None:
        """Takes back what was said about it, if it still stands."""
        if about in self._said or about in self._waiting:
            self._acts.pop(about, None)
            self._tell(about, None)

    async def settled(self) -> None:
        """Returns when everything was said."""
        while self._telling is not None:
            await asyncio.wait({self._telling})

    async def close(self) -> None:
        """Takes back what nobody can act on any more."""
        for about in tuple(self._acts):
            self.withdraw(about)
        with suppress(TimeoutError):
            async with asyncio.timeout(_ANSWERING):
                await self.settled()
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.wait({self._telling})
        bus, self._bus = self._bus, None
        if bus is not None:
            await session_bus.disconnect(bus)

    def _tell(self, about: str, notice: Notice | None) -> None:
        self._waiting.pop(about, None)
        self._waiting[about] = notice
        if self._telling is None:
            self._telling = asyncio.get_running_loop().create_task(self._tell_all())
            self._telling.add_done_callback(self._told)

    def _told(self, _: asyncio.Task[None]) -> None:
        self._telling = None

    async def _tell_all(self) -> None:
        """One after the other, so that each knows the id of the one before."""
        while self._waiting:
            about, notice = next(iter(self._waiting.items()))
            del self._waiting[about]
            with suppress(*session_bus.TROUBLE):
                async with asyncio.timeout(_ANSWERING):
                    await self._say(about, notice)

    async def _say(self, about: str, notice: Notice | None) -> None:
        if notice is None:
            said = self._said.pop(about, None)
            if said is not None:
                await self._ask("CloseNotification", "u", said)
            return
        if self._capabilities is None:
            reply = await self._ask("GetCapabilities")
            self._capabilities = frozenset(map(str, reply[0]))
        actions = [word for action in notice.actions for word in action]
        reply = await self._ask(
            "Notify",
            "susssasa{sv}i",
            "Rumpus",
            self._said.get(about, 0),
            notice.icon,
            _harmless(notice.summary),
            _harmless(notice.body) if "body" in self._capabilities else "",
            actions if "actions" in self._capabilities else [],
            {"urgency": Variant("y", notice.urgency), "desktop-entry": Variant("s", "rumpus")},
            -1,
        )
        self._said[about] = int(reply[0])

    async def _ask(self, member: str, signature: str = "", *body: Any, service: str = _SERVICE) -> list[Any]:
        bus = await self._connected()
        path = _PATH if service == _SERVICE else "/org/freedesktop/DBus"
        reply = await bus.call(
            Message(
                destination=service,
                path=path,
                interface=service,
                member=member,
                signature=signature,
                body=list(body),
            )
        )
        if reply is None or reply.message_type is MessageType.ERROR:
            raise DBusError._from_message(reply) if reply is not None else EOFError()
        if service == _SERVICE:
            self._daemon = reply.sender
        return list(reply.body)

    async def _connected(self) -> MessageBus:
        if self._bus is None or not self._bus.connected:
            self._forget()
            self._bus = bus = await session_bus.connect()
            bus.add_message_handler(self._hear)
            for rule in (
                f"type='signal',interface='{_SERVICE}',path='{_PATH}'",
                f"type='signal',sender='{_BUS}',member='NameOwnerChanged',arg0='{_SERVICE}'",
            ):
                await self._ask("AddMatch", "s", rule, service=_BUS)
        return self._bus

    def _hear(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL or message.sender not in (self._daemon, _BUS):
            return
        match message.member, message.body:
            case "ActionInvoked", [int(number), str(key)]:
                about = self._about(number)
                if about is not None and about in self._acts:
                    self._acts[about](key)
            case "ActivationToken", [int(number), str(token)] if self._about(number) is not None:
                os.environ["XDG_ACTIVATION_TOKEN"] = token  # with which a window may come to the front
            case "NotificationClosed", [int(number), *_]:
                about = self._about(number)
                if about is not None:
                    del self._said[about]
            case "NameOwnerChanged", [str(name), *_] if name == _SERVICE:
                self._forget()

    def _about(self, number: int) -> str | None:
        return next((about for about, said in self._said.items() if said == number), None)

    def _forget(self) -> None:
        """Another daemon knows nothing of what was said, and can do other things."""
        self._said.clear()
        self._capabilities = None


def _harmless(text: str) -> str:
    plain = shown(text).translate(_NO_MARKUP)
    return _LINK.sub(lambda match: match[0][:-1] + "\N{NO-BREAK SPACE}" + match[0][-1], plain)
