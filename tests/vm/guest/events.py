"""Runs in the guest: says what udev says of block devices, each with the guest's monotonic clock."""

from __future__ import annotations

import json
import time

import pyudev


def main() -> None:
    monitor = pyudev.Monitor.from_netlink(pyudev.Context())
    monitor.filter_by("block")
    monitor.start()
    print(json.dumps({"listening": True}))
    while True:
        event = monitor.poll()
        print(json.dumps({"action": event.action, "time": time.monotonic(), **dict(event.properties)}))


if __name__ == "__main__":
    main()
