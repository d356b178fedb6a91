"""One command in a fresh guest, as root, and what it printed: `python -m tests.vm --plug IMAGE COMMAND...`"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.vm.machine import machine


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.vm", description=__doc__)
    parser.add_argument("--plug", metavar="IMAGE", type=Path, action="append", default=[])
    parser.add_argument("--user", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    with machine() as guest:
        events = guest.talk("events")
        events.hear(lambda message: "listening" in message)
        for image in arguments.plug:
            guest.usb.plug(image.resolve(), read_only=True)
            events.hear(lambda message: message.get("action") == "add" and message["DEVTYPE"] == "disk")
        job = guest.run(*arguments.command, user=arguments.user, seconds=arguments.seconds)
    sys.stdout.buffer.write(job.output)
    sys.stderr.buffer.write(job.errors)
    return job.status or 0


if __name__ == "__main__":
    sys.exit(main())
