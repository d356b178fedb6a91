"""Whose sticks they are: what the packaged udev rule gives to the person who sits at the computer."""

from __future__ import annotations

import json
from pathlib import Path

from tests.vm.hardware import Usb
from tests.vm.images import stick
from tests.vm.machine import SYSTEM_DISK, USER, Machine
from tests.vm.senses import plugged
from tests.vm.talk import Talk

_ACL = """
import errno, json, os, struct, sys
try:
    raw = os.getxattr(sys.argv[1], "system.posix_acl_access")
except OSError as error:
    assert error.errno == errno.ENODATA
    raw = b""
print(json.dumps({user: mode for kind, mode, user in struct.iter_unpack("<HHI", raw[4:]) if kind == 2}))
"""
"""The entries of the ACL that name a user (ACL_USER is 2), with their bits as in a mode."""


def users_of(guest: Machine, node: str) -> dict[int, int]:
    """Users whom an ACL gives something, with 4 for reading and 2 for writing."""
    job = guest.run("python", "-c", _ACL, node)
    assert job.status == 0, job.complaint
    return {int(user): mode for user, mode in json.loads(job.text).items()}


def test_the_rule_gives_a_stick_and_each_partition_to_the_person_at_the_computer_alone(
    guest: Machine, usb: Usb, udev: Talk, tmp_path: Path
) -> None:
    usb.plug(stick(tmp_path, {"one.txt": b"1"}, "ONE", size=16 << 20))
    disk, partition = plugged(udev), plugged(udev, "partition")
    for node in (disk, partition):
        guest.sh("udevadm settle")
        assert users_of(guest, node) == {USER: 6}, node
        assert guest.sh(f"stat -c '%U %G' {node}").split() == ["root", "disk"], "and to nobody besides"
        listed = guest.rumpus("ls", node)
        assert (listed.status, listed.text) == (0, "one.txt\n"), listed.complaint
        assert guest.rumpus("ls", node, user=USER + 1).status == 3


def test_the_rule_gives_nobody_the_disk_of_the_system(guest: Machine) -> None:
    guest.sh(f"udevadm settle; test -b {SYSTEM_DISK}")
    assert users_of(guest, SYSTEM_DISK) == {}
    refused = guest.rumpus("ls", SYSTEM_DISK)
    assert refused.status == 3
    assert "does not let you read it" in refused.complaint
    assert SYSTEM_DISK not in guest.rumpus("devices").text
