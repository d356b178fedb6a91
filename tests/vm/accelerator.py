"""KVM where a guest really boots with it, software emulation everywhere else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.vm.needs import tool

_EMULATED = ("-accel", "tcg,thread=multi", "-cpu", "Nehalem")
"""A processor without AVX, which is slow to emulate; what PySide6 needs it has."""
_KVM = ("-accel", "kvm", "-cpu", "host")
_PROBE_SECONDS = 10


def fastest(kernel: Path, initramfs: Path) -> tuple[str, ...]:
    """QEMU's options for it. KVM is tried first: in a virtual machine it may let every guest hang."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return _EMULATED
    probe = [
        *(tool("qemu-system-x86_64"), "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"),
        *("-machine", "q35", "-m", "512", *_KVM),
        # Without anything to take as its root the guest panics, and that ends QEMU: it has booted.
        *("-kernel", str(kernel), "-initrd", str(initramfs), "-append", "quiet panic=-1"),
    ]
    try:
        done = subprocess.run(
            probe, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PROBE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return _EMULATED
    return _KVM if done.returncode == 0 else _EMULATED
