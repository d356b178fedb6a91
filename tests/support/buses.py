"""A bus of the test's own, and a udisks2 on it that answers as it is told."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from tests.support.disks import tool

_POLICY = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:dir={folder}</listen>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
  </policy>
</busconfig>
"""


@contextmanager
def private_bus() -> Iterator[str]:
    """The address of a real dbus-daemon that any user may talk to. Skips where there is none."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        configuration = Path(folder, "bus.conf")
        configuration.write_text(_POLICY.format(folder=folder))
        daemon = subprocess.Popen(
            [tool("dbus-daemon"), "--nofork", "--print-address", f"--config-file={configuration}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        with daemon:
            assert daemon.stdout is not None
            try:
                yield daemon.stdout.readline().strip()
            finally:
                daemon.terminate()


Answer = Callable[[Message], Message]


class FakeUdisks:
    """Owns org.freedesktop.UDisks2 on a bus. `resolve`, `open` and `more`, by the names of methods, make its
    answers; None lets a call hang."""

    def __init__(self, resolve: Answer, open: Answer | None, **more: Answer | None) -> None:
        self.answers = {"ResolveDevice": resolve, "OpenDevice": open, **more}
        self.calls: list[Message] = []
        self.called = asyncio.Event()
        self.waiting: list[Message] = []
        self._bus: MessageBus | None = None

    async def __aenter__(self) -> FakeUdisks:
        self._bus = await MessageBus(
            bus_address=os.environ["DBUS_SYSTEM_BUS_ADDRESS"], negotiate_unix_fd=True
        ).connect()
        self._bus.add_message_handler(self._handle)
        await self._bus.request_name("org.freedesktop.UDisks2")
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._bus is not None
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()

    def _handle(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or message.member not in self.answers:
            return None
        answer = self.answers[message.member]
        self.calls.append(message)
        if answer is None:
            self.waiting.append(message)
            self.called.set()
            return Message(message_type=MessageType.METHOD_RETURN, reply_serial=1, destination=":1.99999")
        return answer(message)


def returns(signature: str, *body: Any, descriptors: tuple[int, ...] = ()) -> Answer:
    return lambda message: Message.new_method_return(message, signature, list(body), list(descriptors))


def fails(kind: str, text: str) -> Answer:
    return lambda message: Message.new_error(message, kind, text)


BLOCK = "/org/freedesktop/UDisks2/block_devices/loop"
DRIVE = "/org/freedesktop/UDisks2/drives/Stick"


def drive(
    off: Answer | None, *, eject: Answer | None = None, sibling: bool = False, **properties: Any
) -> FakeUdisks:
    """A udisks2 with one drive. `off` answers PowerOff; `sibling`: it is a reader with another slot."""
    said: dict[str, Variant] = {
        "Drive": Variant("o", DRIVE),
        "CanPowerOff": Variant("b", properties.get("can_power_off", True)),
        "Ejectable": Variant("b", True),
        "SiblingId": Variant("s", "reader"),
        "MediaCompatibility": Variant("as", properties.get("takes", ["thumb"])),
    }
    others = {}
    if sibling:
        others[f"{DRIVE}2"] = {"org.freedesktop.UDisks2.Drive": {"SiblingId": Variant("s", "reader")}}
    return FakeUdisks(
        returns("ao", [BLOCK]),
        None,
        Get=lambda message: Message.new_method_return(message, "v", [said[message.body[1]]]),
        GetManagedObjects=returns("a{oa{sa{sv}}}", others),
        PowerOff=off,
        Eject=eject,
    )
