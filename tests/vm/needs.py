"""What this machine must have for a guest to boot, named when it is missing."""

from __future__ import annotations

import os
import shutil


class Missing(Exception):
    """This machine lacks something, named as a person would look for it."""


def tool(name: str) -> str:
    """The path of a program. Raises Missing."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin:/lib/systemd")
    if found is None:
        raise Missing(f"{name} (packaging/packages-vm.txt lists what to install)")
    return found


def everything_required() -> bool:
    """Whether what is missing is a failure and not a reason to skip: so .ci/run wants it."""
    return os.environ.get("RUMPUS_REQUIRE_ALL", "") not in ("", "0")
