"""What scenarios wait for and look at in the guest."""

from __future__ import annotations

from collections.abc import Callable

from tests.vm.machine import Machine
from tests.vm.talk import Talk

Figure = Callable[[str, str], None]


def plugged(udev: Talk, kind: str = "disk") -> str:
    """The node of the next disk or partition that udev says is there."""
    event = udev.hear(lambda message: message.get("action") == "add" and message.get("DEVTYPE") == kind)
    return str(event["DEVNAME"])


def hashed(guest: Machine, folder: str) -> dict[str, str]:
    """What sha256sum in the guest says of every file below a folder."""
    lines = guest.sh(f"cd {folder} && find . -type f -exec sha256sum {{}} +").splitlines()
    return {line[66:].removeprefix("./"): line[:64] for line in lines}


def by_kernel(guest: Machine, system: str, node: str, options: str) -> dict[str, str]:
    """SHA-256 of each file on a stick, as the kernel's driver reads it.

    The partitions of a disk that was written are gone for a moment: udev has the table read again whenever
    a writer closes the disk, and it does so after that, where no `udevadm settle` waits for it.
    """
    guest.sh(f"modprobe -a {system} nls_cp437 nls_ascii nls_utf8; mkdir -p /tmp/kernel")
    mount = f"mount -t {system} -o {options} {node} /tmp/kernel"
    guest.sh(f"tries=0; until {mount}; do [ $((tries += 1)) -lt 100 ] || exit 1; sleep 0.1; done")
    try:
        return hashed(guest, "/tmp/kernel")
    finally:
        guest.sh("umount /tmp/kernel")


def let_go(guest: Machine, disk: str) -> None:
    """Waits until nobody has a disk open, and until udev has looked at what was written there.

    udev has the table read again when the last writer closes the disk, and its partitions are gone meanwhile.
    That may be a driver that ends a little later than the command that it worked for.
    """
    opened = f"find /proc/[0-9]*/fd -lname '{disk}*' 2>/dev/null | grep -q ."
    guest.sh(f"while {opened}; do sleep 0.05; done; udevadm settle; while {opened}; do sleep 0.05; done")


def written_to(guest: Machine, folder: str, least: int) -> None:
    """Waits until a file below a folder that has no name there yet has that many bytes."""
    open_there = f"find /proc/[0-9]*/fd -lname '{folder}/*' 2>/dev/null | xargs -r stat -Lc %s 2>/dev/null"
    enough = f"awk '$1 >= {least} {{ found = 1 }} END {{ exit !found }}'"
    guest.sh(f"until {open_there} | {enough}; do sleep 0.1; done")


def ready(application: Talk, disk: str) -> int:
    """Waits until the application has looked at a stick; its number there."""
    change = application.hear(
        lambda message: message.get("path") == disk and message.get("state") in ("READY", "FAILED")
    )
    assert change["state"] == "READY", change
    return int(change["stick"])


def removed(udev: Talk, node: str) -> float:
    """When udev said that a disk is gone, by the guest's clock."""
    event = udev.hear(lambda message: message.get("action") == "remove" and message.get("DEVNAME") == node)
    return float(event["time"])


def gone(application: Talk, number: int) -> None:
    """Waits until the application says that a stick is gone."""
    application.hear(lambda message: message.get("stick") == number and message["state"] == "GONE")
