"""What this machine must have for a guest to boot, named when it is missing."""

from __future__ import annotations

import shutil


class Missing(Exception):
    """This machine lacks something, named as a person would look for it."""


def tool(name: str) -> str:
    """The path of a program. Raises Missing."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin:/lib/systemd")
    if found is None:
        raise Missing(f"{name} (packaging/packages-vm.txt lists what to install)")
    return found
