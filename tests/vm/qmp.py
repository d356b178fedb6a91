"""The QEMU Machine Protocol: commands and events as JSON lines over a Unix socket."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from typing import Any

Event = dict[str, Any]


class QmpError(Exception):
    """QEMU refused a command; the message is its own."""


class Qmp:
    """Over a connection that its caller closes."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._received = b""
        self._events: list[Event] = []
        self._next(10)
        self.execute("qmp_capabilities")

    def execute(self, command: str, arguments: dict[str, Any] | None = None, seconds: float = 30) -> Any:
        """What the command returns. Raises QmpError, TimeoutError."""
        self._socket.settimeout(seconds)
        self._socket.sendall(json.dumps({"execute": command, "arguments": arguments or {}}).encode())
        deadline = time.monotonic() + seconds
        while True:
            message = self._next(deadline - time.monotonic())
            if "event" in message:
                self._events.append(message)
            elif "error" in message:
                raise QmpError(f"{command} {arguments}: {message['error']['desc']}")
            else:
                return message["return"]

    def event(self, name: str, fits: Callable[[Any], bool], seconds: float = 30) -> Event:
        """The next event of that name whose data fit; it is given out once. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while True:
            for event in self._events:
                if event["event"] == name and fits(event.get("data", {})):
                    self._events.remove(event)
                    return event
            message = self._next(deadline - time.monotonic())
            if "event" in message:
                self._events.append(message)

    def _next(self, seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while b"\n" not in self._received:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("QEMU said nothing")
            self._socket.settimeout(left)
            more = self._socket.recv(65536)
            if not more:
                raise ConnectionError("QEMU hung up")
            self._received += more
        line, _, self._received = self._received.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message
