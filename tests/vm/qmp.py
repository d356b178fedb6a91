"""The QEMU Machine Protocol: commands and events as JSON lines over a Unix socket."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Event = dict[str, Any]


class QmpError(Exception):
    """QEMU refused a command; the message is its own."""


class Qmp:
    """One connection, with its greeting done. `close` it."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._received = b""
        self._events: list[Event] = []
        self._next(10)
        self.execute("qmp_capabilities")

    def close(self) -> None:
        self._socket.close()

    def execute(self, command: str, seconds: float = 30, **arguments: Any) -> Any:
        """What the command returns. Underscores in names of arguments stand for hyphens. Raises QmpError."""
        named = {name.replace("_", "-"): value for name, value in arguments.items() if value is not None}
        self._socket.settimeout(seconds)
        self._socket.sendall(json.dumps({"execute": command, "arguments": named}).encode())
        deadline = time.monotonic() + seconds
        while True:
            message = self._next(deadline - time.monotonic())
            if "event" in message:
                self._events.append(message)
            elif "error" in message:
                raise QmpError(f"{command} {named}: {message['error']['desc']}")
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
